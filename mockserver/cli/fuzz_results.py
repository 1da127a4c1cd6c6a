"""How far fuzzing is and what it came to, for a person and for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import document
from mockserver.cli.results import for_programs


if TYPE_CHECKING:
    from mockserver.contract.fuzzing.failure import Failure
    from mockserver.contract.fuzzing.search import Search
    from mockserver.contract.fuzzing.told import Who

_EVERY: Final = 25
"""After how many cases a line on a terminal is written over."""
_ERASE: Final = "\r\x1b[2K"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was played at whom, and what it came to; `over` is why no more was asked."""

    who: Who
    cases: int
    asked: int
    failures: tuple[Failure, ...]
    unrepeated: tuple[Failure, ...] = ()
    over: str = ""
    repeat: str = ""
    interrupted: bool = False


class Progress:
    """Tells on stderr how far a search is: a line for each sort, which changes on a terminal."""

    def __init__(self, *, in_place: bool | None = None) -> None:
        """`in_place` None decides by what stderr is."""
        self._in_place = sys.stderr.isatty() if in_place is None else in_place
        self._hunt = ""
        self._first = 0

    def heard(self, search: Search) -> None:
        """Another case begins."""
        if search.hunt != self._hunt:
            self._told(search)
            self._hunt, self._first = search.hunt, search.cases - 1
        elif self._in_place and search.cases % _EVERY == 0:
            click.echo(f"{_ERASE}{self._line(search, search.cases)}", err=True, nl=False)

    def ended(self, search: Search) -> None:
        """No case follows."""
        self._told(search, whole=1)

    def _told(self, search: Search, whole: int = 0) -> None:
        if self._hunt:
            line = self._line(search, search.cases - 1 + whole)
            click.echo(f"{_ERASE if self._in_place else ''}{line}", err=True)

    def _line(self, search: Search, cases: int) -> str:
        return f"{self._hunt:<9} {cases - self._first} cases, {search.found} rules broken so far"


def code(outcome: Outcome) -> int:
    """The exit code: 0 nothing found, 1 findings, 2 nothing was tested."""
    from mockserver.contract.report.report import FINDINGS, NO_FINDINGS, NOTHING_TESTED

    if outcome.failures:
        return FINDINGS
    return NO_FINDINGS if outcome.asked else NOTHING_TESTED


def shown(outcome: Outcome, *, as_json: bool) -> None:
    """Print what was found on stdout, as text or as one JSON document."""
    if as_json:
        document(_document(outcome))
        return
    for line in _lines(outcome):
        click.echo(line)


def saved(outcome: Outcome, folder: Path) -> None:
    """Write each failure into files of the folder, named by its code. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    from mockserver.contract.fuzzing.told import forms

    for seen in outcome.failures:
        for name, text in forms(seen, outcome.who).items():
            (folder / name).write_text(text, encoding="utf-8")


def _lines(outcome: Outcome) -> Iterator[str]:
    from mockserver.contract.fuzzing.told import report

    for seen in outcome.failures:
        yield from report(seen, outcome.who)
    for seen in outcome.unrepeated:
        yield f"{seen.code} was seen once and not again: it does not count"
    if outcome.over:
        yield f"no more was asked: {outcome.over}"
    if outcome.failures and outcome.repeat:
        yield f"repeat with: {outcome.repeat}"
    yield f"{len(outcome.failures)} found in {outcome.cases} cases, {outcome.asked} requests"


def _document(outcome: Outcome) -> dict[str, object]:
    from mockserver.contract.fuzzing.told import forms

    return {
        "cases": outcome.cases,
        "requests": outcome.asked,
        "failures": [
            {
                "code": seen.code,
                "steps": len(seen.steps),
                "confirmed": seen.confirmed,
                "findings": [for_programs(one) for one in seen.findings],
                "files": dict(forms(seen, outcome.who)),
            }
            for seen in outcome.failures
        ],
        "unrepeated": [seen.code for seen in outcome.unrepeated],
        "over": outcome.over,
        "repeat": outcome.repeat,
    }
