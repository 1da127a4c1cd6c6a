"""What the test of a receiver came to, on stdout: for a person, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import document, table
from mockserver.cli.results import case_members


if TYPE_CHECKING:
    from mockserver.contract.report.report import Case, Report

_HEAD: Final = ("CASE", "RESULT", "ANSWERED", "MS", "WHAT CAME")


def shown(report: Report, *, as_json: bool) -> None:
    """Print the report on stdout, as a table or as one JSON document."""
    if as_json:
        cases = [
            {**case_members(one), "title": one.title, "sent": _sent(one)} for one in report.cases
        ]
        document({"cases": cases, "notes": report.notes})
    else:
        click.echo("\n".join(_lines(report)))


def _lines(report: Report) -> Iterator[str]:
    from mockserver.contract.hooks.judging import in_full

    yield from table(_HEAD, [_row(one) for one in report.cases])
    for case in report.cases:
        yield from (f"\n{case.name}: {in_full(one)}" for one in case.findings)
        for one in case.excused:
            yield f"\n{case.name}: {one.finding.code} is accepted by {one.by}: {one.why}"
    for reason, names in _untried(report).items():
        yield f"\n{', '.join(names)}: {reason}"
    yield from (f"\n{note}" for note in report.notes)
    found = sum(len(one.findings) for one in report.cases)
    tried = sum(one.outcome.tested for one in report.cases)
    yield f"\n{found} found in {tried} of {len(report.cases)} cases"


def _untried(report: Report) -> dict[str, list[str]]:
    """Why something was not tried, with the cases of which it is true."""
    told: dict[str, list[str]] = {}
    for one in report.cases:
        if one.reason:
            told.setdefault(one.reason, []).append(one.name)
    return told


def _row(case: Case) -> tuple[str, ...]:
    statuses = " ".join(str(one.status or "-") for one in case.said)
    slowest = str(max((one.took_ms for one in case.said), default=""))
    codes = " ".join(dict.fromkeys(one.code for one in case.findings))
    return case.name, f"{case.outcome} {codes}".rstrip(), statuses, slowest, case.title


def _sent(case: Case) -> list[dict[str, object]]:
    return [
        {"what": one.meant, "status": one.status or None, "why": one.error, "ms": one.took_ms}
        for one in case.said
    ]
