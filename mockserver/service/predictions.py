"""create · get · list · cancel · force: what can be done with predictions, without HTTP."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mockserver.core import ids, readers
from mockserver.core.cursor import Cursor
from mockserver.core.problem import InvalidCursor, PredictionNotFound
from mockserver.core.timeline import (
    CancelAsked,
    Created,
    Forced,
    Intervention,
    Moment,
    Plan,
    Status,
    Timeline,
    in_force,
    timeline,
)
from mockserver.library.faults.kinds import Strike
from mockserver.library.json_text import dumps_sorted
from mockserver.service.ledger import Line
from mockserver.service.orders import Order
from mockserver.service.submissions import request_key
from mockserver.service.worlds import World


Positions = Sequence[int]
"""Places in the store of a world."""

PAGE_SIZE: Final = 100
"""Predictions on a list page. Source: replicate.com/docs/reference/http#predictions.list."""

WATCHED: Final = 1_000

INTERRUPTED: Final = "Prediction interrupted; please retry (code: PA)"
"""Why a prediction failed that had no reason to; the words are those of the scenario `failed`."""

_SEED_BITS: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A prediction as a look at `now_ms` (world time) finds it."""

    created: Created
    moments: Timeline
    now_ms: int
    moment: Moment = field(init=False)
    """The moment that the look falls into."""
    data_removed: bool = field(init=False)
    """Whether input, output and logs are gone by now."""

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "moment", in_force(self.moments, self.after_ms))
        set_field(self, "data_removed", readers.data_removed(self.moments, self.after_ms))

    @property
    def after_ms(self) -> int:
        """The instant of the look, in milliseconds after creation."""
        return self.now_ms - self.created.at_ms

    @property
    def next_change_ms(self) -> int | None:
        """World time of the next change, or None if nothing will change."""
        change = readers.next_change_ms(self.moments, self.after_ms)
        return None if change is None else self.created.at_ms + change


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, newest first, and the cursors of its neighbours."""

    results: tuple[Seen, ...]
    next: Cursor | None
    previous: Cursor | None


def create(world: World, order: Order, plan: Plan) -> Created:
    """Begin a prediction in `world`, planned to live as `plan` says."""
    with world.lock:
        ordinal = len(world.store)
        now_ms = world.clock.now_ms()
        created = Created(
            id=ids.prediction_id(now_ms, world.draw(ordinal, b"prediction")),
            at_ms=now_ms,
            model=order.model.full_name,
            version=order.model.version,
            input=dumps_sorted(order.input),
            seed=_seed(world, order, ordinal),
            plan=plan,
            webhook=order.webhook,
            webhook_events_filter=order.webhook_events_filter,
            deadline_ms=order.deadline_ms,
        )
        world.store.append(created.id, created)
        if order.deployment:
            world.shelf.extras[created.id] = {"deployment": order.deployment}
        made = timeline(created)[-1].outputs
        price = order.model.price_usd_per_output
        line = Line(created.id, created.model, now_ms, made, price)
        world.ledger.enter(line, request_key(order, created.input))
    return created


def look(world: World, prediction_id: str, *, now_ms: int | None = None) -> Seen:
    """The prediction as it is now. A look at a poll clock moves it to the next change first.

    Raises `PredictionNotFound`.
    """
    created, moments = _told(world, prediction_id)
    seen = Seen(created, moments, world.clock.now_ms() if now_ms is None else now_ms)
    if now_ms is not None or not world.clock.looks:
        return seen
    return Seen(created, moments, world.clock.look(seen.next_change_ms))


def begun(created: Created) -> Seen:
    """The prediction in the moment of its creation."""
    return Seen(created, timeline(created), created.at_ms)


