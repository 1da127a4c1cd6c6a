"""Webhooks on their way, and what came of each attempt, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from mockserver.core.letter import Posting
from mockserver.library.faults.kinds import Strike


Render = Callable[..., bytes]
"""The body that a world makes, which is the first argument, as it is at a world time, the second.

The world is an argument because another one may take its place, with the same webhooks. It is of
a room above this one, so that its type cannot be named here: `courier.Render` names it.
"""


_PLAIN: Final = Posting()


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at world time `at_ms`: what was answered, or `why` it failed, in `took_ms`."""

    at_ms: int
    status: int | None = None
    why: str = ""
    took_ms: int = 0
    blocked: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it: any 2xx. Source: Standard Webhooks 1.0.0."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - 2xx


@dataclass(slots=True)
class Delivery:
    """One webhook on its way; its id is the same in every attempt, and so are the bytes."""

    id: str
    prediction_id: str
    model: str
    event: str
    url: str
    due_ms: int
    render: Render
    planned_ms: tuple[int, ...]
    """World times of the attempts that are left."""
    place: tuple[int, int]
    attempts: tuple[Attempt, ...] = ()
    state: DeliveryState = DeliveryState.PENDING
    taken_ms: int | None = None
    """The planned attempt that is being made at this moment."""
    strikes: tuple[Strike, ...] | None = None
    """The faults that strike it; None before it was asked which."""
    posting: Posting = _PLAIN

    def shift(self, by_ms: int) -> None:
        """Make all attempts that are left so much later."""
        self.planned_ms = tuple(at_ms + by_ms for at_ms in self.planned_ms)

    @property
    def outcome(self) -> DeliveryState:
        """How far it has come by its attempts."""
        if any(attempt.delivered for attempt in self.attempts):
            return DeliveryState.DELIVERED
        if self.attempts and self.attempts[-1].blocked:
            return DeliveryState.BLOCKED
        return DeliveryState.PENDING if self.planned_ms else DeliveryState.FAILED

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults that strike it, as the journal has them."""
        return tuple(strike.fault.key for strike in self.strikes or ())

    @property
    def copies_left(self) -> bool:
        """Whether it was taken, and is to be sent again all the same."""
        taken = sum(attempt.delivered for attempt in self.attempts)
        return 0 < taken < self.posting.copies and self.attempts[-1].delivered

    def copy(self) -> Delivery:
        """The same, to go on apart from this one; an attempt under way has yet to be made."""
        under_way = () if self.taken_ms is None else (self.taken_ms,)
        return replace(self, planned_ms=under_way + self.planned_ms, taken_ms=None)
