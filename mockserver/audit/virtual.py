"""A client's time, moved by its own sleeps: who waits for a minute has waited at once.

For as long as a client runs, `time.sleep` moves the fake's clock, and the clocks that a client
reads are that clock. Only the threads of the client live in it; all that ran before goes on in
real time.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from types import ModuleType
from typing import Final
from unittest.mock import patch


REAL_LIMIT_S: Final = 30.0
"""Who has not ended by then in real time sleeps in a way that nobody sees."""

_TIDYING_MS: Final = 60_000

_NOBODYS: Final = frozenset(
    {
        *sys.stdlib_module_names,
        *("_pytest", "coverage", "execnet", "hypothesis", "mockserver", "pluggy", "pytest"),
        *("respx", "xdist"),
    }
)
"""Packages whose time is real, whoever they work for."""


_Any = Callable[..., object]


class OutOfPatience(BaseException):
    """The client had all the time it was allowed: no exception of a kind that it would catch."""


class VirtualTime:
    """The time of one run. `move` moves the fake's clock by milliseconds, `now_ms` reads it."""

    def __init__(
        self, move: Callable[[int], object], now_ms: Callable[[], int], limit_ms: int
    ) -> None:
        self._move = move
        self._now_ms = now_ms
        self._began_ms = now_ms()
        self._limit_ms = limit_ms
        self._origins = time.monotonic(), time.perf_counter()
        self._real_limit_s = time.monotonic() + REAL_LIMIT_S
        self._real_monotonic = time.monotonic
        self._outsiders = {one.ident for one in threading.enumerate()} - {threading.get_ident()}
        self.over = False
        """Whether nobody counts any more."""

    @property
    def took_ms(self) -> int:
        """How long the client has been running."""
        return self._now_ms() - self._began_ms

    @property
    def real_left_s(self) -> float:
        """How much real time is left."""
        return max(0.0, self._real_limit_s - self._real_monotonic())

    def wait(self, seconds: float) -> None:
        """Let so much time pass. Raises `OutOfPatience` when there is none left."""
        if seconds > 0:
            self._move(max(1, ceil(seconds * 1000)))
        self.check()

    def check(self) -> None:
        """Raise `OutOfPatience` when the time is up, in the fake's world or in the real one."""
        late = self.took_ms > self._limit_ms or self._real_monotonic() > self._real_limit_s
        if late and not self.over:
            # Who tidies up has a little more, and an event loop has to be closed.
            self._limit_ms += _TIDYING_MS
            raise OutOfPatience

    def monotonic(self) -> float:
        """What `time.monotonic` tells the client."""
        return self._origins[0] + self.took_ms / 1000

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let the calling thread, and whatever it starts, live in this time."""
        virtual: dict[str, _Any] = {
            "sleep": self.wait,
            "monotonic": self.monotonic,
            "time": self._wall,
            "perf_counter": self._counter,
        }
        real: dict[str, _Any] = {name: getattr(time, name) for name in virtual}
        told = {real[name]: self._for_insiders(real[name], virtual[name]) for name in virtual}

        def new_event_loop() -> asyncio.AbstractEventLoop:
            return _Loop(self)

        with _replaced(told), patch.multiple(asyncio.events, new_event_loop=new_event_loop):
            yield

    def _wall(self) -> float:
        return self._now_ms() / 1000

    def _counter(self) -> float:
        return self._origins[1] + self.took_ms / 1000

    def _for_insiders(self, real: _Any, virtual: _Any) -> _Any:
        def told(*arguments: float) -> object:
            outside = threading.get_ident() in self._outsiders
            return (real if outside else virtual)(*arguments)

        return told


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that lets time pass instead of waiting for it."""

    def __init__(self, its_time: VirtualTime) -> None:
        self._its_time = its_time
        super().__init__(_Selector(its_time))

    def time(self) -> float:
        """Seconds of the virtual time."""
        return self._its_time.monotonic()


class _Selector(selectors.DefaultSelector):
    def __init__(self, its_time: VirtualTime) -> None:
        super().__init__()
        self._its_time = its_time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            # Nothing is to come by itself: only another thread could bring it, in real time.
            ready = super().select(self._its_time.real_left_s)
            self._its_time.check()
            return ready
        if timeout <= 0:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self._its_time.wait(timeout)
        return ready


@contextmanager
def _replaced(told: Mapping[_Any, _Any]) -> Iterator[None]:
    """Puts the values of `told` where its keys are known by any name of anybody's module."""
    by_id = {id(real): virtual for real, virtual in told.items()}
    places = [
        (module, name, value)
        for module in _clients_modules()
        for name, value in list(vars(module).items())
        if id(value) in by_id
    ]
    for module, name, value in places:
        setattr(module, name, by_id[id(value)])
    try:
        yield
    finally:
        for module, name, value in places:
            setattr(module, name, value)


def _clients_modules() -> Iterator[ModuleType]:
    """The modules that may be a client's, and the one that all of them import."""
    yield time
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _NOBODYS and isinstance(module, ModuleType):
            yield module
