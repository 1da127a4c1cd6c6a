"""A token bucket, as a function of its level and the time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.limit import TOKEN, Bucket, Level, Verdict, full, take


CREATE = Bucket("create", 600, 600)
REDUCED = Bucket("reduced", 1, 6)
NOW_MS = 1_767_225_600_000

buckets = st.builds(Bucket, st.just("any"), st.integers(1, 100), st.integers(1, 100_000))
instants = st.lists(st.integers(0, 120_000), min_size=1, max_size=60).map(sorted)


def taken(bucket: Bucket, instants_ms: list[int]) -> tuple[Level, list[Verdict]]:
    """What a full bucket says to requests at these instants, and what is left in it."""
    level, verdicts = full(bucket, 0), []
    for now_ms in instants_ms:
        level, verdict = take(bucket, level, now_ms)
        verdicts.append(verdict)
    return level, verdicts


@pytest.mark.parametrize(
    ("capacity", "per_minute", "remaining"),
    [(600, 600, 599), (60_000, 60_000, 59_999), (3_000, 3_000, 2_999)],
)
def test_the_first_request_of_an_account(capacity: int, per_minute: int, remaining: int) -> None:
    """599/1, 59999/1 and 2999/1, as recorded from upstream 2023 to 2024."""
    bucket = Bucket("any", capacity, per_minute)
    _, verdict = take(bucket, full(bucket, NOW_MS), NOW_MS)
    assert verdict == Verdict(passes=True, remaining=remaining, reset_s=1)


@pytest.mark.parametrize(
    ("after_ms", "passes", "reset_s"),
    [(0, False, 10), (1, False, 10), (1_001, False, 9), (3_000, False, 7), (9_999, False, 1)],
)
def test_six_a_minute_one_at_a_time(after_ms: int, passes: bool, reset_s: int) -> None:  # noqa: FBT001 - a column
    """With little credit the next creation is 1 to 10 seconds away, as users report."""
    level, _ = take(REDUCED, full(REDUCED, NOW_MS), NOW_MS)
    _, verdict = take(REDUCED, level, NOW_MS + after_ms)
    assert verdict == Verdict(passes, 0, reset_s)


def test_who_came_back_in_time_passes() -> None:
    """After as many seconds as the refusal told."""
    level, _ = take(REDUCED, full(REDUCED, NOW_MS), NOW_MS)
    _, verdict = take(REDUCED, level, NOW_MS + 10_000)
    assert verdict == Verdict(passes=True, remaining=0, reset_s=10)


def test_the_reset_counts_until_the_bucket_is_full() -> None:
    """Not until the next token: 300 taken at 10 a second are back after 30 seconds."""
    _, verdicts = taken(CREATE, [0] * 300)
    assert verdicts[-1] == Verdict(passes=True, remaining=300, reset_s=30)


def test_an_empty_bucket_refuses_and_gives_no_debt() -> None:
    """Of 700 requests at once 600 pass, and a tenth of a second later one more."""
    level, verdicts = taken(CREATE, [0] * 700)
    assert sum(verdict.passes for verdict in verdicts) == 600
    assert verdicts[-1] == Verdict(passes=False, remaining=0, reset_s=60)
    assert [take(CREATE, level, after_ms)[1].passes for after_ms in (99, 100)] == [False, True]


@given(buckets, instants)
def test_never_more_pass_than_were_there_and_came(bucket: Bucket, instants_ms: list[int]) -> None:
    """The capacity, and what the time brought since the first request."""
    _, verdicts = taken(bucket, instants_ms)
    most = bucket.capacity + instants_ms[-1] * bucket.per_minute // TOKEN
    assert sum(verdict.passes for verdict in verdicts) <= most


@given(buckets, instants)
def test_what_is_told_stays_within_bounds(bucket: Bucket, instants_ms: list[int]) -> None:
    """Tokens left from 0 to the capacity; a reset as long as it takes to fill what is missing."""
    level, verdicts = taken(bucket, instants_ms)
    full_again_ms = instants_ms[-1] + verdicts[-1].reset_s * 1000
    assert all(0 <= verdict.remaining < bucket.capacity for verdict in verdicts)
    assert all(verdict.passes or verdict.remaining == 0 for verdict in verdicts)
    assert take(bucket, level, full_again_ms)[1].remaining == bucket.capacity - 1


@given(buckets, instants)
def test_asking_seldom_is_never_refused(bucket: Bucket, instants_ms: list[int]) -> None:
    """Once in the time that a token needs."""
    needed_ms = -(-TOKEN // bucket.per_minute)
    spaced = [at_ms + place * needed_ms for place, at_ms in enumerate(instants_ms)]
    assert all(verdict.passes for verdict in taken(bucket, spaced)[1])
    assert all(after - before >= needed_ms for before, after in pairwise(spaced))


@given(st.integers(0, 10_000))
def test_a_time_before_the_last_one_brings_nothing(back_ms: int) -> None:
    """Two threads may read the clock in one order and ask in the other."""
    level, _ = take(REDUCED, full(REDUCED, NOW_MS), NOW_MS)
    refused = Verdict(passes=False, remaining=0, reset_s=10)
    assert take(REDUCED, level, NOW_MS - back_ms) == (level, refused)
