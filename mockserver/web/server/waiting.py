"""Requests that wait: parked on timers and bells, not in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mockserver.core.reply import Bell


class Wait:
    """Calls `wake` on the loop at a moment of the world, and whenever the bell rings.

    `rung` says that something may have changed since it was last set to False; it starts True,
    because a change before the subscription was heard by nobody.
    """

    __slots__ = (
        "_timer",
        "_unsubscribe",
        "_waits",
        "_wake",
        "_waking",
        "about",
        "at_ms",
        "bell",
        "rung",
    )

    def __init__(self, waits: Waits, bell: Bell, about: str, wake: Callable[[], None]) -> None:
        """Subscribes to `bell` at once; `until` starts the timer."""
        self.bell = bell
        self.about = about
        self.at_ms: int | None = None
        self.rung = True
        self._waits = waits
        self._wake: Callable[[], None] | None = wake
        self._waking = False
        self._timer: asyncio.TimerHandle | None = None
        self._unsubscribe = bell.subscribe(about, self._ring)

    def until(self, at_ms: int | None) -> None:
        """Wake at world time `at_ms`; with None only the bell does."""
        self._stop_timer()
        self.at_ms = at_ms
        if at_ms is None:
            return
        delay_s = self.bell.delay_s(at_ms)
        if delay_s is not None:
            self._timer = self._waits.loop.call_later(max(delay_s, 0.0), self._due)
        if self.bell.jumps_when_idle:
            self._waits.add_jumper(self)

    def cancel(self) -> None:
        """Never wake again."""
        self._stop_timer()
        self._wake = None
        self._waits.discard_jumper(self)
        self._unsubscribe()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        """Comes from any thread; rings that find one on its way are that one."""
        if not self._waking:
            self._waking = True
            self._waits.soon(self._due)

    def _due(self) -> None:
        self._waking = False
        self.rung = True
        self._waits.discard_jumper(self)
        if self._wake is not None:
            self._wake()


class Waits:
    """The waits of one loop; moves clocks that jump when nobody does anything but wait."""

    def __init__(self, loop: asyncio.AbstractEventLoop, jump_after_s: float) -> None:
        """A clock jumps `jump_after_s` after the last sign of activity."""
        self.loop = loop
        self.working = 0
        self._jump_after_s = jump_after_s
        self._active_at_s = 0.0
        self._jumpers: set[Wait] = set()
        self._timer: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Something other than waiting happened."""
        if self._jumpers:
            self._active_at_s = self.loop.time()

    def soon(self, call: Callable[[], None]) -> None:
        """Run `call` on the loop, from any thread; a loop that is gone has nobody waiting."""
        try:
            self.loop.call_soon_threadsafe(call)
        except RuntimeError:
            if not self.loop.is_closed():
                raise

    def add_jumper(self, wait: Wait) -> None:
        """`wait` ends by a jump of its clock if nothing else happens."""
        self._jumpers.add(wait)
        if self._timer is None:
            self._active_at_s = self.loop.time()
            self._timer = self.loop.call_later(self._jump_after_s, self._jump)

    def discard_jumper(self, wait: Wait) -> None:
        """`wait` has ended or been woken."""
        self._jumpers.discard(wait)

    def _jump(self) -> None:
        self._timer = None
        if not self._jumpers:
            return
        idle_s = self.loop.time() - self._active_at_s
        if self.working or idle_s < self._jump_after_s:
            rest_s = max(self._jump_after_s - idle_s, 0.001)
            self._timer = self.loop.call_later(rest_s, self._jump)
            return
        first: dict[int, Wait] = {}
        for wait in self._jumpers:
            known = first.setdefault(id(wait.bell), wait)
            if (wait.at_ms or 0) < (known.at_ms or 0):
                first[id(wait.bell)] = wait
        for wait in first.values():
            wait.bell.jump(wait.at_ms or 0)
