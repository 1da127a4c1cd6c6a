"""What was created in a world, and what it would have cost.

A prediction costs its model's price for every output it makes: what failed, was aborted, or was
canceled before there was an output costs nothing.
How a prediction will end is known when it is created, so it is entered with its end; a cancel or a
test that changes the end corrects the entry.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final


KEPT_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One created prediction, how many outputs it makes, and the price of one in US dollars."""

    prediction_id: str
    model: str
    at_ms: int
    outputs: int
    usd_per_output: Decimal

    @property
    def usd(self) -> Decimal:
        """What it costs."""
        return self.outputs * self.usd_per_output


@dataclass(frozen=True, slots=True)
class Total:
    """All that was created of one model."""

    predictions: int = 0
    outputs: int = 0
    usd: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(
            self.predictions + other.predictions,
            self.outputs + other.outputs,
            self.usd + other.usd,
        )


class Ledger:
    """Totals per model since the world began, and its newest lines."""

    def __init__(self, kept: int = KEPT_LINES) -> None:
        self._kept = kept
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._made: dict[str, tuple[int, int]] = {}
        """Predictions and outputs by model: dollars are reckoned when somebody asks."""
        self._prices: dict[str, Decimal] = {}

    def enter(self, line: Line) -> None:
        """Write `line` down."""
        self._lines[line.prediction_id] = line
        if len(self._lines) > self._kept:
            self._lines.popitem(last=False)
        self._prices[line.model] = line.usd_per_output
        self._add(line.model, 1, line.outputs)

    def correct(self, prediction_id: str, model: str, more: int) -> None:
        """Let a prediction that was entered make so many outputs `more`, or fewer."""
        if not more or model not in self._prices:
            return
        line = self._lines.get(prediction_id)
        if line is not None:
            self._lines[prediction_id] = replace(line, outputs=line.outputs + more)
        self._add(model, 0, more)

    def __iter__(self) -> Iterator[Line]:
        """The lines kept, oldest first."""
        return iter(tuple(self._lines.values()))

    @property
    def totals(self) -> dict[str, Total]:
        """What each model adds up to."""
        return {
            model: Total(predictions, outputs, outputs * self._prices[model])
            for model, (predictions, outputs) in self._made.items()
        }

    def _add(self, model: str, predictions: int, outputs: int) -> None:
        before = self._made.get(model, (0, 0))
        self._made[model] = before[0] + predictions, before[1] + outputs
