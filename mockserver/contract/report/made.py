"""A report is made of the results of an exam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from mockserver.contract.capabilities import capabilities
from mockserver.contract.evidence import Hook
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Excused, Report, Verdict
from mockserver.contract.run import Result, whole


BY_PROFILE: Final = "the profile"


def report_of(
    results: Sequence[Result],
    *,
    target: str,
    started_ms: int,
    ended_ms: int,
    version: str,
    schema_hash: str,
    command: str,
    secrets: Sequence[str] = (),
    seed: int | None = None,
    clock: str = "real",
    created: Sequence[str] = (),
    usd: Decimal = Decimal(0),
) -> Report:
    """The report of an exam, of which there is at least one result; without any secret."""
    report = Report(
        target=target,
        profile=results[-1].evidence.profile.name,
        started_ms=started_ms,
        ended_ms=ended_ms,
        version=version,
        schema_hash=schema_hash,
        command=command,
        cases=tuple(_cases(results)),
        seed=seed,
        clock=clock,
        created=tuple(created),
        usd=usd,
        capabilities=tuple(capabilities(whole(results))),
    )
    return redacted(report, (*secrets, *_secrets(results)))


def _cases(results: Sequence[Result]) -> Iterator[Case]:
    # Each result has all the webhooks that had arrived until then.
    before: set[Hook] = set()
    for one in results:
        hooks = tuple(hook for hook in one.evidence.hooks if hook not in before)
        before.update(hooks)
        yield Case(
            name=one.case.name,
            title=one.case.title,
            verdict=Verdict(one.outcome.value),
            reason=one.reason,
            findings=one.findings,
            excused=tuple(Excused(finding, BY_PROFILE, why) for why, finding in one.declared),
            exchanges=one.evidence.exchanges,
            hooks=hooks,
        )


def _secrets(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        yield one.evidence.hook_secret
        yield from one.evidence.canaries.values()
