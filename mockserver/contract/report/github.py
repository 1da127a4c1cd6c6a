"""A report as the lines that GitHub Actions shows beside a change.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mockserver.contract.finding import Finding, Severity
from mockserver.contract.report.places import place_of
from mockserver.contract.report.report import Report
from mockserver.contract.report.words import cut, printable, shown, summary


MOST_OF_A_KIND: Final = 10
"""How many errors, and how many warnings, GitHub shows of one step."""
_MOST_CHARACTERS: Final = 200
_KINDS: Final = {Severity.MUST: "error", Severity.SHOULD: "warning"}


def github(report: Report) -> str:
    """The report as workflow commands: an error for each broken must, a warning for a should."""
    lines = []
    for severity, kind in _KINDS.items():
        found = [one.finding for one in report.findings if one.finding.severity is severity]
        lines += [_command(kind, _about(one), _message(one)) for one in found[:MOST_OF_A_KIND]]
    about = [("title", report.title)]
    lines.append(_command("notice", about, summary(report)))
    return "".join(f"{line}\n" for line in lines)


def _about(finding: Finding) -> Iterator[tuple[str, str]]:
    place = place_of(finding)
    if place:
        yield "file", place.file
        yield "line", str(place.line)
    yield "title", f"{finding.code} {finding.title}"


def _message(finding: Finding) -> str:
    expected, seen = (
        cut(shown(value), _MOST_CHARACTERS) for value in (finding.expected, finding.seen)
    )
    at = f" at {finding.at}" if finding.at else ""
    return f"expected {expected}, seen {seen}{at} ({finding.source})"


def _command(kind: str, about: Iterable[tuple[str, str]], says: str) -> str:
    told = ",".join(f"{name}={_property(text)}" for name, text in about)
    return f"::{kind} {told}::{_data(printable(says))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
