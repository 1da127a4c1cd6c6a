"""Replicate's rate limiter: a token bucket, as a function of its level and the time.

Levels are counted in parts of a token, so that no time is lost to rounding: a minute in
milliseconds is one token's worth of parts, and each millisecond brings as many as there are
tokens in a minute.
Source: replicate/go, ratelimit: tokens rounded down, a reset when the bucket is full again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


TOKEN: Final = 60_000
"""The parts that a token has."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many requests may come at once (`capacity`), and how many in the long run."""

    name: str
    capacity: int
    per_minute: int


class Level(NamedTuple):
    """What a bucket held at `at_ms`, in parts of a token."""

    parts: int
    at_ms: int


class Verdict(NamedTuple):
    """Whether a request may pass, the whole tokens left, and the seconds until all are there."""

    passes: bool
    remaining: int
    reset_s: int


def full(bucket: Bucket, now_ms: int) -> Level:
    """The level that every bucket begins with."""
    return Level(bucket.capacity * TOKEN, now_ms)


def take(bucket: Bucket, level: Level, now_ms: int) -> tuple[Level, Verdict]:
    """Take one token, if there is one. A time before the last one counts as the last one."""
    most = bucket.capacity * TOKEN
    passed_ms = max(0, now_ms - level.at_ms)
    parts = min(most, level.parts + passed_ms * bucket.per_minute)
    passes = parts >= TOKEN
    if passes:
        parts -= TOKEN
    reset_s = -((parts - most) // (bucket.per_minute * 1000))
    return Level(parts, level.at_ms + passed_ms), Verdict(passes, parts // TOKEN, reset_s)
