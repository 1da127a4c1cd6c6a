"""Where a list page begins, as the opaque text that clients hand back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.cursor import Cursor, cursor


@given(st.integers(0, 10**18 - 1), st.booleans())
def test_a_cursor_survives_the_client(position: int, newer: bool) -> None:  # noqa: FBT001 - drawn
    """What a page gave out is understood when it comes back."""
    given_out = Cursor(position, newer=newer)
    assert cursor(str(given_out)) == given_out


@given(st.integers(0, 10**18 - 1), st.booleans())
def test_a_cursor_needs_no_escaping(position: int, newer: bool) -> None:  # noqa: FBT001 - drawn
    """Only `=` at the end could trouble a client that puts it into a query as it is."""
    text = str(Cursor(position, newer=newer)).rstrip("=")
    assert text.isascii()
    assert text.isalnum()


@pytest.mark.parametrize(
    ("given_out", "text"),
    [
        (Cursor(100), "cD0xMDA="),
        (Cursor(100, newer=True), "cj0xJnA9MTAw"),
    ],
)
def test_a_cursor_is_a_query_in_base64(given_out: Cursor, text: str) -> None:
    """As upstream's are: `p=…`, and `r=1` on the way back to the newest."""
    assert str(given_out) == text


@given(st.text())
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    """Nothing a client sends is an exception."""
    found = cursor(text)
    assert found is None or cursor(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cD0xMDA",  # no padding
        "cD0xMDA=!",  # not base64
        "cD0x MDA=",
        "cD0wMQ==",  # p=01
        "cD0tMQ==",  # p=-1
        "cD0x/w==",  # p=1 and a byte that is no UTF-8
        "cD3ZoQ==",  # p= and a digit of another script
        "cj0xJnA9",  # r=1&p=
        "cj0yJnA9MQ==",  # r=2&p=1
        "cD0xMDAwMDAwMDAwMDAwMDAwMDAw",  # more than 18 digits
        "\ud800",
    ],
)
def test_garbage_is_no_cursor(text: str) -> None:
    """A text that no page can have given out is refused, not guessed at."""
    assert cursor(text) is None
