"""Durations as `Cancel-After` spells them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.duration import LONGEST_MS, SHORTEST_MS, cancel_after_ms, duration_ms


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("90s", 90),
        ("5m", 300),
        ("24h", 86_400),
        ("1h30m45s", 5_445),
        ("1h45s", 3_645),
        ("90m", 5_400),
        (" 30s ", 30),
        ("007", 7),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    """Whole seconds, or hours, minutes and seconds, each at most once and in this order."""
    assert duration_ms(text) == seconds * 1000


@pytest.mark.parametrize(
    "text",
    ["", " ", "s", "5 m", "1.5h", "-5s", "+5", "5S", "500ms", "1m1h", "5s5s", "5m0", "never",
     "1e3", "\N{ARABIC-INDIC DIGIT FIVE}", "9" * 10],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    """The error shows what was seen."""
    with pytest.raises(ValueError, match="expected whole seconds like 90"):
        duration_ms(text)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_the_parts_add_up(hours: int, minutes: int, seconds: int) -> None:
    """Nobody carries minutes over into hours."""
    whole = duration_ms(f"{hours}h{minutes}m{seconds}s")
    assert whole == ((hours * 60 + minutes) * 60 + seconds) * 1000


@given(st.integers(0, 200_000))
def test_a_deadline_lies_between_five_seconds_and_a_day(seconds: int) -> None:
    """Both bounds included. Source: replicate.com/docs, `Cancel-After`."""
    within = SHORTEST_MS <= seconds * 1000 <= LONGEST_MS
    assert _accepted(f"{seconds}s") is within


def _accepted(text: str) -> bool:
    try:
        return cancel_after_ms(text) == duration_ms(text)
    except ValueError:
        return False


@pytest.mark.parametrize("text", ["4s", "0", "4", "24h1s", "86401"])
def test_a_deadline_out_of_bounds_is_refused(text: str) -> None:
    """The error names the bounds."""
    with pytest.raises(ValueError, match="expected 5s at least and 24h at most"):
        cancel_after_ms(text)
