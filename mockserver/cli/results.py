"""What an exam came to, on stdout: for a person, and for programs."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from mockserver.cli.output import document
from mockserver.cli.reports import in_terminal


if TYPE_CHECKING:
    from mockserver.contract.finding import Finding
    from mockserver.contract.report.report import Case, Report


def shown(report: Report, *, capabilities: bool, as_json: bool) -> None:
    """Print the report on stdout, as text or as one JSON document."""
    if not capabilities:
        report = replace(report, tables=())
    if not as_json:
        in_terminal(report)
        return
    able = {row[0]: row[1:] for table in report.tables for row in table.rows}
    document({"cases": [case_members(one) for one in report.cases], "capabilities": able})


def case_members(case: Case) -> dict[str, object]:
    """A case as JSON tells it."""
    from mockserver.contract.report.made import BY_PROFILE

    by_profile = [one for one in case.excused if one.by == BY_PROFILE]
    accepted = [one for one in case.excused if one.by != BY_PROFILE]
    return {
        "name": case.name,
        "outcome": case.outcome,
        "reason": case.reason,
        "findings": [for_programs(one) for one in case.findings],
        "declared": [{"quirk": one.why, **for_programs(one.finding)} for one in by_profile],
        "accepted": [{"reason": one.why, **for_programs(one.finding)} for one in accepted],
    }


def for_programs(one: Finding) -> dict[str, object]:
    """A finding for programs: every value as text."""
    told = asdict(one)
    return {name: value if isinstance(value, str) else repr(value) for name, value in told.items()}
