"""What an exam may cost: predictions are money elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mockserver.library.models import Model


MODEL: Final = "black-forest-labs/flux-schnell"
"""Which model is asked unless somebody names another: one of the cheapest."""
MOST_PREDICTIONS: Final = 5


def price(model: Model, given: Mapping[str, object]) -> Decimal:
    """What one prediction of `model` costs in US dollars, as far as its schema knows."""
    count = given.get("num_outputs", 1)
    return model.price_usd_per_output * (count if isinstance(count, int) else 1)


class Spent(Exception):
    """The budget does not allow what comes next; the text says which bound, and the way out."""


@dataclass(slots=True)
class Budget:
    """How many predictions may be made, and for how many dollars; None is no bound."""

    max_predictions: int | None = MOST_PREDICTIONS
    max_usd: Decimal | None = None
    created: list[str] = field(default_factory=list)
    """What was made, in order."""
    asked: int = 0
    """How many may have been made: a call whose answer got lost counts."""
    usd: Decimal = Decimal(0)
    kept: int = 0
    """How many of `max_predictions` are kept back, for what is asked last."""

    def take(self, usd: Decimal) -> None:
        """Count one more prediction, before it is asked for. Raises `Spent`."""
        self.allow(usd)
        self.asked += 1
        self.usd += usd

    def allow(self, usd: Decimal) -> None:
        """Nothing, if one more prediction may be made. Raises `Spent`."""
        most = self.max_predictions
        if most is not None and self.asked >= most - self.kept:
            kept = f" and {self.kept} are kept back" if self.kept else ""
            raise Spent(
                f"{self.asked} of {most} predictions are used up{kept}; "
                "--max-predictions allows more"
            )
        if self.max_usd is not None and self.usd + usd > self.max_usd:
            raise Spent(
                f"another {usd} USD would make {self.usd + usd}, and {self.max_usd} are allowed; "
                "--max-cost allows more"
            )
