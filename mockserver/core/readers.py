"""What different channels read off one timeline.

A channel is a function of the moments and an instant, never a state of its own; the law that binds
them: what was seen and what is to come make up the timeline.
Instants are milliseconds after creation, like the moments.
"""

from __future__ import annotations

from mockserver.core.timeline import RETENTION_MS, Moment, Timeline


def seen(moments: Timeline, after_ms: int) -> Timeline:
    """The moments that a look `after_ms` after creation already knows."""
    return tuple(moment for moment in moments if moment.after_ms <= after_ms)


def to_come(moments: Timeline, after_ms: int) -> Timeline:
    """The moments that are still ahead of a look `after_ms` after creation."""
    return tuple(moment for moment in moments if moment.after_ms > after_ms)


def ending(moments: Timeline) -> Moment | None:
    """The moment in which the prediction ends, or None if it never does."""
    found = None
    for moment in reversed(moments):
        if not moment.ended:
            break
        found = moment
    return found


def next_change_ms(moments: Timeline, after_ms: int) -> int | None:
    """When something next becomes visible, or None if nothing ever will."""
    return next((moment.after_ms for moment in moments if moment.after_ms > after_ms), None)


def wait_until_ms(moments: Timeline, wait_ms: int) -> int:
    """Until when `Prefer: wait` holds a create call: the end, or `wait_ms` after creation."""
    end = ending(moments)
    return wait_ms if end is None else min(end.after_ms, wait_ms)


def data_removed(moments: Timeline, after_ms: int, retention_ms: int = RETENTION_MS) -> bool:
    """Whether input, output and logs are gone at `after_ms`."""
    end = ending(moments)
    return end is not None and after_ms >= end.after_ms + retention_ms
