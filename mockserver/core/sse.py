"""Server-sent events as bytes. Only LF ends a line, and every event has an id."""

from __future__ import annotations

from typing import Final


HELLO: Final = b": hi\n\n"
"""The comment a stream opens with. Source: replicate/go, stream.go and its tests."""
EXPIRED: Final = b":408: 408 Request Timeout\n\n"
"""What is left of a stream whose data is removed. Source: replicate.com/docs, streaming."""


def event(name: str, data: str, event_id: str) -> bytes:
    """One event; a text of several lines becomes several `data:` lines.

    Official clients drop events without an id.
    """
    lines = "".join(
        f"data: {line}\n" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return f"event: {name}\nid: {event_id}\n{lines}\n".encode()
