"""A prediction is its events; what they imply is its timeline.

Rule 1: every status change that can happen stands in `NEXT`, and nothing else decides one.
Rule 2: nothing ever advances a prediction. `timeline` tells all its moments, past and future,
and a reader looks at them at an instant.

Moments are told in milliseconds *after creation*, so that all predictions which nobody touched
share the moments of their plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a prediction is in its life, spelled as on the wire.

    Source: replicate.com/docs/topics/predictions/lifecycle; `aborted` since 2025-10-23.
    """

    STARTING = "starting"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    ABORTED = "aborted"


NEXT: Final[Mapping[Status, frozenset[Status]]] = MappingProxyType(
    {
        Status.STARTING: frozenset(
            {Status.PROCESSING, Status.FAILED, Status.CANCELED, Status.ABORTED}
        ),
        Status.PROCESSING: frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELED}),
        Status.SUCCEEDED: frozenset(),
        Status.FAILED: frozenset(),
        Status.CANCELED: frozenset(),
        Status.ABORTED: frozenset(),
    }
)
"""Which status may follow which. The docs' diagram and the oracle are made from this table."""

TERMINAL: Final = frozenset(status for status, following in NEXT.items() if not following)

RETENTION_MS: Final = 3_600_000
"""How long input, output and logs of an ended prediction are kept: one hour.

Source: replicate.com/docs/topics/predictions/data-retention.
"""


@dataclass(frozen=True, slots=True)
class Beat:
    """Something that happens inside a step: log text appears, or outputs become visible."""

    after_ms: int
    log: str = ""
    outputs: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One status of a plan and how long it lasts; `lasts_ms` None is for ever."""

    status: Status
    lasts_ms: int | None = None
    beats: tuple[Beat, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that can be seen of a prediction from `after_ms` on, until the next moment.

    `logs` is all the text so far, `outputs` how many outputs can be seen.
    """

    after_ms: int
    status: Status
    logs: str = ""
    outputs: int = 0
    error: str | None = None
    started_after_ms: int | None = None

    @property
    def ended(self) -> bool:
        """Whether no other status can follow."""
        return self.status in TERMINAL


Timeline = tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario applied to one prediction: fixed at creation, never changed.

    Raises `ValueError` where a step cannot follow the one before it, or a beat lies outside its
    step.
    """

    steps: tuple[Step, ...]
    outputs: int = 1
    error: str | None = None
    moments: Timeline = field(init=False, repr=False, compare=False)

    @property
    def begun(self) -> Step:
        """Its first step, which ends: at once, where it would have lasted for ever."""
        first = self.steps[0]
        return replace(first, lasts_ms=first.lasts_ms or 0)

    def __post_init__(self) -> None:
        _check_order(self.steps)
        for step in self.steps:
            _check_beats(step)
        object.__setattr__(self, "moments", tuple(_moments(self)))


@dataclass(frozen=True, slots=True)
class Created:
    """The first event: what was asked for, when, and how its life is planned.

    `input` is the JSON text as it will be echoed; `deadline_ms` counts from creation.
    """

    id: str
    at_ms: int
    model: str
    version: str
    input: bytes
    seed: int
    plan: Plan
    deadline_ms: int | None = None
    webhook: str | None = None
    webhook_events_filter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """Somebody asked to cancel at `at_ms` (world time)."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Forced:
    """A test made the prediction take `status` at `at_ms` (world time)."""

    status: Status
    at_ms: int
    error: str | None = None


Intervention = CancelAsked | Forced
Event = Created | Intervention


def timeline(created: Created, interventions: Iterable[Intervention] = ()) -> Timeline:
    """Every moment these events imply, past and future, in order."""
    moments = created.plan.moments
    if interventions == () and created.deadline_ms is None:
        return moments
    for after_ms, change in sorted(_cuts(created, interventions), key=lambda cut: cut[0]):
        moments = _cut(moments, after_ms, change)
    return moments


def in_force(moments: Timeline, after_ms: int) -> Moment:
    """The moment that a look `after_ms` after creation falls into.

    A look from before creation sees the first moment: clocks of two machines may differ.
    """
    seen = moments[0]
    for moment in moments:
        if moment.after_ms > after_ms:
            break
        seen = moment
    return seen


