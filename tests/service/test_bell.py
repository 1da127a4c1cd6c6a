"""What wakes the requests that wait in a world."""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import EPOCH_MS, Clock
from mockserver.service.bell import WorldBell


@pytest.fixture
def clock() -> Clock:
    """A clock in the hands of the test."""
    return Clock(0)


def test_a_ring_wakes_those_who_wait_for_it(clock: Clock) -> None:
    """And nobody else."""
    bell = WorldBell(clock)
    woken: list[str] = []
    bell.subscribe("a", lambda: woken.append("first"))
    bell.subscribe("a", lambda: woken.append("second"))
    bell.subscribe("b", lambda: woken.append("other"))
    bell.ring("a")
    assert woken == ["first", "second"]


@pytest.mark.parametrize(
    "move",
    [methodcaller("advance", 1), methodcaller("jump", 0), methodcaller("run", 2)],
)
def test_a_hand_on_the_clock_wakes_everybody(move: Callable[[Clock], int], clock: Clock) -> None:
    """Everything may have changed."""
    bell = WorldBell(clock)
    woken: list[str] = []
    bell.subscribe("a", lambda: woken.append("a"))
    bell.subscribe("b", lambda: woken.append("b"))
    move(clock)
    assert woken == ["a", "b"]


def test_who_left_is_not_woken(clock: Clock) -> None:
    """Others who wait for the same still are; leaving twice is leaving."""
    bell = WorldBell(clock)
    woken: list[str] = []
    leave = bell.subscribe("a", lambda: woken.append("gone"))
    bell.subscribe("a", lambda: woken.append("here"))
    leave()
    leave()
    bell.ring("a")
    bell.ring_all()
    assert woken == ["here", "here"]


def test_who_is_woken_may_leave_or_come_back(clock: Clock) -> None:
    """A ring tells those who waited when it rang, not those who come in meanwhile."""
    bell = WorldBell(clock)
    woken: list[str] = []

    def again() -> None:
        woken.append("again")
        leave()
        bell.subscribe("a", lambda: woken.append("back"))

    leave = bell.subscribe("a", again)
    bell.ring("a")
    assert woken == ["again"]
    bell.ring("a")
    assert woken == ["again", "back"]


def test_a_ring_that_nobody_waits_for_is_heard_by_nobody(clock: Clock) -> None:
    """It is no error."""
    WorldBell(clock).ring("a")


class Waiter:
    """Somebody who waits, and of whom nothing may be left."""

    def __call__(self) -> None:
        """Is woken."""


@given(
    st.lists(st.sampled_from("abc"), max_size=8).flatmap(
        lambda abouts: st.tuples(st.just(abouts), st.permutations(range(len(abouts))))
    )
)
def test_nothing_is_left_of_those_who_left(drawn: tuple[list[str], list[int]]) -> None:
    """A million requests that waited leave no trace, in whatever order they went."""
    abouts, order = drawn
    bell = WorldBell(Clock(0))
    waiters = [Waiter() for _ in abouts]
    traces = [ref(waiter) for waiter in waiters]
    leaves = [bell.subscribe(about, one) for about, one in zip(abouts, waiters, strict=True)]
    for place in order:
        leaves[place]()
    leaves.clear()
    waiters.clear()
    assert [trace() for trace in traces] == [None] * len(abouts)


def test_a_bell_tells_the_time_of_its_world(clock: Clock) -> None:
    """It is all that an edge needs to know of a clock."""
    bell = WorldBell(clock)
    bell.jump(EPOCH_MS + 5)
    assert bell.now_ms() == clock.now_ms() == EPOCH_MS + 5
    assert bell.delay_s(EPOCH_MS + 5) == 0
    assert bell.delay_s(EPOCH_MS + 6) is None


@pytest.mark.parametrize("idle", [False, True])
def test_a_bell_tells_whether_waiting_may_jump(*, idle: bool) -> None:
    """As its clock says."""
    assert WorldBell(Clock(0, jumps_when_idle=idle)).jumps_when_idle is idle
