"""What a measurement found, and the table in which a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `seen` in `unit` (x: a ratio), and its bound where there is one."""

    what: str
    seen: float
    unit: str = "x"
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met; nothing where there is none."""
        if self.at_least is not None:
            return "met" if self.seen >= self.at_least else "MISSED"
        if self.at_most is not None:
            return "met" if self.seen <= self.at_most else "MISSED"
        return ""

    @property
    def target(self) -> str:
        """The bound in words; nothing where there is none."""
        if self.at_least is not None:
            return f">= {self.at_least:g} {self.unit}"
        return "" if self.at_most is None else f"<= {self.at_most:g} {self.unit}"


Rows = Iterator[Row]
Measurement = Callable[[bool], Rows]
"""Takes whether it has to be quick."""

_COLUMNS: Final = ("what", "measured", "target", "", "note")


def printed(rows: Iterable[Row]) -> None:
    """Print each row as soon as it is measured, as a line of a Markdown table."""
    print(_line(_COLUMNS), _line(("---",) * len(_COLUMNS)), sep="\n")
    for row in rows:
        measured = f"{_short(row.seen)} {row.unit}"
        print(_line((row.what, measured, row.target, row.verdict, row.note)), flush=True)


def best_us(*calls: Callable[[], object], times: int, rounds: int = 7) -> tuple[float, ...]:
    """Microseconds of processor time of each call, in the best of some rounds of `times` calls.

    They take turns, so that what slows the machine down slows all of them down.
    """
    seen = [[_round_us(call, times) for call in calls] for _ in range(rounds)]
    return tuple(map(min, zip(*seen, strict=True)))


def median_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """The median of what each pair's first is to its second; each pair is one moment's truth."""
    return median(ours / theirs for ours, theirs in pairs)


def _round_us(call: Callable[[], object], times: int) -> float:
    began = process_time()
    for _ in range(times):
        call()
    return (process_time() - began) / times * 1e6


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(value: float) -> str:
    thousand = 1000
    return f"{value:,.0f}" if value >= thousand else f"{value:.3g}"