def _check_order(steps: tuple[Step, ...]) -> None:
    if not steps or steps[0].status is not Status.STARTING:
        seen = steps[0].status if steps else "no step at all"
        raise ValueError(f"a plan begins with {Status.STARTING}, not with {seen}")
    for before, after in pairwise(steps):
        if after.status not in NEXT[before.status]:
            legal = ", ".join(sorted(NEXT[before.status])) or "nothing: it is final"
            raise ValueError(f"{after.status} cannot follow {before.status} (legal: {legal})")
        if before.lasts_ms is None:
            raise ValueError(f"{after.status} never comes: {before.status} lasts for ever")


def _check_beats(step: Step) -> None:
    """Refuse times that run backwards, or on into the next step."""
    begun_ms = 0
    for beat in step.beats:
        if beat.after_ms < begun_ms:
            raise ValueError(f"a beat at {beat.after_ms} ms cannot follow one at {begun_ms} ms")
        begun_ms = beat.after_ms
    if step.lasts_ms is not None and step.lasts_ms < begun_ms:
        raise ValueError(f"{step.status} lasts {step.lasts_ms} ms, but needs {begun_ms} ms")


def _moments(plan: Plan) -> Iterator[Moment]:
    """The plan told moment by moment; the outputs appear together with success."""
    seen = Moment(0, Status.STARTING)
    begins = 0
    for step in plan.steps:
        seen = _entered(replace(seen, after_ms=begins), step.status, plan)
        yield seen
        for beat in step.beats:
            seen = replace(
                seen,
                after_ms=begins + beat.after_ms,
                logs=seen.logs + beat.log,
                outputs=seen.outputs if beat.outputs is None else beat.outputs,
            )
            yield seen
        begins += step.lasts_ms or 0


def _entered(moment: Moment, status: Status, plan: Plan) -> Moment:
    """The same moment as `status` begins."""
    if status is Status.PROCESSING:
        return replace(moment, status=status, started_after_ms=moment.after_ms)
    if status is Status.SUCCEEDED:
        return replace(moment, status=status, outputs=plan.outputs)
    if status is Status.FAILED:
        # What failed has no output, whatever it had put out before. Source: upstream's answers.
        return replace(moment, status=status, error=plan.error, outputs=0)
    return replace(moment, status=status, error=None)


_Change = Callable[[Moment], Timeline]


def _cuts(
    created: Created, interventions: Iterable[Intervention]
) -> Iterator[tuple[int, _Change]]:
    """What changes the plan, and when; at the same instant the deadline comes first."""
    if created.deadline_ms is not None:
        yield created.deadline_ms, _at_deadline
    for event in interventions:
        yield event.at_ms - created.at_ms, _change(event, created.plan)


def _cut(moments: Timeline, after_ms: int, change: _Change) -> Timeline:
    """The moments up to `after_ms`, then what `change` makes of the one in force.

    What has ended stays as it ended, and a change that is not legal changes nothing.
    """
    seen = in_force(moments, after_ms)
    if seen.ended:
        return moments
    following = change(replace(seen, after_ms=max(after_ms, seen.after_ms)))
    if not following:
        return moments
    past = tuple(moment for moment in moments[1:] if moment.after_ms <= after_ms)
    return (moments[0], *past, *following)


def _at_deadline(seen: Moment) -> Timeline:
    """Aborted if it never ran (and so costs nothing), else canceled.

    Source: replicate.com/docs, `Cancel-After`.
    """
    never_ran = Status.ABORTED in NEXT[seen.status]
    return (replace(seen, status=Status.ABORTED if never_ran else Status.CANCELED),)


def _change(event: Intervention, plan: Plan) -> _Change:
    if isinstance(event, CancelAsked):
        return lambda seen: (replace(seen, status=Status.CANCELED),)
    told = plan if event.error is None else replace(plan, error=event.error)
    return lambda seen: tuple(_path(seen, event.status, told))


def _path(seen: Moment, status: Status, plan: Plan) -> Iterator[Moment]:
    """The moments that lead from `seen` to `status` at once; none if there is no legal way."""
    if status in NEXT[seen.status]:
        yield _entered(seen, status, plan)
    elif seen.status is Status.STARTING and status in NEXT[Status.PROCESSING]:
        running = _entered(seen, Status.PROCESSING, plan)
        yield running
        yield _entered(running, status, plan)
