"""A report for a person at a terminal: a table of the cases, and each finding in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Report, Told
from mockserver.contract.report.words import excuse, heading, in_cases, one_line, summary, told
from mockserver.core.columns import columns


MOST_FINDINGS: Final = 20
_RESET: Final = "\x1b[0m"
_COLOURS: Final = {
    Outcome.PASSED: "\x1b[32m",
    Outcome.FOUND: "\x1b[31m",
    Outcome.UNSUPPORTED: "\x1b[2m",
    Outcome.SKIPPED: "\x1b[33m",
}
_BOLD: Final = "\x1b[1m"


def terminal(report: Report, *, colour: bool = False, most: int = MOST_FINDINGS) -> str:
    """The report as text, in colours only if asked for; at most so many findings in full."""
    parts = [*_head(report), *_table(report.cases, colour=colour)]
    findings = report.findings
    for one in findings[:most]:
        parts += ["", *_finding(one, colour=colour)]
    if len(findings) > most:
        parts += ["", f"and {len(findings) - most} more"]
    parts += _rest(report)
    return "\n".join((*parts, "", summary(report))) + "\n"


def _head(report: Report) -> Iterator[str]:
    held = f", as {report.profile}" if report.profile else ""
    yield one_line(f"{report.command_name} {report.target}{held}")
    yield ""


def _table(cases: Sequence[Case], *, colour: bool) -> Iterator[str]:
    rows = [(one.name, str(one.outcome), _count(one), one_line(one.reason)) for one in cases]
    head, *lines = columns(("CASE", "OUTCOME", "FOUND", "WHY"), rows)
    yield head
    for case, line in zip(cases, lines, strict=True):
        yield f"{_COLOURS[case.outcome]}{line}{_RESET}" if colour else line


def _count(case: Case) -> str:
    return str(len(case.findings)) if case.outcome.tested else ""


def _finding(one: Told, *, colour: bool) -> Iterator[str]:
    title = heading(one.finding)
    yield f"{_BOLD}{title}{_RESET}" if colour else title
    for name, text in (*told(one.finding), ("cases", one_line(in_cases(one)))):
        first, *others = text.split("\n")
        yield f"  {name:<10} {first}"
        # Never at the beginning of a line, where a build server would take it for a command.
        yield from (f"  {'':<10} | {line}" for line in others)


def _rest(report: Report) -> Iterator[str]:
    if report.excused:
        yield ""
        yield from (f"excused: {excuse(one)}" for one in report.excused)
    if report.notes:
        yield ""
        yield from (f"note: {one_line(note)}" for note in report.notes)
    for table in report.tables:
        yield ""
        rows = [tuple(map(one_line, row)) for row in table.rows]
        yield from columns(tuple(head.upper() for head in table.heads), rows)
    if report.created:
        yield ""
        yield f"predictions made: {len(report.created)}, about {report.usd} USD"
    if report.provenance.command:
        yield f"again: {one_line(report.provenance.command)}"
