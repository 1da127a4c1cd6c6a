"""A world's webhooks: what is due when, what was tried, and the secrets that sign it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from heapq import heappop, heappush
from itertools import count
from string import ascii_letters, digits
from threading import Lock, RLock
from typing import Final

from mockserver.core import ids, signature, webhook
from mockserver.core.timeline import Created, timeline
from mockserver.core.webhook import Hook
from mockserver.service.bell import WorldBell
from mockserver.service.store.protocol import Store


KEPT_DELIVERIES: Final = 1_000
ID_LENGTH: Final = 24
"""Characters behind `msg_`. Source: the only id published, in the vector of Standard Webhooks."""
SECRET_BYTES: Final = 24
ROTATION_MS: Final = 86_400_000
"""How long the secret before still signs after a rotation: one day, which is assumed."""

_ALPHABET: Final = ascii_letters + digits

Render = Callable[[int], bytes]
"""The body as it is at a world time."""


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
    event: str
    url: str
    due_ms: int
    render: Callable[[], bytes]
    planned_ms: tuple[int, ...]
    """World times of the attempts that are left."""
    place: tuple[int, int]
    attempts: tuple[Attempt, ...] = ()
    state: DeliveryState = DeliveryState.PENDING


@dataclass(slots=True)
class _Watch:
    """A prediction whose life is to be told, and what of it was told."""

    created: Created
    render: Render
    ordinal: int
    store: Store
    unsubscribe: Callable[[], None] = lambda: None
    told: set[tuple[str, int]] = field(default_factory=set)
    next_ms: int | None = None
    interventions: int = 0


class Outbox:
    """Deliveries in the order of their world's time. Safe from any thread."""

    def __init__(self, store: Store, bell: WorldBell, seed: int) -> None:
        self._store = store
        self._bell = bell
        self._seed = seed
        self._lock = Lock()
        self._watched: dict[str, _Watch] = {}
        self._queue: list[tuple[int, tuple[int, int], int, _Watch | Delivery]] = []
        self._entries = count()
        self._ordinals = count()
        self._claimed = 0
        self._rotated_ms: tuple[int, ...] = ()
        self._deliveries: OrderedDict[str, Delivery] = OrderedDict()
        self.performing = RLock()
        """Held by whoever delivers, so that what is due goes out in order."""

    def watch(
        self,
        created: Created,
        render: Render,
        changed: Callable[[], None],
        store: Store | None = None,
    ) -> None:
        """Tell the life of `created`; `changed` is called whenever something else may be due.

        `store` None: it is kept where the world keeps its predictions.
        """
        kept = self._store if store is None else store
        watch = _Watch(created, render, next(self._ordinals), kept)
        about = created.id
        watch.unsubscribe = self._bell.subscribe(about, partial(self._rung, watch, changed))
        with self._lock:
            self._watched[about] = watch
            self._plan(watch)
        changed()

    def next_ms(self) -> int | None:
        """When the next attempt is due; None if nothing is planned."""
        with self._lock:
            self._drop_stale()
            return self._queue[0][0] if self._queue else None

    def busy(self, now_ms: int) -> bool:
        """Whether something is due by now, or is being delivered at this moment."""
        at_ms = self.next_ms()
        return self._claimed > 0 or (at_ms is not None and at_ms <= now_ms)

    def take(self, now_ms: int) -> tuple[Delivery, int] | None:
        """The first delivery that is due by now, and when; whoever takes it calls `settle`."""
        with self._lock:
            while self._drop_stale() and self._queue[0][0] <= now_ms:
                at_ms, _, _, item = heappop(self._queue)
                if isinstance(item, Delivery):
                    item.planned_ms = item.planned_ms[1:]
                    self._claimed += 1
                    return item, at_ms
                self._tell(item, at_ms)
                self._plan(item)
        return None

    def again(self, delivery_id: str) -> Delivery | None:
        """A delivery to be tried once more, whatever became of it; call `settle` afterwards."""
        with self._lock:
            found = self._deliveries.get(delivery_id)
            self._claimed += found is not None
            return found

    def settle(self, delivery: Delivery, attempt: Attempt) -> None:
        """Keep what came of an attempt, and plan the next if there is one."""
        with self._lock:
            self._claimed -= 1
            delivery.attempts = (*delivery.attempts, attempt)
            if attempt.delivered or attempt.blocked:
                delivery.planned_ms = ()
            delivery.state = _state(delivery, attempt)
            self._queue_up(delivery)

    def secrets(self, at_ms: int) -> tuple[str, ...]:
        """The secrets that sign at `at_ms`, the newest first."""
        rotated = [after for after in self._rotated_ms if after <= at_ms]
        young = sum(at_ms < after + ROTATION_MS for after in rotated)
        newest = len(rotated)
        return tuple(self._secret(newest - age) for age in range(young + 1))

    def rotate(self, now_ms: int) -> str:
        """Sign with a new secret from now on, and for a day with the one before as well."""
        with self._lock:
            self._rotated_ms = (*self._rotated_ms, now_ms)
        return self.secrets(now_ms)[0]

    def __iter__(self) -> Iterator[Delivery]:
        """The deliveries that became due and are kept, in the order in which they did."""
        with self._lock:
            return iter(tuple(self._deliveries.values()))

    def _secret(self, ordinal: int) -> str:
        drawn = (ids.entropy(self._seed, ordinal, b"whsec%d" % part) for part in (1, 2))
        return signature.secret(b"".join(drawn)[:SECRET_BYTES])

    def _rung(self, watch: _Watch, changed: Callable[[], None]) -> None:
        """A move of the clock rings for all, and changes no plan: most rings end here."""
        if len(watch.store.events(watch.created.id)[1]) == watch.interventions:
            return
        with self._lock:
            self._plan(watch)
        changed()

    def _hooks(self, watch: _Watch) -> list[Hook]:
        """What is left to be told of a prediction."""
        created, interventions = watch.store.events(watch.created.id)
        watch.interventions = len(interventions)
        told = webhook.hooks(timeline(created, interventions), created.webhook_events_filter)
        return [hook for hook in told if (hook.event, hook.after_ms) not in watch.told]

    def _plan(self, watch: _Watch) -> None:
        """Look at a prediction again when something is to be told of it; or never again."""
        left = self._hooks(watch)
        if not left:
            watch.next_ms = None
            if self._watched.pop(watch.created.id, None):
                watch.unsubscribe()
            return
        at_ms = watch.created.at_ms + left[0].after_ms
        if at_ms != watch.next_ms:
            watch.next_ms = at_ms
            self._enter(at_ms, (watch.ordinal, -1), watch)

    def _tell(self, watch: _Watch, at_ms: int) -> None:
        """Make deliveries of what is to be told of a prediction by `at_ms`."""
        watch.next_ms = None
        for hook in self._hooks(watch):
            due_ms = watch.created.at_ms + hook.after_ms
            if due_ms <= at_ms:
                place = watch.ordinal, len(watch.told)
                watch.told.add((hook.event, hook.after_ms))
                self._keep(self._delivery(watch, hook, due_ms, place))

    def _delivery(
        self, watch: _Watch, hook: Hook, due_ms: int, place: tuple[int, int]
    ) -> Delivery:
        drawn = f"{self._seed}:{watch.created.id}:{hook.event}:{hook.after_ms}".encode()
        return Delivery(
            id=f"msg_{ids.token(drawn, ID_LENGTH, _ALPHABET)}",
            prediction_id=watch.created.id,
            event=hook.event,
            url=watch.created.webhook or "",
            due_ms=due_ms,
            render=partial(watch.render, due_ms),
            planned_ms=webhook.attempts_ms(hook.event, due_ms),
            place=place,
        )

    def _keep(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id] = delivery
        if len(self._deliveries) > KEPT_DELIVERIES:
            self._deliveries.popitem(last=False)
        self._queue_up(delivery)

    def _queue_up(self, delivery: Delivery) -> None:
        if delivery.planned_ms:
            self._enter(delivery.planned_ms[0], delivery.place, delivery)

    def _enter(self, at_ms: int, place: tuple[int, int], item: _Watch | Delivery) -> None:
        heappush(self._queue, (at_ms, place, next(self._entries), item))

    def _drop_stale(self) -> bool:
        """Forget entries that were planned otherwise since; whether any are left."""
        while self._queue and _stale(self._queue[0][0], self._queue[0][-1]):
            heappop(self._queue)
        return bool(self._queue)


def _stale(at_ms: int, item: _Watch | Delivery) -> bool:
    if isinstance(item, Delivery):
        return item.planned_ms[:1] != (at_ms,)
    return item.next_ms != at_ms


def _state(delivery: Delivery, attempt: Attempt) -> DeliveryState:
    if any(one.delivered for one in delivery.attempts):
        return DeliveryState.DELIVERED
    if attempt.blocked:
        return DeliveryState.BLOCKED
    return DeliveryState.PENDING if delivery.planned_ms else DeliveryState.FAILED
