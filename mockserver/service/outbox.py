"""A world's webhooks: what is due when, what was tried, and the secrets that sign it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from heapq import heappop, heappush
from itertools import chain
from string import ascii_letters, digits
from threading import Lock, RLock
from typing import Final

from mockserver.core import ids, signature, webhook
from mockserver.core.timeline import Created
from mockserver.core.webhook import Hook
from mockserver.service.bell import WorldBell
from mockserver.service.deliveries import Attempt, Delivery, Render
from mockserver.service.store.protocol import Store
from mockserver.service.watch import Watch


KEPT_DELIVERIES: Final = 1_000
ID_LENGTH: Final = 24
"""Characters behind `msg_`. Source: the only id published, in the vector of Standard Webhooks."""
SECRET_BYTES: Final = 24
_BEHIND: Final = 1_000_000
"""More than a prediction has to tell: places counted back from here are behind all others."""
ROTATION_MS: Final = 86_400_000
"""How long the secret before still signs after a rotation: one day, which is assumed."""

_ALPHABET: Final = ascii_letters + digits


class Outbox:
    """Deliveries in the order of their world's time. Safe from any thread."""

    def __init__(self, store: Store, bell: WorldBell, seed: int) -> None:
        self._store = store
        self._bell = bell
        self._seed = seed
        self._lock = Lock()
        self._watched: dict[str, Watch] = {}
        self._queue: list[tuple[int, tuple[int, int], int, Watch | Delivery]] = []
        self._entries = 0
        self._ordinals = 0
        self._claimed = 0
        self._rotated_ms: tuple[int, ...] = ()
        self._deliveries: OrderedDict[str, Delivery] = OrderedDict()
        self._held: dict[str, list[Delivery]] = {}
        """What is to be the last of its prediction, as long as anything else is to be told."""
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
        with self._lock:
            watch = Watch(created, render, self._ordinals, kept, changed)
            self._listen(watch)
            self._ordinals += 1
            self._watched[created.id] = watch
            self._plan(watch)
        changed()

    def next_ms(self) -> int | None:
        """When the next attempt is due; None if nothing is planned."""
        with self._lock:
            self._drop_stale()
            return self._queue[0][0] if self._queue else None

    def planned_ms(self, prediction_id: str) -> int | None:
        """When this prediction's life is next to be told; None if all was."""
        watch = self._watched.get(prediction_id)
        return None if watch is None else watch.next_ms

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
                    if item.posting.last and item.prediction_id in self._watched:
                        self._held.setdefault(item.prediction_id, []).append(item)
                        continue
                    item.planned_ms = item.planned_ms[1:]
                    item.taken_ms = at_ms
                    self._claimed += 1
                    return item, at_ms
                self._tell(item, at_ms)
                self._plan(item)
        return None

    def _release(self, delivery: Delivery) -> None:
        self._claimed -= 1
        delivery.taken_ms = None

    def again(self, delivery_id: str) -> Delivery | None:
        """A delivery to be tried once more, whatever became of it; call `settle` afterwards."""
        with self._lock:
            found = self._deliveries.get(delivery_id)
            self._claimed += found is not None
            return found

    def settle(self, delivery: Delivery, *attempts: Attempt) -> None:
        """Keep what came of an attempt, or of several at once, and plan the next if any."""
        with self._lock:
            self._release(delivery)
            delivery.attempts = (*delivery.attempts, *attempts)
            if any(one.delivered or one.blocked for one in attempts):
                again_ms = attempts[-1].at_ms + delivery.posting.gap_ms
                delivery.planned_ms = (again_ms,) if delivery.copies_left else ()
            delivery.state = delivery.outcome
            self._queue_up(delivery)

    def put_off(self, delivery: Delivery, at_ms: int) -> None:
        """Take back what was taken at `at_ms`, to go out as its posting says."""
        with self._lock:
            self._release(delivery)
            delivery.planned_ms = (at_ms, *delivery.planned_ms)
            if delivery.posting.last:
                delivery.place = delivery.place[0], _BEHIND - delivery.place[1]
            delivery.shift(delivery.posting.delay_ms)
            self._queue_up(delivery)

    def secrets(self, at_ms: int) -> tuple[str, ...]:
        """The secrets that sign at `at_ms`, the newest first."""
        rotated = [after for after in self._rotated_ms if after <= at_ms]
        young = sum(at_ms < after + ROTATION_MS for after in rotated)
        newest = len(rotated)
        return tuple(self._secret(newest - age) for age in range(young + 1))

    @property
    def coming_secret(self) -> str:
        """The secret that the next rotation brings."""
        return self._secret(len(self._rotated_ms) + 1)

    def rotate(self, now_ms: int) -> str:
        """Sign with a new secret from now on, and for a day with the one before as well."""
        with self._lock:
            self._rotated_ms = (*self._rotated_ms, now_ms)
        return self.secrets(now_ms)[0]

    def __iter__(self) -> Iterator[Delivery]:
        """The deliveries that became due and are kept, in the order in which they did."""
        with self._lock:
            return iter(tuple(self._deliveries.values()))

    def copy(self, bell: WorldBell, stores: Mapping[int, Store]) -> Outbox:
        """The same, to go on apart from this one: in a world with another bell and other stores.

        `stores` are found by the `id` of those in whose place they are.
        """
        other = Outbox(stores[id(self._store)], bell, self._seed)
        with self._lock:
            other._ordinals, other._rotated_ms = self._ordinals, self._rotated_ms
            watches = [one.copy(stores[id(one.store)]) for one in self._watched.values()]
            queued = (item for *_, item in self._queue if isinstance(item, Delivery))
            held = chain.from_iterable(self._held.values())
            sent = {id(one): one.copy() for one in chain(self._deliveries.values(), queued, held)}
            kept = [sent[id(one)] for one in self._deliveries.values()]
        other._begin(watches, kept, sent.values())
        return other

    def _begin(
        self, watches: Iterable[Watch], kept: Iterable[Delivery], planned: Iterable[Delivery]
    ) -> None:
        """Go on with what another outbox had: those of `planned` that nobody keeps as well."""
        self._deliveries.update((one.id, one) for one in kept)
        for watch in watches:
            self._watched[watch.created.id] = watch
            self._listen(watch)
            self._plan(watch)
        for delivery in planned:
            self._queue_up(delivery)

    def _secret(self, ordinal: int) -> str:
        drawn = (ids.entropy(self._seed, ordinal, b"whsec%d" % part) for part in (1, 2))
        return signature.secret(b"".join(drawn)[:SECRET_BYTES])

    def _listen(self, watch: Watch) -> None:
        watch.unsubscribe = self._bell.subscribe(watch.created.id, partial(self._rung, watch))

    def _rung(self, watch: Watch) -> None:
        """A move of the clock rings for all, and changes no plan: most rings end here."""
        if len(watch.store.events(watch.created.id)[1]) == watch.interventions:
            return
        with self._lock:
            self._plan(watch)
        watch.changed()

    def _plan(self, watch: Watch) -> None:
        """Look at a prediction again when something is to be told of it; or never again."""
        left = watch.left()
        if not left:
            watch.next_ms = None
            if not watch.ends:
                return
            if self._watched.pop(watch.created.id, None):
                watch.unsubscribe()
            for held in self._held.pop(watch.created.id, ()):
                held.shift(watch.over_ms - held.planned_ms[0])
                self._queue_up(held)
            return
        at_ms = watch.created.at_ms + left[0].after_ms
        if at_ms != watch.next_ms:
            watch.next_ms = at_ms
            self._enter(at_ms, (watch.ordinal, -1), watch)

    def _tell(self, watch: Watch, at_ms: int) -> None:
        """Make deliveries of what is to be told of a prediction by `at_ms`."""
        watch.next_ms = None
        for hook in watch.left():
            due_ms = watch.created.at_ms + hook.after_ms
            if due_ms <= at_ms:
                place = watch.ordinal, len(watch.told)
                watch.told.add((hook.event, hook.after_ms))
                self._keep(self._delivery(watch, hook, due_ms, place))

    def _delivery(self, watch: Watch, hook: Hook, due_ms: int, place: tuple[int, int]) -> Delivery:
        drawn = f"{self._seed}:{watch.created.id}:{hook.event}:{hook.after_ms}".encode()
        return Delivery(
            id=f"msg_{ids.token(drawn, ID_LENGTH, _ALPHABET)}",
            prediction_id=watch.created.id,
            model=watch.created.model,
            event=hook.event,
            url=watch.created.webhook or "",
            due_ms=due_ms,
            render=watch.render,
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

    def _enter(self, at_ms: int, place: tuple[int, int], item: Watch | Delivery) -> None:
        self._entries += 1
        heappush(self._queue, (at_ms, place, self._entries, item))

    def _drop_stale(self) -> bool:
        """Forget entries that were planned otherwise since; whether any are left."""
        while self._queue and _stale(self._queue[0][0], self._queue[0][-1]):
            heappop(self._queue)
        return bool(self._queue)


def _stale(at_ms: int, item: Watch | Delivery) -> bool:
    if isinstance(item, Delivery):
        return item.planned_ms[:1] != (at_ms,)
    return item.next_ms != at_ms
