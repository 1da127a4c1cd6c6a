"""A report as workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from re import compile as pattern

from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.finding import Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.github import MOST_OF_A_KIND, github
from mockserver.contract.report.report import Case, Report


COMMAND = pattern(r"::(error|warning|notice) ((?:\w+=[^:,\r\n]*,?)+)::([^\r\n]*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it.

    Source: github.com/actions/runner, ActionCommand.cs.
    """
    match = COMMAND.fullmatch(line)
    assert match, line
    about = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {name: plain(value) for name, value in about.items()}, plain(match[3])


def plain(text: str) -> str:
    """A text without the runner's escapes, `%25` last."""
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def test_a_must_is_an_error_and_a_should_a_warning(report: Report) -> None:
    """Last comes a notice with the summary."""
    seen = [read(line) for line in github(report).splitlines()]
    assert [(kind, about["title"]) for kind, about, _ in seen] == [
        ("error", "L103 What has ended stays as it ended"),
        ("error", "D211 The input is that of the request"),
        ("warning", "S107 The keys are <sorted>"),
        ("notice", "mockserver check: winfull"),
    ]


def test_what_is_about_a_document_is_shown_beside_its_line(report: Report) -> None:
    """The file and the line are properties of the command."""
    (about,) = [about for _, about, _ in map(read, github(report).splitlines()) if "file" in about]
    assert (about["file"], about["line"]) == ("docs/a page.md", "49")


@given(title=st.text(st.characters()), seen=st.text(st.characters()))
def test_whatever_was_seen_stays_in_its_own_command(
    nothing: Report, title: str, seen: str
) -> None:
    """No line break, comma or colon ends a property or a command."""
    finding = Rule("L103", title, "the docs").found("", expected=1, seen=seen)
    case = Case("a", "b", Outcome.FOUND, findings=(finding,))
    lines = github(replace(nothing, cases=(case,))).split("\n")
    assert len(lines) == 3
    kind, about, _ = read(lines[0])
    assert (kind, list(about)) == ("error", ["title"])


def test_percent_signs_come_back_as_they_were(nothing: Report) -> None:
    """`%0A` in a text is three letters and no line break."""
    finding = Rule("L103", "100%: a, b", "the docs").found("", expected=1, seen="%0A\n")
    case = Case("a", "b", Outcome.FOUND, findings=(finding,))
    _, about, says = read(github(replace(nothing, cases=(case,))).splitlines()[0])
    assert about["title"] == "L103 100%: a, b"
    assert "%0A\\n" in says


def test_only_so_many_are_told_as_are_shown(many: Callable[[int, str], Report]) -> None:
    """GitHub drops the others; the summary counts them all."""
    lines = github(many(MOST_OF_A_KIND + 5, "y")).splitlines()
    assert len(lines) == MOST_OF_A_KIND + 1
    assert f"{MOST_OF_A_KIND + 5} found" in lines[-1]
