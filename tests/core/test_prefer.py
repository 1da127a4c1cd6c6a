"""What the `Prefer` header asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.prefer import LONGEST_WAIT_S, preference_applied, wait_ms


others = st.sampled_from(
    ("respond-async", "return=minimal", 'handling="strict"', "waiting", "wait-less=3", "", " ")
)


@pytest.mark.parametrize(
    ("prefer", "asked_ms", "applied"),
    [
        ("wait", 60_000, "wait"),
        ("wait=10", 10_000, "wait=10"),
        ("wait=60", 60_000, "wait=60"),
        ("wait=61", 60_000, "wait=61"),
        ("wait=999", 60_000, "wait=999"),
        ("wait=1000000", 60_000, "wait=1000000"),
        ("WAIT = 5", 5_000, "wait=5"),
        ('wait="7"', 7_000, "wait=7"),
        ("  wait=3  ", 3_000, "wait=3"),
        ("respond-async, wait=10", 10_000, "wait=10"),
        ("wait=10,respond-async", 10_000, "wait=10"),
        ("wait=10; foo=bar", 10_000, "wait=10"),
        ("wait=2, wait=9", 2_000, "wait=2"),
    ],
)
def test_a_wait_is_read_and_told_back(prefer: str, asked_ms: int, applied: str) -> None:
    """Alone it is the maximum; more than that is the maximum too; of two the first counts.

    Source: RFC 7240; a recorded upstream answers `Preference-Applied` as it was asked.
    """
    assert (wait_ms(prefer), preference_applied(prefer)) == (asked_ms, applied)


@pytest.mark.parametrize(
    "prefer",
    [
        "",
        "respond-async",
        "waiting",
        "wait=",
        "wait=-1",
        "wait=1.5",
        "wait=soon",
        "wait 5",
        "wait=\N{ARABIC-INDIC DIGIT FIVE}",
        'foo="wait"',
    ],
)
def test_what_asks_for_no_wait_is_ignored(prefer: str) -> None:
    """Unknown preferences are no error."""
    assert wait_ms(prefer) is None
    assert preference_applied(prefer) == ""


def test_a_wait_of_no_seconds_is_none() -> None:
    """Who waits zero seconds does not wait."""
    assert wait_ms("wait=0") is None


@given(st.integers(1, LONGEST_WAIT_S), st.lists(others), st.lists(others))
def test_other_preferences_do_not_matter(
    seconds: int, before: list[str], after: list[str]
) -> None:
    """The wait is found wherever it stands in the list."""
    prefer = ",".join([*before, f"wait={seconds}", *after])
    assert wait_ms(prefer) == seconds * 1000


@given(st.text())
def test_any_header_is_a_wait_within_bounds_or_none(prefer: str) -> None:
    """Nothing a client sends is an exception, or holds a call for more than a minute."""
    asked = wait_ms(prefer)
    assert asked is None or 1_000 <= asked <= LONGEST_WAIT_S * 1000
