"""The time of a world: integer milliseconds, at any pace, never backwards."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, cycle, islice
from math import ceil, floor
from operator import methodcaller
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import EPOCH_MS, Clock, Pace, clock, monotonic_ms, wall_ms


Action = Callable[[Clock], int]

START_MS: Final = 5_000
rates: Final = st.sampled_from((0.0, 1.0)) | st.floats(0.001, 1_000_000)
durations: Final = st.integers(0, 10**9)
actions: Final = st.one_of(
    st.builds(methodcaller, st.just("advance"), durations),
    st.builds(methodcaller, st.just("jump"), st.integers(-(10**9), 10**9)),
    st.builds(methodcaller, st.just("run"), rates),
    st.builds(methodcaller, st.just("look"), st.none() | st.integers(-(10**9), 10**9)),
)


class Machine:
    """The machine's clock in the hands of a test."""

    def __init__(self) -> None:
        self.ms = 77

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def machine() -> Machine:
    """A machine whose time stands still until a test moves it."""
    return Machine()


# Laws


@given(
    rates,
    st.booleans(),
    st.lists(st.integers(0, 50), min_size=1),
    st.lists(actions, max_size=12),
)
def test_time_never_goes_backwards(
    rate: float,
    looks: bool,  # noqa: FBT001 - drawn
    ticks: list[int],
    done: list[Action],
) -> None:
    """Whatever is done to a clock, and however long it takes, no look is earlier than another."""
    real_ms = accumulate(cycle(ticks))
    moved = Clock(rate, start_ms=START_MS, looks=looks, real_ms=lambda: next(real_ms))
    times = [ms for action in done for ms in (moved.now_ms(), action(moved))]
    assert times == sorted(times)


@given(durations, durations)
def test_two_advances_are_one(first_ms: int, second_ms: int) -> None:
    """Advancing by a, then by b, is advancing by a + b."""
    twice, once = Clock(0), Clock(0)
    twice.advance(first_ms)
    assert twice.advance(second_ms) == once.advance(first_ms + second_ms)


@given(st.lists(durations, max_size=8), st.lists(st.integers(0, 50), min_size=1))
def test_a_hand_loses_no_time(advances_ms: list[int], ticks: list[int]) -> None:
    """At rate 1, what the machine counts while hands are at work is counted too."""
    readings = list(islice(accumulate(cycle(ticks)), len(advances_ms) + 2))
    moved = Clock(1, start_ms=START_MS, real_ms=iter(readings).__next__)
    after_each = [moved.advance(ms) - START_MS for ms in advances_ms]
    gained_ms = moved.now_ms() - START_MS
    assert [*after_each, gained_ms] == [
        sum(advances_ms[: place + 1]) + reading - readings[0]
        for place, reading in enumerate(readings[1:])
    ]


@given(st.floats(0.001, 1_000_000), st.integers(-1_000, 10**9))
def test_a_delay_ends_when_its_instant_comes(rate: float, left_ms: int) -> None:
    """Who waits as long as they were told is neither late by a millisecond nor early."""
    pace = Pace(START_MS, 0, rate)
    delay_s = pace.delay_s(START_MS + left_ms, 0)
    assert delay_s is not None
    assert (delay_s == 0) == (left_ms <= 0)
    assert pace.at(ceil(delay_s * 1000) + 1) >= START_MS + left_ms
    assert pace.at(max(0, floor(delay_s * 1000) - 1)) < START_MS + max(left_ms, 1)


@given(rates, st.integers(0, 10**9))
def test_what_has_come_needs_no_delay(rate: float, past_ms: int) -> None:
    """An instant that is past, or now, is waited for 0 seconds at any rate."""
    assert Pace(START_MS, 0, rate).delay_s(START_MS - past_ms, 0) == 0


# Paces


@pytest.mark.parametrize(
    ("rate", "passed_ms"), [(1.0, 1_000), (0.0, 0), (10.0, 10_000), (0.5, 500)]
)
def test_a_rate_is_world_time_for_each_real_second(
    machine: Machine, rate: float, passed_ms: int
) -> None:
    """Real, frozen, faster and slower are one line with another slope."""
    running = Clock(rate, start_ms=START_MS, real_ms=machine)
    machine.ms += 1_000
    assert running.now_ms() == START_MS + passed_ms


def test_a_frozen_clock_never_comes_by_itself(machine: Machine) -> None:
    """Only a hand moves it, so there is no delay to tell."""
    frozen = Clock(0, start_ms=START_MS, real_ms=machine)
    assert frozen.delay_s(START_MS + 1) is None
    assert frozen.delay_s(START_MS) == 0


def test_a_scaled_clock_shortens_delays(machine: Machine) -> None:
    """At rate 10 a world's second takes a tenth of a real one."""
    assert Clock(10, start_ms=START_MS, real_ms=machine).delay_s(START_MS + 1_000) == 0.1


def test_a_frozen_world_begins_where_all_frozen_worlds_do() -> None:
    """So that a run repeats byte for byte."""
    assert Clock(0).now_ms() == EPOCH_MS == 1_767_225_600_000


def test_a_running_world_begins_now() -> None:
    """Its timestamps are those of the machine's calendar."""
    before_ms = wall_ms()
    now_ms = Clock(real_ms=lambda: 0).now_ms()
    assert before_ms <= now_ms <= wall_ms()


def test_the_machine_is_read_where_nothing_else_is_given() -> None:
    """By default a clock runs on monotonic milliseconds."""
    before_ms = monotonic_ms()
    running = Clock(start_ms=0)
    assert 0 <= running.now_ms() <= monotonic_ms() - before_ms


