"""What a case is: a name, what it costs, what it needs, and what it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockserver.contract.exam import Exam


@dataclass(frozen=True, slots=True)
class Case:
    """One part of an exam. It makes so many `predictions` at the most.

    `needs` are the features of the profile without which there is nothing to ask.
    """

    name: str
    title: str
    predictions: int
    needs: tuple[str, ...]
    ask: Callable[[Exam], None]
