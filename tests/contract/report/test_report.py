"""A report as a value: what it counts, and how it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Report
from mockserver.library.errors import UnknownName


def test_a_finding_is_told_once_with_all_its_cases(report: Report) -> None:
    """By its code and place; each case is named, in the order of the cases."""
    told = {one.finding.code: one.cases for one in report.findings}
    assert told == {
        "L103": ("lifecycle", "cancel"),
        "S107": ("lifecycle",),
        "D211": ("documents",),
    }


def test_what_is_excused_is_no_finding(report: Report) -> None:
    """It is told apart, with who excuses it and why."""
    (one,) = report.excused
    assert (one.finding.code, one.by, one.why) == ("D211", "the profile", "quirk-a")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 2),
        ([Outcome.SKIPPED, Outcome.UNSUPPORTED], 2),
        ([Outcome.SKIPPED, Outcome.PASSED], 0),
    ],
)
def test_nothing_tested_is_not_success(
    nothing: Report, outcomes: list[Outcome], code: int
) -> None:
    """Exit code 2; one case that passed makes it 0."""
    cases = tuple(Case(str(one), "it is", one) for one in outcomes)
    assert replace(nothing, cases=cases).exit_code == code


def test_findings_end_with_1(report: Report) -> None:
    """Whatever else passed."""
    assert report.exit_code == 1


def test_the_outcomes_are_counted(report: Report) -> None:
    """Those that no case has are left out."""
    assert report.counts() == {
        Outcome.PASSED: 1,
        Outcome.FOUND: 3,
        Outcome.UNSUPPORTED: 2,
        Outcome.SKIPPED: 1,
    }


def test_a_report_is_called_by_its_command_and_its_profile(report: Report) -> None:
    """Or by its target, where nothing was held against a profile."""
    assert report.title == "mockserver check: winfull"
    assert replace(report, kind="audit", profile="").title == (
        "mockserver audit: https://gateway.example/v1"
    )


def test_a_form_that_there_is_not_is_told_with_the_nearest() -> None:
    """And with all that there are."""
    from mockserver.contract.report.formats import format_called

    with pytest.raises(UnknownName, match="Did you mean 'sarif'"):
        format_called("sarf")
