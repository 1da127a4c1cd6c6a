"""How long a refusal asks to wait, in every form that it was seen in."""

from __future__ import annotations

import pytest

from mockserver.contract.consumer.retry_after import Asked, asked_of
from mockserver.core.clock import EPOCH_MS
from mockserver.core.interaction import Interaction, Request


def asked(*headers: tuple[str, str], at_ms: int = EPOCH_MS) -> Asked | None:
    """What a refusal with these headers asks for."""
    return asked_of(Interaction(Request("GET", "/"), 429, headers, b"", at_ms))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("1", Asked(1_000)),
        ("0", Asked(0)),
        ("86400", Asked(86_400_000)),
        ("Thu, 01 Jan 2026 00:00:02 GMT", Asked(2_000, dated=True)),
        ("Thursday, 01-Jan-26 00:00:02 GMT", Asked(2_000, dated=True)),
        ("Thu Jan  1 00:00:02 2026", Asked(2_000, dated=True)),
        ("Wed, 31 Dec 2025 23:59:58 GMT", Asked(0, dated=True)),
        ("1.5", None),
        ("-5", None),
        ("1, 2", None),
        ("soon", None),
        ("2026-01-01T00:00:02Z", None),
    ],
)
def test_each_form_is_understood_or_is_none(told: str, expected: Asked | None) -> None:
    """Seconds and the three forms of a date; all else asks for nothing."""
    assert asked(("Retry-After", told)) == expected


def test_two_headers_ask_for_nothing() -> None:
    """Nobody can tell which of them is meant."""
    assert asked(("Retry-After", "1"), ("Retry-After", "2")) is None
    assert asked() is None


def test_milliseconds_may_be_less() -> None:
    """A client that reads the finer header waits no shorter than it was asked."""
    assert asked(("retry-after-ms", "500"), ("Retry-After", "1")) == Asked(500)


def test_a_date_is_as_far_as_the_world_says() -> None:
    """Half a second later it is half a second nearer."""
    date = ("Retry-After", "Thu, 01 Jan 2026 00:00:02 GMT")
    assert asked(date, at_ms=EPOCH_MS + 500) == Asked(1_500, dated=True)


def test_what_is_longer_than_two_minutes_is_absurd() -> None:
    """Nobody sleeps through that."""
    assert [Asked(ms).absurd for ms in (120_000, 120_001)] == [False, True]


def test_a_number_of_any_length_is_a_number() -> None:
    """Ten years are as absurd as ten thousand."""
    seen = asked(("Retry-After", "9" * 400))
    assert seen is not None
    assert seen.absurd
