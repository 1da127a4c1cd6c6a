"""A baseline accepts what it names, until it expires, and tells what is wrong with itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.baseline import (
    Entry,
    accepting,
    additions,
    applied,
    day_of,
    load,
    text_of,
)
from mockserver.contract.finding import Finding, Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Provenance, Report
from mockserver.library.errors import LibraryError


RULE = Rule("L103", "What has ended stays as it ended", "the docs")
TODAY = date(2026, 1, 1)
places = st.text(st.characters(codec="utf-8"), max_size=20)


def found(at: str = "/status", code: str = "L103") -> Finding:
    """A finding at that place."""
    return Rule(code, "It ends", "the docs").found(at, expected=1, seen=2)


def report_of(*cases: Case) -> Report:
    """A report that ended today."""
    return Report(
        kind="check",
        target="a",
        profile="winfull",
        provenance=Provenance(
            started_ms=0,
            ended_ms=1_767_225_600_000,
            version="1",
            schema_hash="",
            command="",
        ),
        cases=cases,
    )


@given(st.lists(places, min_size=1, max_size=5), st.text(st.characters(codec="utf-8")))
def test_what_was_accepted_is_accepted_again_and_nothing_else(at: list[str], reason: str) -> None:
    """Whatever is in the places and the reason: written, read again, and applied."""
    findings = [found(one) for one in at]
    entries = additions(findings, reason=f"known {reason}", expires=None)
    seen = applied(entries, findings, TODAY)
    assert (seen.findings, seen.unmatched, seen.expired) == ((), (), ())
    other = [found(f"{one}x") for one in at if f"{one}x" not in at]
    assert applied(entries, other, TODAY).findings == tuple(other)


@given(st.lists(places, min_size=1, max_size=5), st.dates() | st.none())
def test_a_baseline_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, at: list[str], expires: date | None
) -> None:
    """Every place and date survives TOML."""
    entries = additions([found(one) for one in at], reason='a "reason"\\', expires=expires)
    file = tmp_path_factory.getbasetemp() / "baseline.toml"
    file.write_text(text_of(entries), encoding="utf-8")
    assert load(file) == entries


def test_what_is_added_stands_behind_what_was_there(tmp_path: Path) -> None:
    """Comments and all: a person wrote that."""
    before = "# Ours.\n[[accepted]]\ncode = 'L101'\nreason = 'known' # to all\n"
    text = text_of(additions([found()], reason="known", expires=None), before)
    assert text.startswith(before)
    file = tmp_path / "baseline.toml"
    file.write_text(text)
    assert [one.code for one in load(file)] == ["L101", "L103"]


def test_a_place_may_be_a_pattern() -> None:
    """`*` is any text; without a place an entry is about them all."""
    entries = (Entry("L103", "/output/*/url", "known"), Entry("S101", "*", "known"))
    findings = (found("/output/3/url"), found("/output"), found("/a", "S101"))
    assert applied(entries, findings, TODAY).findings == (found("/output"),)


@pytest.mark.parametrize(
    ("expires", "holds"),
    [(None, True), (date(2026, 1, 1), True), (date(2025, 12, 31), False)],
)
def test_an_entry_holds_through_the_day_on_which_it_expires(
    expires: date | None, *, holds: bool
) -> None:
    """Then it accepts nothing any more, and that is told."""
    entry = Entry("L103", "*", "known", expires)
    seen = applied([entry], [found()], TODAY)
    assert bool(seen.accepted) is holds
    assert seen.expired == (() if holds else (entry,))


def test_an_entry_that_nothing_fits_is_told() -> None:
    """Not so one behind another that fits as well."""
    entries = (Entry("L103", "*", "one"), Entry("L103", "/status", "two"), Entry("S101", "*", "x"))
    assert applied(entries, [found()], TODAY).unmatched == (entries[2],)


def test_a_case_in_which_all_is_accepted_has_passed() -> None:
    """One in which something is left has not; what was not asked stays so."""
    entry = Entry("L103", "*", "known", None)
    cases = (
        Case("one", "a", Outcome.FOUND, findings=(found(),)),
        Case("two", "b", Outcome.FOUND, findings=(found(), found("/a", "S101"))),
        Case("three", "c", Outcome.SKIPPED),
    )
    report = accepting(report_of(*cases), [entry])
    assert [one.outcome for one in report.cases] == [
        Outcome.PASSED,
        Outcome.FOUND,
        Outcome.SKIPPED,
    ]
    assert [(one.by, one.why) for one in report.excused] == [("the baseline", "known")]
    assert report.exit_code == 1
    assert accepting(report_of(*cases[:1]), [entry]).exit_code == 0


def test_a_report_says_what_is_wrong_with_its_baseline() -> None:
    """What has expired counts again, and says so."""
    entries = [Entry("L103", "*", "known", date(2025, 6, 1)), Entry("S101", "/a", "known")]
    report = accepting(report_of(Case("one", "a", Outcome.FOUND, findings=(found(),))), entries)
    assert report.exit_code == 1
    assert report.notes == (
        "baseline: L103 at '*' (known) expired on 2025-06-01: mend it, or accept it anew",
        "baseline: S101 at '/a' (known) matches nothing: take it out if it is mended",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("accepted = 1", "expected a list of tables"),
        ("[[accepted]]\ncode = 'L1'", "reason: missing"),
        ("[[accepted]]\ncode = 'L1'\nreason = ' '", "expected why it is accepted"),
        ("[[accepted]]\ncode = 'L1'\nreason = 'a'\nuntil = 1", "until: unknown key"),
        (
            "[[accepted]]\ncode = 'L1'\nreason = 'a'\nexpires = '2026-01-01'",
            "a date without quotes",
        ),
        (
            "[[accepted]]\ncode = 'L1'\nreason = 'a'\nexpires = 2026-01-01T00:00:00Z",
            "a date without",
        ),
        ("rules = 1", "unknown key"),
        ("[[", "baseline.toml"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the file, the key, and what was expected."""
    file = tmp_path / "baseline.toml"
    file.write_text(text)
    with pytest.raises(LibraryError, match=says):
        load(file)


def test_the_day_is_that_of_utc() -> None:
    """A baseline expires everywhere at once."""
    assert day_of(1_767_225_599_999) == date(2025, 12, 31)
    assert day_of(1_767_225_600_000) == date(2026, 1, 1)
