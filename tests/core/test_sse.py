"""Server-sent events as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.sse import HELLO, event


texts = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))


def fields(written: bytes, name: str) -> list[str]:
    """The values of the field `name`, as a client reads them."""
    lines = written.decode().split("\n")
    return [line.removeprefix(f"{name}: ") for line in lines if line.startswith(f"{name}: ")]


@given(texts)
def test_any_text_arrives_as_it_was(data: str) -> None:
    """A client joins the `data:` lines with line ends, and has what was sent."""
    written = event("output", data, "1690212292:0")
    assert "\n".join(fields(written, "data")) == data


@given(texts)
def test_an_event_is_closed_by_one_empty_line(data: str) -> None:
    """No text can end its event early, or begin another one."""
    written = event("logs", data, "1:0")
    assert written.endswith(b"\n\n")
    assert b"\n\n" not in written[:-2]


@given(texts)
def test_every_event_has_a_name_and_an_id(data: str) -> None:
    """Official clients drop events without an id."""
    written = event("done", data, "1690212292:7")
    assert written.startswith(b"event: done\nid: 1690212292:7\ndata: ")


@pytest.mark.parametrize("data", ["a\r\nb", "a\rb", "a\nb"])
def test_every_line_end_is_one_line_end(data: str) -> None:
    """The carriage return of a network's line end is no part of the text."""
    assert event("logs", data, "1:0") == b"event: logs\nid: 1:0\ndata: a\ndata: b\n\n"


def test_a_stream_opens_with_a_comment() -> None:
    """A line that begins with a colon is read over, and tells that the stream is open."""
    assert HELLO.startswith(b":")
    assert HELLO.endswith(b"\n\n")
