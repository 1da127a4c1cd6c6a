"""The time of a client in this process: its sleeps move it, and nothing else does."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType

import pytest

from mockserver.audit.virtual import OutOfPatience, VirtualTime
from mockserver.core.clock import Clock


HOUR_S = 3_600


@pytest.fixture
def clock() -> Clock:
    """A fake's clock, which stands still."""
    return Clock(0)


@pytest.fixture
def its_time(clock: Clock) -> VirtualTime:
    """A client's, for two hours."""
    return VirtualTime(clock.advance, clock.now_ms, 2 * HOUR_S * 1000)


@pytest.fixture
def somebodys() -> Iterator[ModuleType]:
    """A module that has taken the functions of `time` by their own names."""
    module = ModuleType("somebodys_client")
    vars(module).update(nap=time.sleep, now=time.monotonic)  # noqa: TID251 - renamed
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_a_sleep_moves_all_clocks(its_time: VirtualTime, clock: Clock) -> None:
    """An hour passes at once, for the fake and for every clock that the client reads."""
    began_ms = clock.now_ms()
    with its_time.entered():
        before = time.monotonic(), time.time(), time.perf_counter()
        time.sleep(HOUR_S)  # noqa: TID251 - it takes no time
        passed = [
            after - then
            for then, after in zip(
                before, (time.monotonic(), time.time(), time.perf_counter()), strict=True
            )
        ]
    assert passed == pytest.approx([HOUR_S] * 3)
    assert clock.now_ms() - began_ms == HOUR_S * 1000


def test_names_taken_from_time_are_led_along(its_time: VirtualTime, somebodys: ModuleType) -> None:
    """`from time import sleep` in a client's module; afterwards all is as before."""
    real = time.sleep  # noqa: TID251 - compared
    with its_time.entered():
        before = somebodys.now()
        somebodys.nap(60)
        assert somebodys.now() - before == pytest.approx(60)
    assert somebodys.nap is real
    assert time.sleep is real  # noqa: TID251 - compared


def test_an_event_loop_lets_time_pass(its_time: VirtualTime) -> None:
    """Sleeps, time-outs and two tasks at once, each at its moment."""
    seen: list[tuple[str, float]] = []

    async def nap(name: str, seconds: float) -> None:
        """Note when a sleep is over."""
        await asyncio.sleep(seconds)
        seen.append((name, round(time.monotonic() - began)))

    async def both() -> None:
        """Two sleeps at once, then one that takes too long."""
        await asyncio.gather(nap("late", 60), nap("early", 5))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await nap("never", 600)

    with its_time.entered():
        began = time.monotonic()
        asyncio.run(both())
        assert round(time.monotonic() - began) == 70
    assert seen == [("early", 5), ("late", 60)]


def test_an_event_loop_hears_other_threads(its_time: VirtualTime) -> None:
    """What comes from a thread is waited for in real time."""

    async def worked() -> int:
        """What a thread worked out."""
        return await asyncio.to_thread(sum, [1, 2])

    with its_time.entered():
        assert asyncio.run(worked()) == 3


def test_patience_ends(its_time: VirtualTime) -> None:
    """In a way that a client does not catch by accident; who tidies up is let."""

    def careless() -> None:
        while True:
            with suppress(Exception):
                time.sleep(HOUR_S)  # noqa: TID251 - it takes no time

    with its_time.entered(), pytest.raises(OutOfPatience):
        careless()
    its_time.over = True
    its_time.wait(HOUR_S)


def test_threads_of_others_keep_real_time(clock: Clock) -> None:
    """What ran before the client came is not disturbed."""
    go, done = threading.Event(), threading.Event()

    def slept() -> None:
        go.wait()
        time.sleep(0.001)  # noqa: TID251 - real, and short
        done.set()

    other = threading.Thread(target=slept)
    other.start()
    outside = VirtualTime(clock.advance, clock.now_ms, 1_000)
    began_ms = clock.now_ms()
    with outside.entered():
        go.set()
        other.join()
    assert done.is_set()
    assert clock.now_ms() == began_ms
