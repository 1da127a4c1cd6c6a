"""What holds for every form: it tells everything, and nothing that was said acts in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.finding import Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.formats import FORMATS
from mockserver.contract.report.report import Case, Report


Format = Callable[[Report], str]

ALL: Final = pytest.mark.parametrize("told", FORMATS.values(), ids=list(FORMATS))
ANY: Final = Rule("L103", "What has ended stays as it ended", "the docs")


@ALL
def test_the_same_report_is_written_the_same_way(told: Format, report: Report) -> None:
    """Byte for byte: reports are compared, and kept in version control."""
    assert told(report) == told(report)


@ALL
def test_every_form_can_be_encoded(told: Format, report: Report) -> None:
    """Half of a surrogate pair, which a gateway can send in JSON, is in none of them."""
    told(report).encode()


@ALL
def test_every_form_ends_with_one_line_break(told: Format, report: Report) -> None:
    """So that what is printed behind it begins a line."""
    text = told(report)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@ALL
def test_an_exam_of_nothing_can_be_told(told: Format, nothing: Report) -> None:
    """No case, no finding, no command."""
    assert told(nothing)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"har"}))
def test_every_finding_is_told(form: str, report: Report) -> None:
    """By its code, in each form that is about findings."""
    text = FORMATS[form](report)
    assert [one for one in ("L103", "S107", "D211") if one not in text] == []


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"ndjson", "har", "sarif"}))
def test_nothing_that_was_said_commands_a_terminal(form: str, report: Report) -> None:
    """What programs read escapes it in its own way."""
    text = FORMATS[form](report)
    assert [char for char in ("\x1b", "\x00", "\u202e", "\x9b") if char in text] == []


@given(seen=st.text(st.characters(), max_size=40), at=st.text(st.characters(), max_size=20))
def test_whatever_was_seen_can_be_told_in_every_form(nothing: Report, seen: str, at: str) -> None:
    """Any text, also half of a surrogate pair, in any place."""
    finding = ANY.found(at, expected={"a": [seen]}, seen=seen)
    case = Case("lifecycle", seen, Outcome.FOUND, reason=seen, findings=(finding,))
    report = replace(nothing, cases=(case,), notes=(seen,), target=seen)
    for told in FORMATS.values():
        told(report).encode()
