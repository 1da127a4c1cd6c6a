"""A report as Markdown: tables and code that nothing in them can end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from re import fullmatch, sub

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.finding import Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.markdown import MOST_BYTES, MOST_FINDINGS, escaped, markdown
from mockserver.contract.report.report import Case, Report


RULE = Rule("L103", "It ends | once", "the docs")


def test_the_verdict_comes_first(report: Report) -> None:
    """What, and in a line what it came to; then a table of the cases."""
    lines = markdown(report).splitlines()
    assert lines[0] == "## mockserver check: winfull"
    assert lines[2].startswith("3 found, 1 excused; cases: 1 passed")
    assert "| lifecycle | ❌ found | 2 |  |" in lines


def test_a_finding_has_its_code_its_values_and_its_curl_line(report: Report) -> None:
    """The curl line in a block, to be copied."""
    text = markdown(report)
    assert "### S107: The keys are &lt;sorted&gt; (should)\n" in text
    assert '- expected: `["a","b"]`\n' in text
    assert "\n```sh\ncurl -sS -X GET" in text


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_nothing_is_more_than_one_cell_of_a_table(cell: str) -> None:
    """Whatever it holds: no pipe, no line break, no tag, no code."""
    told = escaped(cell)
    assert fullmatch(r"(?:[^|`<>\n\r\\]|\\.)*", told)


@pytest.mark.parametrize("seen", ["`", "``` `` `", "a`", "`````\n# no"])
def test_no_value_ends_its_code(nothing: Report, seen: str) -> None:
    """The fence is longer than every run of backticks in it."""
    finding = replace(RULE.found("", expected=1, seen=seen), curl=f"curl {seen}")
    text = markdown(replace(nothing, cases=(Case("a", "b", Outcome.FOUND, findings=(finding,)),)))
    without = sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "`" not in without
    assert "# no" not in without


def test_a_report_that_is_too_long_is_cut_where_a_line_ends(
    many: Callable[[int, str], Report],
) -> None:
    """GitHub refuses a longer summary as a whole; how many findings are left is told."""
    text = markdown(many(MOST_FINDINGS + 3, "x"))
    assert "and 3 more" in text
    huge = replace(many(1, "x"), notes=tuple("é" * 10_000 for _ in range(100)))
    told = markdown(huge)
    assert MOST_BYTES - 30_000 < len(told.encode()) <= MOST_BYTES
    assert told.endswith("\n")


def test_findings_that_find_no_room_are_counted(many: Callable[[int, str], Report]) -> None:
    """What comes behind them, such as how to repeat it, is told all the same."""
    plain = many(9, "x" * 1900)
    repeated = replace(plain.provenance, command="mockserver check")
    noted = replace(plain, notes=("é" * 515_000,), provenance=repeated)
    text = markdown(noted)
    assert len(text.encode()) <= MOST_BYTES
    assert "more\n" in text
    assert "- command: `mockserver check`" in text
