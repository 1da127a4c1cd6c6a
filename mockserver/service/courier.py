"""Delivers webhooks as their worlds' clocks run, and keeps what became of them.

Where time runs by itself, one thread waits for the next attempt; it ends when none is ahead.
Where a hand moves the clock, whoever moves it delivers what became due (`perform`), in order,
before going on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Condition, Thread
from typing import Final, Protocol

from mockserver.core.clock import monotonic_ms
from mockserver.core.letter import Letter
from mockserver.core.timeline import Created
from mockserver.service import posting
from mockserver.service.deliveries import Attempt, Delivery
from mockserver.service.egress import Blocked, Egress, Target
from mockserver.service.store.protocol import Store
from mockserver.service.worlds import World


Render = Callable[[World, int], bytes]
"""The body that a world makes, as it is at one of its times."""

_ABOUT: Final = "webhooks"

_log = logging.getLogger(__name__)


class Undelivered(Exception):
    """No answer was had; the text says why in one sentence."""


class Sender(Protocol):
    """Posts letters. Where they may go has been decided; an address has yet to be checked."""

    def __call__(self, target: Target, letter: Letter, /) -> int:
        """The status that was answered. Raises `Blocked` or `Undelivered`."""
        ...


def nobody(_target: Target, _letter: Letter) -> int:
    """The sender of a fake that has no way out."""
    raise Undelivered("the fake has no sender")


class Courier:
    """The deliveries of one fake, world by world."""

    def __init__(self, egress: Egress | None = None, sender: Sender = nobody) -> None:
        self.egress = egress or Egress()
        self.sender = sender
        self._changed = Condition()
        self._rounds: dict[int, tuple[World, Callable[[], None]]] = {}
        self._thread: Thread | None = None

    def expect(
        self, world: World, created: Created, render: Render, store: Store | None = None
    ) -> None:
        """Tell the webhook of `created`, which is in `store` or with the world's predictions.

        `render` makes the bodies.
        """
        self._call_at(world)
        world.outbox.watch(created, render, self._wake, store)

    def take_over(self, world: World) -> None:
        """Deliver from now on what `world`, which takes another one's place, still has to tell."""
        if world.outbox.next_ms() is not None:
            self._call_at(world)
            self._wake()

    def due(self, world: World) -> bool:
        """Whether something waits to be delivered now, or is on its way at this moment."""
        return world.outbox.busy(world.clock.now_ms())

    def perform(self, world: World, enough: Callable[[], bool] = lambda: False) -> None:
        """Deliver what is due by now, in order; it may take as long as its receivers.

        It goes on until nothing is due, or until it is `enough`: where time runs by itself and
        receivers are slow, something may always be due.
        """
        # One at a time: others who deliver in this world get their turn in between.
        while not enough() and self._perform_one(world):
            pass
        self._wake()

    def _perform_one(self, world: World) -> bool:
        """Deliver the first that is due; whether there was one."""
        with world.outbox.performing:
            taken = None if world.forgotten else world.outbox.take(world.clock.now_ms())
            if taken is None:
                return False
            delivery, at_ms = taken
            if posting.goes_out(world, delivery, at_ms):
                self._deliver(world, delivery, at_ms)
            else:
                world.outbox.put_off(delivery, at_ms)
            return True

    def again(self, world: World, delivery_id: str) -> Delivery | None:
        """Try a delivery once more, now; None if it is not known."""
        with world.outbox.performing:
            delivery = world.outbox.again(delivery_id)
            if delivery is not None:
                at_ms = world.clock.now_ms()
                write = partial(posting.plain, world, delivery, at_ms)
                tried = self._attempt(delivery, write, at_ms, self.sender)
                world.outbox.settle(delivery, tried)
        self._wake()
        return delivery

    def close(self) -> None:
        """Wait for nothing any more; what is left stays where it is, to be performed by hand."""
        with self._changed:
            for _, unsubscribe in self._rounds.values():
                unsubscribe()
            self._rounds.clear()
            self._changed.notify()

    def _deliver(self, world: World, delivery: Delivery, at_ms: int) -> None:
        """Make the attempt of `at_ms`, and keep what came of it."""
        letters: list[Letter] = []
        send = _believed if delivery.posting.lost else self.sender

        def attempt() -> Attempt:
            write = partial(posting.letter, world, delivery, at_ms, letters.append)
            return self._attempt(delivery, write, at_ms, send)

        copies = delivery.posting.copies if delivery.posting.together else 1
        tried = [attempt()] if copies == 1 else _at_once(copies, attempt)
        world.outbox.settle(delivery, *tried)
        posting.record(world, delivery, letters[:1], tried)

    def _attempt(
        self, delivery: Delivery, write: Callable[[], Letter], at_ms: int, send: Sender
    ) -> Attempt:
        begun_ms = monotonic_ms()
        try:
            target = self.egress.target(delivery.url)
            status = send(target, write())
            tried = Attempt(at_ms, status, _complaint(status))
        except Blocked as reason:
            tried = Attempt(at_ms, why=str(reason), blocked=True)
        except Undelivered as reason:
            tried = Attempt(at_ms, why=str(reason))
        except Exception:  # noqa: BLE001 - whatever fails, the next delivery goes out
            _log.exception("delivering %s failed", delivery.id)
            tried = Attempt(at_ms, why="the fake itself failed; its log says why")
        return replace(tried, took_ms=monotonic_ms() - begun_ms)

    def _call_at(self, world: World) -> None:
        """Visit `world` from now on, until it has nothing left to deliver."""
        with self._changed:
            if id(world) not in self._rounds:
                unsubscribe = world.bell.subscribe(_ABOUT, self._wake)
                self._rounds[id(world)] = world, unsubscribe

    def _wake(self) -> None:
        """Something may be due earlier than it was."""
        with self._changed:
            self._changed.notify()
            if self._thread is None and self._delay_s() is not None:
                self._thread = Thread(target=self._run, name="mockserver-courier", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                delay_s = self._delay_s()
                if delay_s is None:
                    self._thread = None
                    return
                if delay_s > 0:
                    self._changed.wait(delay_s)
                    continue
                ready = self._ready()
            for world in ready:
                self.perform(world)

    def _delay_s(self) -> float | None:
        """Seconds until the next attempt anywhere; None if no clock runs towards one."""
        delays_s = [
            delay_s
            for world in self._visited()
            if (at_ms := world.outbox.next_ms()) is not None
            and (delay_s := world.clock.delay_s(at_ms)) is not None
        ]
        return min(delays_s, default=None)

    def _ready(self) -> list[World]:
        return [world for world in self._visited() if self.due(world)]

    def _visited(self) -> list[World]:
        """The worlds that are still there and have something planned."""
        for key, (world, unsubscribe) in tuple(self._rounds.items()):
            if world.forgotten:
                del self._rounds[key]
                unsubscribe()
        return [world for world, _ in self._rounds.values()]


def _believed(_target: Target, _letter: Letter) -> int:
    """The sender where a delivery is lost: nothing is posted, and 200 is believed."""
    return 200


def _at_once(copies: int, attempt: Callable[[], Attempt]) -> list[Attempt]:
    """What comes of as many attempts side by side."""
    with ThreadPoolExecutor(copies) as pool:
        return [one.result() for one in [pool.submit(attempt) for _ in range(copies)]]


def _complaint(status: int) -> str:
    """Why an answer of this status is none."""
    if 200 <= status < 300:  # noqa: PLR2004 - any 2xx is an acceptance
        return ""
    moved = "; redirects are not followed" if 300 <= status < 400 else ""  # noqa: PLR2004 - 3xx
    return f"the receiver answered {status}, not 2xx{moved}"
