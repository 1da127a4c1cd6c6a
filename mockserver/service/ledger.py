"""What was created in a world, and what it would have cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


KEPT_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One created prediction and the price of its outputs, in US dollars."""

    prediction_id: str
    model: str
    at_ms: int
    outputs: int
    usd: Decimal


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
        self._lines: deque[Line] = deque(maxlen=kept)
        self._totals: dict[str, Total] = {}

    def enter(self, line: Line) -> None:
        """Write `line` down."""
        self._lines.append(line)
        before = self._totals.get(line.model, Total())
        self._totals[line.model] = before + Total(1, line.outputs, line.usd)

    def __iter__(self) -> Iterator[Line]:
        """The lines kept, oldest first."""
        return iter(tuple(self._lines))

    @property
    def totals(self) -> dict[str, Total]:
        """What each model adds up to."""
        return dict(self._totals)
