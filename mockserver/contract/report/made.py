"""A report is made of the results of an exam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from mockserver.contract.budget import price
from mockserver.contract.capabilities import capabilities
from mockserver.contract.evidence import CANCELS, Exchange
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Excused, Provenance, Report, Said, Table
from mockserver.contract.run import Result, whole


BY_PROFILE: Final = "the profile"


def report_of(
    results: Sequence[Result],
    *,
    kind: str,
    target: str,
    provenance: Provenance,
    secrets: Sequence[str] = (),
    seed: int | None = None,
    clock: str = "real",
    file: str = "",
) -> Report:
    """The report of an exam, of which there is at least one result; without any secret."""
    made = dict(_made(results))
    report = Report(
        kind=kind,
        target=target,
        profile=results[-1].evidence.profile.name,
        provenance=provenance,
        cases=tuple(_cases(results)),
        seed=seed,
        clock=clock,
        created=tuple(made),
        usd=sum(made.values(), Decimal(0)),
        tables=(_able(results),),
        file=file,
    )
    return redacted(report, (*secrets, *_secrets(results)))


def _cases(results: Sequence[Result]) -> Iterator[Case]:
    # Each result has all the webhooks that had arrived until then.
    before = 0
    for one in results:
        hooks = one.evidence.hooks
        yield Case(
            name=one.case.name,
            title=one.case.title,
            outcome=one.outcome,
            reason=one.reason,
            findings=one.findings,
            excused=tuple(Excused(finding, BY_PROFILE, why) for why, finding in one.declared),
            said=tuple(_said(exchange) for exchange in one.evidence.exchanges),
            hooks=hooks[before:],
        )
        before = max(before, len(hooks))


def _said(one: Exchange) -> Said:
    return Said(
        meant=one.intent,
        interaction=one.raw,
        took_ms=one.took_ms,
        error=one.error,
        read=None if one.interaction is one.raw else one.interaction,
        behind=one.behind,
    )


def _made(results: Sequence[Result]) -> Iterator[tuple[str, Decimal]]:
    """Every prediction that was created, and its price."""
    for result in results:
        for one in result.evidence.exchanges:
            creates = one.request.method == "POST" and one.intent not in CANCELS
            if creates and one.prediction_id and one.went_well:
                yield one.prediction_id, price(result.evidence.model, one.given)


def _able(results: Sequence[Result]) -> Table:
    rows = capabilities(whole(results))
    return Table(
        "What it can do",
        ("feature", "profile says", "seen"),
        tuple((row.feature, str(row.says), row.seen) for row in rows),
    )


def _secrets(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        yield one.evidence.hook_secret
        yield from one.evidence.canaries.values()
