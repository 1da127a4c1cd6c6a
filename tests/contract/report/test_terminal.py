"""A report at a terminal: a table, each finding in full, and nothing that a terminal obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mockserver.contract.report.report import Report
from mockserver.contract.report.terminal import MOST_FINDINGS, terminal


def test_each_case_is_a_line_of_a_table(report: Report) -> None:
    """With its outcome, how much it found, or why it was not asked."""
    lines = terminal(report).splitlines()
    assert lines[:4] == [
        "mockserver check https://gateway.example/v1, as winfull",
        "",
        "CASE       OUTCOME      FOUND  WHY",
        "lifecycle  found        2",
    ]
    assert "stream     unsupported         Winfull has no stream" in lines


def test_a_finding_is_told_in_full(report: Report) -> None:
    """Its rule, where, expected, seen, source, and the line that asks again."""
    text = terminal(report)
    assert "\nS107 (should) The keys are <sorted>\n" in text
    assert (
        '  expected   ["a","b"]\n  seen       ["b","a"]\n  at         the whole answer\n' in text
    )
    assert "  source     the lifecycle | page\n  prediction abc\n  repeat     curl -sS" in text
    assert "  cases      lifecycle, cancel\n" in text


def test_what_a_gateway_said_cannot_begin_a_line(report: Report) -> None:
    """A build server takes some lines for commands."""
    assert "::error::" in terminal(report)
    assert [line for line in terminal(report).splitlines() if line.startswith("::")] == []


def test_colours_are_only_there_if_asked_for(report: Report) -> None:
    """What is piped elsewhere has none."""
    assert "\x1b" not in terminal(report)
    coloured = terminal(report, colour=True)
    assert "\x1b[31mlifecycle  found" in coloured
    assert "\x1b[1mL103 (must)" in coloured


def test_what_was_excused_and_noted_is_told(report: Report) -> None:
    """With who excuses it and why."""
    text = terminal(report)
    assert "excused: D211 by the profile: quirk-a\n" in text
    assert "note: baseline: L101 at '*' matches nothing\n" in text
    assert "predictions made: 1, about 0.003 USD\n" in text
    assert text.endswith(
        "3 found, 1 excused; cases: 1 passed, 3 found, 2 unsupported, 1 skipped\n"
    )


def test_of_very_many_findings_the_first_are_told(many: Callable[[int, str], Report]) -> None:
    """And of the others how many there are."""
    text = terminal(many(MOST_FINDINGS + 5, "y"))
    assert text.count("(must)") == MOST_FINDINGS
    assert "and 5 more\n" in text


def test_a_huge_value_is_cut(many: Callable[[int, str], Report]) -> None:
    """A report is to be read."""
    assert len(terminal(many(1, "y" * 1_000_000))) < 10_000


def test_tables_have_their_heads(report: Report) -> None:
    """In the form of the table of cases."""
    assert "FEATURE  SEEN\nget      works\n" in terminal(report)
    assert "FEATURE" not in terminal(replace(report, tables=()))
