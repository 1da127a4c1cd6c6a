"""Channels read one timeline: what was seen and what is to come make it up."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import readers
from mockserver.core.timeline import (
    RETENTION_MS,
    CancelAsked,
    Created,
    Forced,
    Plan,
    Status,
    Step,
    Timeline,
    in_force,
    timeline,
)


HOUR_MS: Final = 3_600_000

lives: Final = st.builds(
    timeline,
    st.from_type(Created),
    st.lists(st.from_type(CancelAsked) | st.from_type(Forced), max_size=3),
)
instants: Final = st.integers(-1_000, 30_000)

HAPPY: Final = Plan(
    (
        Step(Status.STARTING, 300),
        Step(Status.PROCESSING, 4_900),
        Step(Status.SUCCEEDED),
    )
).moments
STUCK: Final = Plan((Step(Status.STARTING),)).moments


@given(lives, instants)
def test_what_was_seen_and_what_is_to_come_make_up_the_timeline(
    moments: Timeline, after_ms: int
) -> None:
    """The law that binds all channels: nothing is told twice, nothing is lost."""
    assert readers.seen(moments, after_ms) + readers.to_come(moments, after_ms) == moments


@given(lives, instants)
def test_a_look_sees_the_last_moment_that_was_seen(moments: Timeline, after_ms: int) -> None:
    """Get and stream agree; before creation a look knows the beginning only."""
    known = readers.seen(moments, after_ms) or moments[:1]
    assert in_force(moments, after_ms) == known[-1]


@given(lives, instants)
def test_the_next_change_is_the_first_that_is_to_come(moments: Timeline, after_ms: int) -> None:
    """A look right then sees something new; a look in between sees nothing new."""
    coming = [moment.after_ms for moment in readers.to_come(moments, after_ms)]
    assert readers.next_change_ms(moments, after_ms) == (coming[0] if coming else None)


@given(lives)
def test_the_ending_is_the_first_terminal_moment(moments: Timeline) -> None:
    """The end is when no other status can follow, or never."""
    ended = [moment for moment in moments if moment.ended]
    assert readers.ending(moments) == (ended[0] if ended else None)


def test_a_part_of_a_timeline_may_be_all_ending() -> None:
    """A channel that only kept the last moment can still tell the end."""
    assert readers.ending(HAPPY[-1:]) == HAPPY[-1]


@given(lives, st.integers(0, 60_000))
def test_a_wait_lasts_until_the_end_but_not_longer_than_asked(
    moments: Timeline, wait_ms: int
) -> None:
    """`Prefer: wait` answers at the end, or when its time is up."""
    until_ms = readers.wait_until_ms(moments, wait_ms)
    assert until_ms <= wait_ms
    assert until_ms == wait_ms or in_force(moments, until_ms).ended


@pytest.mark.parametrize(
    ("moments", "wait_ms", "until_ms"),
    [(HAPPY, 60_000, 5_200), (HAPPY, 1_000, 1_000), (STUCK, 60_000, 60_000)],
)
def test_a_wait_ends_with_what_comes_first(moments: Timeline, wait_ms: int, until_ms: int) -> None:
    """The end, the limit, and the limit again where there is no end."""
    assert readers.wait_until_ms(moments, wait_ms) == until_ms


@pytest.mark.parametrize(
    ("moments", "after_ms", "removed"),
    [
        (HAPPY, 5_200 + HOUR_MS - 1, False),
        (HAPPY, 5_200 + HOUR_MS, True),
        (STUCK, 10**12, False),
    ],
)
def test_data_is_removed_an_hour_after_the_end(
    moments: Timeline, after_ms: int, *, removed: bool
) -> None:
    """The hour counts from the end; what never ends keeps its data."""
    assert RETENTION_MS == HOUR_MS
    assert readers.data_removed(moments, after_ms) is removed


def test_a_cancel_brings_the_end_of_retention_forward() -> None:
    """An earlier end is an earlier removal."""
    made = Created("id", 1_000, "owner/name", "hidden", b"{}", 7, Plan((Step(Status.STARTING),)))
    moments = timeline(made, [CancelAsked(1_100)])
    assert readers.data_removed(moments, 100 + HOUR_MS)
    assert not readers.data_removed(moments, 100 + HOUR_MS - 1)