def test_changing_the_pace_does_not_jump(machine: Machine) -> None:
    """What has passed at one rate stays; the next rate begins there."""
    changed = Clock(1, start_ms=START_MS, real_ms=machine)
    machine.ms += 100
    changed.run(0)
    machine.ms += 1_000
    changed.run(2)
    machine.ms += 10
    assert changed.now_ms() == START_MS + 100 + 20


# Hands


def test_jump_moves_on_but_never_back() -> None:
    """An instant that is past leaves the clock where it is."""
    moved = Clock(0, start_ms=START_MS)
    assert moved.jump(START_MS + 9) == START_MS + 9
    assert moved.jump(START_MS) == START_MS + 9


def test_time_cannot_be_advanced_backwards() -> None:
    """The message says what was asked."""
    with pytest.raises(ValueError, match="cannot go backwards: asked to advance by -1 ms"):
        Clock(0).advance(-1)


@pytest.mark.parametrize("rate", [-0.1, 1_000_001, float("nan"), float("inf")])
def test_a_rate_lies_between_standing_still_and_a_million(rate: float) -> None:
    """At the beginning and later."""
    with pytest.raises(ValueError, match="between 0 and 1000000, not at"):
        Clock(rate)
    with pytest.raises(ValueError, match="between 0 and 1000000, not at"):
        Clock(0).run(rate)


@pytest.mark.parametrize(
    "action",
    [methodcaller("advance", 1), methodcaller("jump", 0), methodcaller("run", 1)],
)
def test_every_hand_is_told(action: Action) -> None:
    """All who asked are called after each change made by hand."""
    moved = Clock(0)
    told: list[str] = []
    moved.on_move(lambda: told.append("one"))
    moved.on_move(lambda: told.append("two"))
    action(moved)
    assert told == ["one", "two"]


def test_looks_move_a_poll_clock_to_the_next_change() -> None:
    """Each look sees something new, as long as there is something new."""
    polled = clock("poll")
    assert polled.look(EPOCH_MS + 300) == EPOCH_MS + 300
    assert polled.look(None) == EPOCH_MS + 300


@pytest.mark.parametrize("spec", ["manual", "manual:jump"])
def test_looks_move_no_other_clock(spec: str) -> None:
    """To look is not to touch."""
    assert clock(spec).look(EPOCH_MS + 300) == EPOCH_MS


# Names


@pytest.mark.parametrize(
    ("spec", "mode", "rate", "idle"),
    [
        ("real", "real", 1, False),
        ("scaled:1", "real", 1, False),
        ("scaled:60", "scaled:60", 60, False),
        ("scaled:0.5", "scaled:0.5", 0.5, False),
        ("scaled:1000000", "scaled:1e+06", 1_000_000, False),
        ("scaled:0", "manual", 0, False),
        ("manual", "manual", 0, False),
        ("manual:jump", "manual", 0, True),
        ("poll", "poll", 0, True),
    ],
)
def test_a_spec_names_a_clock(spec: str, mode: str, rate: float, *, idle: bool) -> None:
    """Five words name all clocks; two of them move on when everybody only waits."""
    made = clock(spec)
    assert (made.mode, made.rate, made.jumps_when_idle) == (mode, rate, idle)


@given(
    rates,
    st.booleans(),
    st.lists(actions, max_size=8),
    st.none() | st.integers(-(10**9), 10**9),
    st.lists(actions, max_size=8),
)
def test_a_copy_is_the_same_clock_at_another_time(
    rate: float,
    looks: bool,  # noqa: FBT001 - drawn
    before: list[Action],
    at_ms: int | None,
    after: list[Action],
) -> None:
    """It begins at its original's time or at the given one, and goes its own way from there."""
    machine = Machine()
    original = Clock(rate, start_ms=START_MS, looks=looks, real_ms=machine)
    for action in before:
        action(original)
    stood = original.now_ms(), original.mode
    copied = original.copy(at_ms)
    assert copied.now_ms() == (stood[0] if at_ms is None else at_ms)
    assert (copied.mode, copied.looks) == (original.mode, original.looks)
    for action in after:
        action(copied)
    assert (original.now_ms(), original.mode) == stood


def test_who_listens_to_a_clock_does_not_hear_its_copy() -> None:
    """A copy begins with no listeners."""
    heard: list[str] = []
    original = Clock(0, start_ms=START_MS)
    original.on_move(lambda: heard.append("moved"))
    original.copy().advance(1)
    assert heard == []


def test_a_clock_that_runs_needs_no_jump() -> None:
    """Once it runs, waiting ends by itself."""
    running = clock("manual:jump")
    running.run(1)
    assert not running.jumps_when_idle


@pytest.mark.parametrize("spec", ["", "fast", "real:1", "manual:leap", "poll:1", "scaled:1:2"])
def test_an_unknown_clock_is_told_the_known_ones(spec: str) -> None:
    """The message shows what was asked and what there is."""
    known = "real, scaled:RATE, manual, manual:jump, poll"
    with pytest.raises(ValueError, match=f"no clock is called '{spec}'; there are: {known}"):
        clock(spec)


@pytest.mark.parametrize("spec", ["scaled:", "scaled:fast", "scaled:-1", "scaled:nan"])
def test_a_scaled_clock_needs_a_rate(spec: str) -> None:
    """The message shows how it is written."""
    with pytest.raises(ValueError, match=f"'{spec}' needs a rate like scaled:10"):
        clock(spec)
