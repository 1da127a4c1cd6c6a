"""Webhooks as a reader of the timeline: which of its moments a subscriber is told of, and when.

Nothing is scheduled here. What will be told follows from the moments and the filter, and a hook's
body is the prediction as a look at that instant finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from mockserver.core import readers
from mockserver.core.timeline import Moment, Timeline, in_force


class HookEvent(StrEnum):
    """What a subscriber can ask to be told of, spelled as in `webhook_events_filter`.

    Source: replicate.com/docs/topics/webhooks/setup-webhook.
    """

    START = "start"
    OUTPUT = "output"
    LOGS = "logs"
    COMPLETED = "completed"


DEFAULT_EVENTS: Final = (HookEvent.OUTPUT, HookEvent.COMPLETED)
"""Without a filter. Source: "whenever there are new outputs or the prediction has finished"."""

ALIAS_EVENTS: Final = (HookEvent.COMPLETED,)
"""What `webhook_completed` asks for, the name of `webhook` before there were events."""

THROTTLE_MS: Final = 500
"""`output` and `logs` come at most once in so long, each. Source: as for `HookEvent`."""

RETRY_DELAYS_MS: Final = (2_000, 4_000, 8_000, 16_000, 32_000)
"""How long each further attempt comes after the one before, so the last after 62 s.

Source: "retried several times with exponential backoff, the last about a minute after completion";
the steps themselves are assumed.
"""

RETRIED: Final = frozenset({HookEvent.COMPLETED})
"""Source: replicate.com/docs/topics/webhooks/receive-webhook; the others are never retried."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One thing that a subscriber is told, `after_ms` after creation."""

    event: HookEvent
    after_ms: int
    moment: Moment


def hooks(moments: Timeline, wanted: Collection[str] = ()) -> tuple[Hook, ...]:
    """Everything that a subscriber to `wanted` (nothing: the default) is told, in order.

    `start` tells the beginning and `completed` the end; they are never held back. New outputs and
    logs are told with the state of the instant they are told in, so that of several the last wins.
    What is new at the end is told by `completed`, where that is wanted: nothing follows it.
    """
    asked = frozenset(wanted or DEFAULT_EVENTS)
    end = readers.ending(moments) if HookEvent.COMPLETED in asked else None
    told = [
        Hook(event, after_ms, in_force(moments, after_ms))
        for event, instants in _instants(moments)
        if event in asked
        for after_ms in instants
        if end is None or after_ms < end.after_ms or event is HookEvent.START
    ]
    if end is not None:
        told.append(Hook(HookEvent.COMPLETED, end.after_ms, in_force(moments, end.after_ms)))
    return tuple(sorted(told, key=lambda hook: hook.after_ms))


def attempts_ms(event: str, due_ms: int) -> tuple[int, ...]:
    """When a delivery that is due at `due_ms` is tried, as long as no attempt succeeds."""
    delays_ms = RETRY_DELAYS_MS if event in RETRIED else ()
    return tuple(accumulate(delays_ms, initial=due_ms))


def _instants(moments: Timeline) -> Iterator[tuple[HookEvent, list[int]]]:
    """When each kind of news is told, the end left aside."""
    pairs = tuple(pairwise(moments))
    yield HookEvent.START, [moments[0].after_ms]
    outputs = (after.after_ms for before, after in pairs if after.outputs > before.outputs)
    yield HookEvent.OUTPUT, _throttled(outputs)
    logs = (after.after_ms for before, after in pairs if len(after.logs) > len(before.logs))
    yield HookEvent.LOGS, _throttled(logs)


def _throttled(news_ms: Iterable[int]) -> list[int]:
    """The instants at which news is told: held back until the throttle allows it."""
    told: list[int] = []
    for at_ms in news_ms:
        if told and at_ms <= told[-1]:
            continue
        told.append(max(at_ms, told[-1] + THROTTLE_MS) if told else at_ms)
    return told
