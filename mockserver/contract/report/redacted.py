"""A report that may be shown to anybody: every form is made of one of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockserver.contract.evidence import Hook
from mockserver.contract.finding import Finding
from mockserver.contract.report.report import Case, Excused, Report, Said, Table
from mockserver.core.interaction import Interaction
from mockserver.core.mask import Mask, mask_of


def redacted(report: Report, secrets: Iterable[str] = ()) -> Report:
    """The report without `secrets`, and without what stands where secrets stand."""
    mask = mask_of(_said(report), secrets)
    return replace(
        report,
        target=mask.text(report.target),
        provenance=replace(report.provenance, command=mask.text(report.provenance.command)),
        created=tuple(mask.text(one) for one in report.created),
        notes=tuple(mask.text(one) for one in report.notes),
        tables=tuple(_table(one, mask) for one in report.tables),
        cases=tuple(_case(one, mask) for one in report.cases),
    )


def _said(report: Report) -> list[Interaction]:
    every = [one for case in report.cases for one in case.said]
    hooks = [hook for case in report.cases for hook in case.hooks]
    posted = [Interaction(one.request, 0, (), b"", one.at_ms) for one in hooks]
    return [*posted, *(each for one in every for each in (one.interaction, *one.behind))]


def _case(case: Case, mask: Mask) -> Case:
    return replace(
        case,
        reason=mask.text(case.reason),
        findings=tuple(hidden_in(one, mask) for one in case.findings),
        excused=tuple(
            Excused(hidden_in(one.finding, mask), one.by, mask.text(one.why))
            for one in case.excused
        ),
        said=tuple(_one(one, mask) for one in case.said),
        hooks=tuple(Hook(mask.request(one.request), one.at_ms) for one in case.hooks),
    )


def _table(table: Table, mask: Mask) -> Table:
    return replace(table, rows=tuple(tuple(map(mask.text, row)) for row in table.rows))


def hidden_in(one: Finding, mask: Mask) -> Finding:
    """The finding without secrets."""
    return replace(
        one,
        at=mask.text(one.at),
        expected=mask.value(one.expected),
        # What stands at a member with the name of a secret is one, even if nobody saw it before.
        seen=mask.member(one.at.rpartition("/")[2], one.seen),
        prediction_id=mask.text(one.prediction_id),
        curl=mask.text(one.curl),
    )


def _one(one: Said, mask: Mask) -> Said:
    return replace(
        one,
        interaction=mask.interaction(one.interaction),
        error=mask.text(one.error),
        read=mask.interaction(one.read) if one.read else None,
        behind=tuple(mask.interaction(each) for each in one.behind),
    )
