"""The time of a world: integer milliseconds, at any pace, in the hands of the user.

One kind of clock serves every mode, because they differ only in pace:

* real: rate 1; scaled: any other rate; manual: rate 0, moved by `advance` and `jump`;
* poll: rate 0, and each look at something unfinished moves it to the next change;
* `jumps_when_idle`: rate 0, moved to the next change when every open request only waits
  (a poll clock does that too: waiting is a long look).

This is the only room of the core that may read the time of the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


REAL: Final = 1.0
FROZEN: Final = 0.0
FASTEST: Final = 1_000_000

EPOCH_MS: Final = 1_767_225_600_000
"""Where frozen clocks begin, so that a run repeats byte for byte: 2026-01-01T00:00:00Z."""


def monotonic_ms() -> int:
    """Milliseconds of the machine that never go backwards, with an arbitrary origin."""
    return time.monotonic_ns() // 1_000_000


def wall_ms() -> int:
    """The machine's Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """World time as a straight line: it was `world_ms` at `real_ms`, and runs at `rate`."""

    world_ms: int
    real_ms: int
    rate: float

    def at(self, real_ms: int) -> int:
        """The world time at `real_ms`."""
        if self.rate == REAL:
            return self.world_ms + real_ms - self.real_ms
        return self.world_ms + int((real_ms - self.real_ms) * self.rate)

    def delay_s(self, world_ms: int, real_ms: int) -> float | None:
        """Seconds of real time from `real_ms` until `world_ms`; None if that never comes."""
        left_ms = world_ms - self.at(real_ms)
        if left_ms <= 0:
            return 0.0
        return None if self.rate == FROZEN else left_ms / self.rate / 1000


class Clock:
    """A world's clock; `start_ms` None begins now (running) or at `EPOCH_MS` (frozen)."""

    def __init__(
        self,
        rate: float = REAL,
        *,
        start_ms: int | None = None,
        looks: bool = False,
        jumps_when_idle: bool = False,
        real_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        if start_ms is None:
            start_ms = EPOCH_MS if rate == FROZEN else wall_ms()
        self._real_ms = real_ms
        self._pace = Pace(start_ms, real_ms(), _checked(rate))
        self._looks = looks
        self._jumps_when_idle = jumps_when_idle
        self._moved: list[Callable[[], None]] = []

    @property
    def rate(self) -> float:
        """World seconds that pass in one real second."""
        return self._pace.rate

    @property
    def mode(self) -> str:
        """`poll`, `manual`, `real` or `scaled:RATE`."""
        if self.rate == FROZEN:
            return "poll" if self._looks else "manual"
        return "real" if self.rate == REAL else f"scaled:{self.rate:g}"

    @property
    def looks(self) -> bool:
        """Whether a look moves this clock."""
        return self._looks and self.rate == FROZEN

    @property
    def jumps_when_idle(self) -> bool:
        """Whether an edge moves this clock on when every open request only waits."""
        return self.rate == FROZEN and (self._jumps_when_idle or self._looks)

    def now_ms(self) -> int:
        """The world's time."""
        return self._pace.at(self._real_ms())

    def delay_s(self, at_ms: int) -> float | None:
        """Seconds of real time until `at_ms`; None if only a hand moves this clock."""
        return self._pace.delay_s(at_ms, self._real_ms())

    def advance(self, ms: int) -> int:
        """Move the world `ms` milliseconds on; returns the new time. Time never runs backwards."""
        if ms < 0:
            raise ValueError(f"time cannot go backwards: asked to advance by {ms} ms")
        return self._set(lambda now_ms: now_ms + ms, self.rate)

    def jump(self, at_ms: int) -> int:
        """Move the world on to `at_ms`, if that is still ahead; returns the new time."""
        return self._set(lambda now_ms: max(at_ms, now_ms), self.rate)

    def run(self, rate: float = REAL) -> int:
        """From now on run at `rate`: 1 is real time, 0 stands still; returns the time."""
        return self._set(lambda now_ms: now_ms, _checked(rate))

    def look(self, next_change_ms: int | None) -> int:
        """The time a look sees; on a poll clock it moves to the next change first."""
        if self.looks and next_change_ms is not None:
            return self.jump(next_change_ms)
        return self.now_ms()

    def copy(self, at_ms: int | None = None) -> Clock:
        """A clock of the same kind and pace, from `at_ms` or now on; nobody hears it yet."""
        pace = self._pace
        return Clock(
            pace.rate,
            start_ms=pace.at(self._real_ms()) if at_ms is None else at_ms,
            looks=self._looks,
            jumps_when_idle=self._jumps_when_idle,
            real_ms=self._real_ms,
        )

    def on_move(self, moved: Callable[[], None]) -> None:
        """Call `moved` after each change made by hand."""
        self._moved.append(moved)

    def _set(self, moved_to: Callable[[int], int], rate: float) -> int:
        # The machine's time is read once: a second reading would lose what passes in between.
        real_ms = self._real_ms()
        world_ms = moved_to(self._pace.at(real_ms))
        self._pace = Pace(world_ms, real_ms, rate)
        for moved in self._moved:
            moved()
        return world_ms


def clock(spec: str) -> Clock:
    """The clock that `spec` names: `real`, `scaled:RATE`, `manual`, `manual:jump`, `poll`.

    Raises `ValueError` for anything else.
    """
    match spec.split(":"):
        case ["real"]:
            return Clock()
        case ["scaled", rate]:
            return Clock(_rate(rate, spec))
        case ["manual"]:
            return Clock(FROZEN)
        case ["manual", "jump"]:
            return Clock(FROZEN, jumps_when_idle=True)
        case ["poll"]:
            return Clock(FROZEN, looks=True)
        case _:
            known = "real, scaled:RATE, manual, manual:jump, poll"
            raise ValueError(f"no clock is called {spec!r}; there are: {known}")


def _rate(text: str, spec: str) -> float:
    try:
        return _checked(float(text))
    except ValueError as reason:
        raise ValueError(f"the clock {spec!r} needs a rate like scaled:10 ({reason})") from None


def _checked(rate: float) -> float:
    if not 0 <= rate <= FASTEST:
        raise ValueError(f"a clock's rate lies between 0 and {FASTEST}, not at {rate}")
    return rate
