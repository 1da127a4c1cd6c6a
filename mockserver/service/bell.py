"""What wakes the requests that wait in a world: its clock was moved, or a prediction changed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from mockserver.core.clock import Clock


class WorldBell:
    """The core's `Bell`, rung by a world's clock and by its predictions. Safe from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waiting: dict[str, dict[int, Callable[[], None]]] = {}
        self._tickets = 0
        clock.on_move(self.ring_all)

    @property
    def jumps_when_idle(self) -> bool:
        """Whether a waiting edge may jump the clock when every open request only waits."""
        return self._clock.jumps_when_idle

    def now_ms(self) -> int:
        """The world's time."""
        return self._clock.now_ms()

    def delay_s(self, at_ms: int) -> float | None:
        """Seconds of real time until `at_ms`; None if only a hand moves the clock."""
        return self._clock.delay_s(at_ms)

    def jump(self, at_ms: int) -> None:
        """Move the world's clock on to `at_ms`."""
        self._clock.jump(at_ms)

    def subscribe(self, about: str, ring: Callable[[], None]) -> Callable[[], None]:
        """Call `ring` when the clock is moved or `about` changes; returns the unsubscriber."""
        with self._lock:
            self._tickets += 1
            ticket = self._tickets
            self._waiting.setdefault(about, {})[ticket] = ring

        def unsubscribe() -> None:
            with self._lock:
                rings = self._waiting.get(about, {})
                rings.pop(ticket, None)
                if not rings:
                    self._waiting.pop(about, None)

        return unsubscribe

    def ring(self, about: str) -> None:
        """`about` has changed."""
        with self._lock:
            rings = tuple(self._waiting.get(about, {}).values())
        for ring in rings:
            ring()

    def ring_all(self) -> None:
        """The clock was moved, so everything may have changed."""
        with self._lock:
            rings = tuple(ring for rings in self._waiting.values() for ring in rings.values())
        for ring in rings:
            ring()
