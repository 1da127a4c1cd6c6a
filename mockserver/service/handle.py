"""A world in the hands of a test: its time, its rules, what was created, what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, Unpack

from mockserver.core import readers
from mockserver.core.clock import FROZEN, REAL, Clock
from mockserver.core.timeline import Status
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import SERVER, Needs
from mockserver.service import predictions, restoring
from mockserver.service.deliveries import Delivery
from mockserver.service.fake import Fake
from mockserver.service.faults import WorldFaults, able
from mockserver.service.journal import Journal
from mockserver.service.ledger import Ledger
from mockserver.service.predictions import Seen
from mockserver.service.rules import Rule
from mockserver.service.snapshots import Snapshot
from mockserver.service.worlds import Beginning, World


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NeverSettles(RuntimeError):
    """A prediction would run for ever; the text says which, and how to end it."""


class ClockHand:
    """A world's clock as a test moves it: in seconds, and only forwards."""

    def __init__(self, clock: Clock, moved: Callable[[], None] = lambda: None) -> None:
        """`moved` is called after each move, before the test goes on."""
        self._clock = clock
        self._moved = moved

    @property
    def now(self) -> datetime:
        """The world's time, in UTC."""
        return _EPOCH + timedelta(milliseconds=self.now_ms)

    @property
    def now_ms(self) -> int:
        """The world's time in Unix milliseconds."""
        return self._clock.now_ms()

    @property
    def mode(self) -> str:
        """`poll`, `manual`, `real` or `scaled:RATE`."""
        return self._clock.mode

    def advance(self, seconds: float) -> datetime:
        """Move the world on; returns its new time. Raises `ValueError` below 0."""
        self._clock.advance(round(seconds * 1000))
        self._moved()
        return self.now

    def freeze(self) -> None:
        """Let the time stand still from now on."""
        self._clock.run(FROZEN)

    def run(self, rate: float = REAL) -> None:
        """Let the time run from now on, `rate` world seconds in a second."""
        self._clock.run(rate)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction as it is at the moment of the look; `outputs` counts those that can be seen."""

    id: str
    model: str
    status: Status
    input: Mapping[str, object]
    outputs: int
    logs: str
    error: str | None
    created_at: datetime


class Handle:
    """One world of `fake`, made anew for whoever holds this, and reached with `token`."""

    means: ClassVar[frozenset[Needs]] = SERVER
    """What the edge has that performs its faults."""

    def __init__(self, fake: Fake, token: str, **beginning: Unpack[Beginning]) -> None:
        """Raises `UnknownName` for a scenario that there is not, `ValueError` for a clock."""
        fake.catalogue.scenario(beginning.get("scenario", fake.settings.scenario))
        self.fake = fake
        self.token = token
        self._beginning = beginning
        self.reset()

    def reset(self) -> None:
        """Forget everything in this world, and begin it again as it began."""
        self.fake.worlds.make(self.token, **self._beginning)

    @property
    def world(self) -> World:
        """The world itself."""
        return self.fake.worlds.named(self.token)

    @property
    def clock(self) -> ClockHand:
        """The world's time, to be read and moved; a move delivers the webhooks it makes due."""
        return ClockHand(self.world.clock, self._deliver)

    @property
    def journal(self) -> Journal:
        """Every interaction kept, oldest first."""
        return self.world.journal

    @property
    def ledger(self) -> Ledger:
        """What was created, and what it would have cost."""
        return self.world.ledger

    def snapshot(self) -> Snapshot:
        """The world as it is now, to be restored any number of times."""
        return restoring.take(self.fake, self.world)

    def restore(self, snapshot: Snapshot) -> None:
        """Bring this world back to what it was then, its time included.

        Raises `ValueError` for a snapshot of another world.
        """
        if snapshot.world.key != self.world.key:
            told = f"{snapshot.world.label!r}, not of {self.world.label!r}"
            raise ValueError(f"this snapshot was taken of the world {told}")
        restoring.restore(self.fake, snapshot)
        self._deliver()

    def scenario(
        self, name: str, *, model: str = "*", prompt: str = "", times: int | None = None
    ) -> None:
        """Let the next `times` predictions (None: all) that match live through scenario `name`.

        `model` is a shell pattern over `owner/name`, `prompt` a text that the prompt contains.
        Raises `UnknownName`.
        """
        self.fake.catalogue.scenario(name)
        self.world.rules.add(Rule(name, model, prompt, times))

    def fault(self, fault: str, **said: object) -> None:
        """Let `fault` strike from now on: `fault("net.reset_before", on="create", nth=1)`.

        What is said of it may also stand in the text, as in `net.reset_before;nth=1`.
        Raises `LibraryError` for one that is not known, `Unable` for one that cannot be had here.
        """
        told = catalogue.said(fault, said)
        able(told, self.means)
        self.world.faults.add(told, self.world.clock.now_ms())

    @property
    def faults(self) -> WorldFaults:
        """What is set in this world; `.struck` is what it struck, `.clear()` forgets it."""
        return self.world.faults

    def predictions(self) -> tuple[Prediction, ...]:
        """All predictions as they are now, in the order they were created; moves no clock."""
        return tuple(_prediction(seen) for seen in self._seen())

    def settle(self) -> tuple[Prediction, ...]:
        """Move the clock on until every prediction has ended, and return them.

        Raises `NeverSettles` if one never will.
        """
        ends_ms = [_end_ms(seen) for seen in self._seen()]
        if ends_ms:
            self.world.clock.jump(max(ends_ms))
            self._deliver()
        return self.predictions()

    def force(self, prediction_id: str, status: Status | str, error: str | None = None) -> None:
        """Make a prediction take `status` now, where that is legal. Raises `ValueError`."""
        seen = predictions.force(self.world, prediction_id, Status(status), error)
        if seen.moment.status != status:
            raise ValueError(f"{status} cannot follow {seen.moment.status}")
        self._deliver()

    def deliveries(self) -> tuple[Delivery, ...]:
        """The webhooks that became due, and what came of them; those due now are sent first."""
        self._deliver()
        return tuple(self.world.outbox)

    def _deliver(self) -> None:
        self.fake.courier.perform(self.world)

    def _seen(self) -> list[Seen]:
        world = self.world
        with world.lock:
            now_ms = world.clock.now_ms()
            found = world.store.ids(0, len(world.store))
            return [predictions.look(world, one, now_ms=now_ms) for one in found]


def _prediction(seen: Seen) -> Prediction:
    created, moment = seen.created, seen.moment
    return Prediction(
        id=created.id,
        model=created.model,
        status=moment.status,
        input=json.loads(created.input),
        outputs=moment.outputs,
        logs=moment.logs.replace("{seed}", str(created.seed)),
        error=moment.error,
        created_at=_EPOCH + timedelta(milliseconds=created.at_ms),
    )


def _end_ms(seen: Seen) -> int:
    """The world time at which the prediction ends."""
    end = readers.ending(seen.moments)
    if end is None:
        raise NeverSettles(
            f"prediction {seen.created.id} of {seen.created.model} stays "
            f"{seen.moments[-1].status} for ever: cancel it, or force() it to end"
        )
    return seen.created.at_ms + end.after_ms
