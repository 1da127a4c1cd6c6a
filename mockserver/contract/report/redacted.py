"""A report that may be shown to anybody: every form is made of one of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockserver.contract.evidence import Exchange, Hook
from mockserver.contract.finding import Finding
from mockserver.contract.report.report import Case, Excused, Report
from mockserver.core.interaction import Interaction
from mockserver.core.mask import Mask, mask_of


def redacted(report: Report, secrets: Iterable[str] = ()) -> Report:
    """The report without `secrets`, and without what stands where secrets stand."""
    mask = mask_of(_said(report), secrets)
    return replace(
        report,
        target=mask.text(report.target),
        command=mask.text(report.command),
        created=tuple(mask.text(one) for one in report.created),
        notes=tuple(mask.text(one) for one in report.notes),
        cases=tuple(_case(one, mask) for one in report.cases),
    )


def _said(report: Report) -> list[Interaction]:
    exchanges = [one for case in report.cases for one in case.exchanges]
    hooks = [hook for case in report.cases for hook in case.hooks]
    posted = [Interaction(one.request, 0, (), b"", one.at_ms) for one in hooks]
    said = [each for one in exchanges for each in (one.raw, one.interaction, *one.behind)]
    return [*said, *posted]


def _case(case: Case, mask: Mask) -> Case:
    return replace(
        case,
        reason=mask.text(case.reason),
        findings=tuple(_finding(one, mask) for one in case.findings),
        excused=tuple(
            Excused(_finding(one.finding, mask), one.by, mask.text(one.why))
            for one in case.excused
        ),
        exchanges=tuple(_exchange(one, mask) for one in case.exchanges),
        hooks=tuple(Hook(mask.request(one.request), one.at_ms) for one in case.hooks),
    )


def _finding(one: Finding, mask: Mask) -> Finding:
    # What stands at a member with the name of a secret is one, even if nobody ever saw it before.
    name = one.at.rpartition("/")[2]
    expected, seen = (mask.value({name: value}) for value in (one.expected, one.seen))
    return replace(
        one,
        at=mask.text(one.at),
        expected=_only(expected),
        seen=_only(seen),
        prediction_id=mask.text(one.prediction_id),
        curl=mask.text(one.curl),
    )


def _only(value: object) -> object:
    return next(iter(value.values())) if isinstance(value, dict) else value


def _exchange(one: Exchange, mask: Mask) -> Exchange:
    given = mask.value(one.given)
    raw = mask.interaction(one.raw)
    return replace(
        one,
        interaction=raw if one.interaction is one.raw else mask.interaction(one.interaction),
        raw=raw,
        error=mask.text(one.error),
        given=given if isinstance(given, dict) else {},
        behind=tuple(mask.interaction(each) for each in one.behind),
    )
