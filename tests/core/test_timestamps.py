"""Instants as upstream writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.timestamps import (
    compact_timestamp,
    edge_timestamp,
    parse_timestamp,
    web_timestamp,
)


END_OF_9999_MS = 253_402_300_799_999
instants = st.integers(0, END_OF_9999_MS)


@given(instants)
def test_what_is_written_reads_back(at_ms: int) -> None:
    """Both services write the same instant, each in its own way, and lose nothing."""
    assert parse_timestamp(edge_timestamp(at_ms)) == at_ms
    assert parse_timestamp(web_timestamp(at_ms)) == at_ms


@given(instants)
def test_the_calendar_agrees(at_ms: int) -> None:
    """The standard library tells the same six digits."""
    told = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
    assert web_timestamp(at_ms) == told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@given(instants)
def test_the_compact_form_is_the_same_digits(at_ms: int) -> None:
    """Seventeen digits, down to the millisecond, that sort like the instants."""
    digits = "".join(one for one in web_timestamp(at_ms) if one.isdigit())
    assert compact_timestamp(at_ms) == digits[:17]


@pytest.mark.parametrize(
    ("at_ms", "edge", "web"),
    [
        (1_753_773_162_163, "2025-07-29T07:12:42.163Z", "2025-07-29T07:12:42.163000Z"),
        (1_753_773_162_160, "2025-07-29T07:12:42.16Z", "2025-07-29T07:12:42.160000Z"),
        (1_753_773_162_100, "2025-07-29T07:12:42.1Z", "2025-07-29T07:12:42.100000Z"),
        (1_753_773_162_000, "2025-07-29T07:12:42Z", "2025-07-29T07:12:42.000000Z"),
        (1_753_773_162_003, "2025-07-29T07:12:42.003Z", "2025-07-29T07:12:42.003000Z"),
    ],
)
def test_the_edge_trims_zeros_and_the_web_does_not(at_ms: int, edge: str, web: str) -> None:
    """Two of upstream's services write the same instant differently."""
    assert (edge_timestamp(at_ms), web_timestamp(at_ms)) == (edge, web)


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-29T09:12:42.163+02:00",
        "2025-07-29t07:12:42.163z",
        "2025-07-29 07:12:42.163456Z",
    ],
)
def test_an_instant_may_be_written_in_other_ways(text: str) -> None:
    """Any offset; what is finer than a millisecond is dropped."""
    assert parse_timestamp(text.upper()) == 1_753_773_162_163


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-01-01T00:00:00", "'2026-01-01T00:00:00' names no time zone; write it like"),
        ("tomorrow", "tomorrow"),
        ("2026-02-30T00:00:00Z", "day"),
        ("", "isoformat"),
    ],
)
def test_a_text_that_is_no_instant_is_refused(text: str, reason: str) -> None:
    """The message says what is wrong with it."""
    with pytest.raises(ValueError, match=reason):
        parse_timestamp(text)
