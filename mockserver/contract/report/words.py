"""The words that all forms of a report share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from re import compile as pattern
from typing import Final

from mockserver.contract.finding import Finding
from mockserver.contract.report.report import Excused, Report, Told
from mockserver.library.json_text import dumps


FORMAT: Final = "mockserver report 1"
MOST_CHARACTERS: Final = 2000
"""How much is shown of one value."""
_CONTROLS: Final = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SURROGATES: Final = pattern(r"[\ud800-\udfff]")


def shown(value: object) -> str:
    """A value as JSON, or as Python shows it; only so much of it."""
    try:
        text = dumps(_plain(value)).decode()
    except (TypeError, ValueError):
        text = repr(value)
    return cut(text)


def json_text(value: object) -> str:
    """A line of JSON. Half of a surrogate pair is no text: where there is one, all is escaped."""
    try:
        return f"{dumps(value).decode()}\n"
    except ValueError:
        return f"{json.dumps(value)}\n"


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """At most so many characters of `text`, the last of which says that there are more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def printable(text: str) -> str:
    """`text` without what a terminal would obey or a file could not hold."""
    visible = _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", visible)


def one_line(text: str) -> str:
    """`text` as `printable` has it, in one line: what begins a line may be taken for a command."""
    return printable(text).replace("\n", "\\n")


def told(finding: Finding) -> Iterator[tuple[str, str]]:
    """What a finding says, line by line, each with its name; what is empty is left out."""
    lines = (
        ("expected", shown(finding.expected)),
        ("seen", shown(finding.seen)),
        ("at", finding.at or "the whole answer"),
        ("source", finding.source),
        ("prediction", finding.prediction_id),
        ("repeat", finding.curl),
    )
    return ((name, printable(text)) for name, text in lines if text)


def heading(finding: Finding) -> str:
    """The finding in a line."""
    return one_line(f"{finding.code} ({finding.severity}) {finding.title}")


def excuse(one: Excused) -> str:
    """An excused finding in a line: what it is, who excuses it, and why."""
    where = f" at {one.finding.at}" if one.finding.at else ""
    return one_line(f"{one.finding.code}{where} by {one.by}: {one.why}")


def summary(report: Report) -> str:
    """What the report comes to, in a line."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts().items())
    excused = f", {len(report.excused)} excused" if report.excused else ""
    return f"{len(report.findings)} found{excused}; cases: {counts or 'none'}"


def in_cases(one: Told) -> str:
    """The cases that a finding was made in."""
    return ", ".join(one.cases)


def _plain(value: object) -> object:
    """Sets in order, so that the same report is written the same way twice."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    if isinstance(value, Mapping):
        return dict(value)
    return value
