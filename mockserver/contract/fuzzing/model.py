"""What must be true of an account, as a pure model: no I/O, no clock, no chance.

It is told what was done and when, and answers which statuses each prediction can have. Of when it
knows an interval, because a call takes as long as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mockserver.core.timeline import TERMINAL, Status, Timeline, in_force


ANY: Final = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Span:
    """Some instant from `least_ms` to `most_ms`."""

    least_ms: int
    most_ms: int

    def since(self, other: Span) -> Span:
        """How much later this is than `other`, never less than nothing."""
        least_ms = max(0, self.least_ms - other.most_ms)
        return Span(least_ms, max(least_ms, self.most_ms - other.least_ms))


@dataclass(slots=True)
class Known:
    """A prediction that exists; without `moments` nobody knows how it will go."""

    id: str
    born: Span
    moments: Timeline | None
    canceled: Span | None = None

    def possible(self, now: Span) -> frozenset[Status]:
        """The statuses that a look may see now."""
        if self.moments is None:
            return ANY
        planned = _between(self.moments, now.since(self.born))
        if self.canceled is None:
            return planned
        before = _between(self.moments, self.canceled.since(self.born))
        too_late = planned & TERMINAL if before & TERMINAL else frozenset()
        return too_late if before <= TERMINAL else too_late | {Status.CANCELED}


@dataclass(slots=True)
class Account:
    """Everything that was made in one account, in order."""

    made: list[Known] = field(default_factory=list)

    def created(self, identifier: str, born: Span, moments: Timeline | None) -> None:
        """A create call was told this id."""
        self.made.append(Known(identifier, born, moments))

    def cancel(self, of: int, when: Span) -> None:
        """It was asked to cancel one; what comes first counts."""
        if self.made[of].canceled is None:
            self.made[of].canceled = when


def _between(moments: Timeline, after: Span) -> frozenset[Status]:
    """The statuses from one instant after creation to another."""
    passed = (one.status for one in moments if after.least_ms < one.after_ms <= after.most_ms)
    return frozenset({in_force(moments, after.least_ms).status, *passed})
