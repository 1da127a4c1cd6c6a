"""A cassette as values: interactions as they were recorded, and the lives they tell of.

Rule 1: a life is told by instants after creation, as a timeline is; so it can be read at any
instant, whatever the rhythm it was seen at.
Rule 2: what was not seen is bounded, not made up: each state knows since when nobody had looked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, Final

from mockserver.core.interaction import Interaction, Request
from mockserver.core.reply import Close, Reset, Script
from mockserver.core.timeline import TERMINAL, Beat, Moment, Plan, Status, Step


# The body of a prediction is whatever JSON holds.
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer's body, and how long after the request it came."""

    after_ms: int
    data: bytes


def arrivals(parts: Sequence[Part]) -> Callable[[int], int | None]:
    """Tells how long after the request so many bytes were there; None where so many never were."""
    sizes = list(accumulate(len(part.data) for part in parts))

    def after_ms(size: int) -> int | None:
        at = bisect_left(sizes, size)
        return parts[at].after_ms if at < len(parts) else None

    return after_ms


def broken(error: str) -> Script:
    """How a connection ends whose other half ended so."""
    if not error:
        return ()
    return (Close(),) if error.startswith("cut off") else (Reset(),)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One interaction; its time counts from the beginning of the recording.

    `took_ms` passed until the answer began. `parts` are the pieces of a stream as they came; empty
    where the body came in one. `error` says how the connection broke; the status is 0 where there
    is no answer at all. `side_file` names the file that the body is kept in, by its SHA-256.
    """

    seen: Interaction
    took_ms: int = 0
    parts: tuple[Part, ...] = ()
    error: str = ""
    side_file: str = ""

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.seen.request

    @property
    def answered_ms(self) -> int:
        """When the answer began."""
        return self.seen.at_ms + self.took_ms


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook that was recorded, and when it came."""

    request: Request
    at_ms: int


@dataclass(frozen=True, slots=True)
class State:
    """What a look finds from `after_ms` on, until the next state.

    The change happened after `unseen_ms` (None: there was no look before) and by `after_ms`.
    `body` is the answer as its gateway spelled it; `inferred` where none was recorded.
    """

    after_ms: int
    status: Status
    body: Body = field(hash=False)
    unseen_ms: int | None = None
    logs: str = ""
    outputs: tuple[object, ...] = field(default=(), hash=False)
    error: str | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """The life of one prediction, distilled from what was recorded of it.

    `creates` are the interactions that made it; `sync` is the one whose answer was waited for, if
    any, and `streams` those that listened to it, as places in the cassette. It began when the
    recording was `begun_ms` old, and its last look was at `seen_until_ms`.
    """

    id: str
    model: str
    states: tuple[State, ...]
    begun_ms: int = 0
    creates: tuple[int, ...] = ()
    sync: int | None = None
    streams: tuple[int, ...] = ()
    cancels: tuple[int, ...] = ()
    seen_until_ms: int = 0

    @property
    def ended(self) -> bool:
        """Whether its end was recorded."""
        return self.states[-1].status in TERMINAL

    def at(self, after_ms: int) -> State:
        """The state that a look `after_ms` after creation finds."""
        seen = self.states[0]
        for state in self.states:
            if state.after_ms > after_ms:
                break
            seen = state
        return seen

    def as_moment(self, moment: Moment, after_ms: int) -> State:
        """The state of the life that fits `moment`, which a look at `after_ms` finds.

        Where somebody intervened, that is the nearest state of the same status, if there is any.
        """
        here = self.at(after_ms)
        if here.status is moment.status:
            return here
        return next((one for one in self.states if one.status is moment.status), here)


@dataclass(frozen=True, slots=True)
class Cassette:
    """A recording: interactions in the order of their time, webhooks, and the lives in them.

    `upstream` is the base URL that was recorded, `gateway` the profile it is read by;
    `expires_ms` is the Unix time from which it should be recorded anew, None for never.
    """

    upstream: str = ""
    gateway: str = "replicate"
    recorded_ms: int = 0
    expires_ms: int | None = None
    recorded: tuple[Recorded, ...] = ()
    hooks: tuple[Posted, ...] = ()
    jobs: tuple[Job, ...] = ()


def plan(job: Job) -> Plan:
    """The plan that lives as the job did. Raises `ValueError` where no plan could."""
    last = job.states[-1]
    return Plan(tuple(_steps(job.states)), outputs=len(last.outputs), error=last.error)


def _steps(states: tuple[State, ...]) -> Iterator[Step]:
    begun, beats = states[0], list(_news(None, states[0], states[0]))
    for before, after in pairwise(states):
        if before.status in TERMINAL:
            break
        if after.status in TERMINAL:
            # An end is one moment: what is printed with it is printed just before it.
            beats.extend(_news(before, after, begun, ends=True))
        if after.status is not before.status:
            yield Step(before.status, after.after_ms - begun.after_ms, tuple(beats))
            begun, beats = after, []
        if after.status not in TERMINAL:
            beats.extend(_news(before, after, begun))
    yield Step(begun.status, None, tuple(beats))


def _news(
    before: State | None, after: State, begun: State, *, ends: bool = False
) -> Iterator[Beat]:
    """What a look sees that the look before did not; logs that were rewritten begin anew.

    What is put out at an end appears with it, or is gone with it.
    """
    known = before or replace(after, logs="", outputs=())
    grown = after.logs.removeprefix(known.logs)
    more = len(after.outputs) != len(known.outputs) and not (ends and after.status in _OUTPUTS)
    if grown or more:
        yield Beat(after.after_ms - begun.after_ms, grown, len(after.outputs) if more else None)


_OUTPUTS: Final = frozenset({Status.SUCCEEDED, Status.FAILED})
"""The ends that say themselves how many outputs there are."""
