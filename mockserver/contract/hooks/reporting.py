"""The test of a receiver as a report, in which the secret stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from mockserver.contract.hooks.permuting import Permuted
from mockserver.contract.hooks.reaching import Answer
from mockserver.contract.hooks.run import Result
from mockserver.contract.hooks.sent import Sent
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Provenance, Report, Said
from mockserver.core.interaction import Interaction, Request
from mockserver.core.letter import Letter
from mockserver.core.redaction import fingerprint
from mockserver.core.signature import SIGNATURE
from mockserver.library.addressed import addressed


ORDERS: Final = "orders"
MOST_BYTES: Final = 16_384
"""How much of a body is shown."""


def report_of(
    results: Sequence[Result],
    permuted: Permuted | None,
    *,
    url: str,
    secret: str,
    provenance: Provenance,
    seed: int,
    file: str = "",
) -> Report:
    """What the receiver at `url` made of the cases, and of the orders if any were tried."""
    orders = (_orders(permuted),) if permuted else ()
    report = Report(
        kind="hooks test",
        target=url,
        profile="",
        provenance=provenance,
        cases=(*(_case(one, url) for one in results), *orders),
        seed=seed,
        notes=tuple(_notes(results)),
        file=file,
    )
    return redacted(report, (secret,))


def _case(result: Result, url: str) -> Case:
    return Case(
        name=result.case.name,
        title=result.case.title,
        outcome=result.outcome,
        reason="" if result.sent else result.reason,
        findings=result.findings,
        said=tuple(
            _said(one, one.letter, one.answer, url)
            for one in result.sent
            if one.letter and one.answer
        ),
    )


def _orders(permuted: Permuted) -> Case:
    return Case(
        name=ORDERS,
        title=f"a job is told in {permuted.tried} of {permuted.total} orders",
        outcome=Outcome.FOUND if permuted.finding else Outcome.PASSED,
        findings=(permuted.finding,) if permuted.finding else (),
    )


def _notes(results: Sequence[Result]) -> Iterator[str]:
    """What was not looked at in cases that were tried, each time with all of them."""
    told: dict[str, list[str]] = {}
    for one in results:
        if one.reason and one.sent:
            told.setdefault(one.reason, []).append(one.case.name)
    yield from (f"{', '.join(names)}: {reason}" for reason, names in told.items())


def _said(sent: Sent, letter: Letter, answer: Answer, url: str) -> Said:
    asked = _request(letter, url)
    return Said(
        meant=f"{sent.send.event} {sent.send.fault or ''}".rstrip(),
        interaction=Interaction(asked, answer.status or 0, (), b"", sent.at_s * 1000),
        took_ms=answer.took_ms,
        error=answer.why,
    )


def _shown(name: str, value: str) -> str:
    """What is shown of a header: a signature is hidden here already.

    Hidden with the secrets, it would be hidden in the lines that repeat it as well.
    """
    return fingerprint(value) if name == SIGNATURE and value else value


def _request(letter: Letter, url: str) -> Request:
    headers = ((name, _shown(name.lower(), value)) for name, value in letter.headers)
    sent = addressed(letter.method, url, headers, letter.body[:MOST_BYTES])
    return replace(sent, path=letter.path, query="") if letter.path else sent
