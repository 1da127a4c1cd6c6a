"""A report is made of what the cases of an audit came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from mockserver.contract.consumer.conduct import Call
from mockserver.contract.consumer.result import TESTED, Kept, Result, matrix
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Provenance, Report, Said, Table
from mockserver.library.faults.promises import PROMISES


_CELLS: Final[Mapping[Kept, str]] = {
    Kept.KEPT: "✓",
    Kept.BROKEN: "✗",
    Kept.UNMET: "·",
    Kept.UNTESTED: "",
}
"""A case's word on a promise; a dot: it would have been tested, but its fault never struck."""


def report_of(
    results: Sequence[Result],
    *,
    target: str,
    gateway: str,
    provenance: Provenance,
    seed: int,
    clock: str,
    notes: Iterable[str] = (),
    secrets: Sequence[str] = (),
) -> Report:
    """The report of an audit; without any secret."""
    conducts = [result.conduct for result in results if result.conduct is not None]
    report = Report(
        kind="audit",
        target=target,
        profile=gateway,
        provenance=provenance,
        cases=tuple(map(_case, results)),
        seed=seed,
        clock=clock,
        created=tuple(job.prediction_id for one in conducts for job in one.jobs),
        usd=sum((one.usd for one in conducts), Decimal(0)),
        tables=(promises(results), _matrix(results)),
        notes=tuple(notes),
    )
    return redacted(report, secrets)


def promises(results: Sequence[Result]) -> Table:
    """Each promise, and what all cases together say of it."""
    said = matrix(results)
    rows = tuple((name, PROMISES[name], *_verdict(said[name])) for name in TESTED)
    return Table("Promises", ("promise", "a good client", "verdict", "broken in"), rows)


def _verdict(by_case: Mapping[str, Kept]) -> tuple[str, str]:
    broken = [name for name, kept in by_case.items() if kept is Kept.BROKEN]
    if broken:
        return str(Kept.BROKEN), ", ".join(broken)
    return str(Kept.KEPT if Kept.KEPT in by_case.values() else Kept.UNMET), ""


def _matrix(results: Sequence[Result]) -> Table:
    rows = tuple(tuple(_row(result)) for result in results)
    return Table("Promises and cases", ("case", *TESTED), rows)


def _row(result: Result) -> Iterator[str]:
    yield result.case.name
    yield from (_CELLS[result.says(promise)] for promise in TESTED)


def _case(result: Result) -> Case:
    conduct = result.conduct
    return Case(
        name=result.case.name,
        title=result.case.title,
        outcome=_outcome(result),
        reason=_reason(result),
        findings=result.findings,
        said=tuple(_said(call) for call in conduct.calls) if conduct else (),
    )


def _outcome(result: Result) -> Outcome:
    if result.conduct is None:
        return Outcome.UNSUPPORTED
    if result.findings:
        return Outcome.FOUND
    return Outcome.PASSED if result.tested else Outcome.SKIPPED


def _reason(result: Result) -> str:
    """Why nothing was tested; else how the client ended."""
    if result.conduct is None or result.tested:
        return result.reason or str(result.conduct.end if result.conduct else "")
    end = result.conduct.end
    said = end.said.strip().splitlines()[-1:]
    return f"it asked for nothing; {'; '.join((str(end), *said))}"


def _said(call: Call) -> Said:
    struck = f", struck by {', '.join(call.kinds)}" if call.kinds else ""
    lost = "no whole answer arrived" if call.told.lost else ""
    return Said(f"{call.operation} at {call.at_ms} ms{struck}", call.interaction, error=lost)