def page(world: World, cursor: Cursor | None = None, among: Sequence[int] | None = None) -> Page:
    """A page of the predictions of `world`, newest first. Raises `InvalidCursor`.

    `among` are the positions to choose from, ascending; None stands for all.
    """
    count = len(world.store)
    cursor = cursor or Cursor(count)
    if cursor.position > count:
        raise InvalidCursor("Invalid cursor")
    among = range(count) if among is None else among
    split = bisect_left(among, cursor.position)
    if cursor.newer:
        first, last = split, min(len(among), split + PAGE_SIZE)
    else:
        first, last = max(0, split - PAGE_SIZE), split
    now_ms = world.clock.now_ms()
    found = reversed(_ids(world, among[first:last]))
    return Page(
        results=tuple(look(world, prediction_id, now_ms=now_ms) for prediction_id in found),
        next=Cursor(among[first - 1] + 1) if first > 0 else None,
        previous=Cursor(among[last], newer=True) if last < len(among) else None,
    )


def part(
    world: World, offset: int, size: int, among: Positions | None = None
) -> tuple[tuple[Seen, ...], int]:
    """`size` predictions behind the `offset` newest, newest first, and how many there are in all.

    `among` are the positions to choose from, ascending; None stands for all.
    """
    among = range(len(world.store)) if among is None else among
    last = max(0, len(among) - offset)
    now_ms = world.clock.now_ms()
    found = reversed(_ids(world, among[max(0, last - size) : last]))
    return tuple(look(world, one, now_ms=now_ms) for one in found), len(among)


def _ids(world: World, positions: Sequence[int]) -> list[str]:
    """The ids at `positions`, which ascend."""
    if not positions:
        return []
    first = positions[0]
    near = world.store.ids(first, positions[-1] + 1)
    return [near[at - first] for at in positions]


def cancel(world: World, prediction_id: str, struck: Iterable[Strike] = ()) -> Seen:
    """Ask to cancel; what has ended stays as it ended. Raises `PredictionNotFound`.

    `struck` are the faults that strike the request: they may make something else of it.
    """
    now_ms = world.clock.now_ms()
    event: Intervention | None = CancelAsked(now_ms)
    for strike in struck:
        if strike.kind.event and event is not None:
            event = strike.kind.event(event, strike)
    if event is None:
        return look(world, prediction_id, now_ms=now_ms)
    return _intervene(world, prediction_id, event)


def running(world: World) -> int:
    """How many predictions of `world` have not ended; only the `WATCHED` newest are looked at."""
    count, now_ms = len(world.store), world.clock.now_ms()
    newest = world.store.ids(max(0, count - WATCHED), count)
    return sum(not look(world, one, now_ms=now_ms).moment.ended for one in newest)


def force(world: World, prediction_id: str, status: Status, error: str | None = None) -> Seen:
    """Make the prediction take `status` now, where that is legal. Raises `PredictionNotFound`.

    A failure always has a reason: `error`, the one of its plan, or `INTERRUPTED`.
    """
    if error is None and status is Status.FAILED:
        error = _events(world, prediction_id)[0].plan.error or INTERRUPTED
    return _intervene(world, prediction_id, Forced(status, world.clock.now_ms(), error))


def _intervene(world: World, prediction_id: str, event: Intervention) -> Seen:
    with world.lock:
        created, events = _events(world, prediction_id)
        before = timeline(created, events)
        moments = timeline(created, (*events, event))
        if moments != before:
            world.store.append(prediction_id, event)
            more = moments[-1].outputs - before[-1].outputs
            world.ledger.correct(prediction_id, created.model, more)
    world.bell.ring(prediction_id)
    return Seen(created, moments, event.at_ms)


def _told(world: World, prediction_id: str) -> tuple[Created, Timeline]:
    created, interventions = _events(world, prediction_id)
    return created, timeline(created, interventions)


def _events(world: World, prediction_id: str) -> tuple[Created, tuple[Intervention, ...]]:
    try:
        return world.store.events(prediction_id)
    except KeyError:
        raise PredictionNotFound(prediction_id) from None


def _seed(world: World, order: Order, ordinal: int) -> int:
    """The seed the client chose, or one that the world draws."""
    chosen = order.input.get("seed")
    if isinstance(chosen, int) and not isinstance(chosen, bool):
        return chosen & _SEED_BITS
    return int.from_bytes(world.draw(ordinal, b"seed")[:4])
