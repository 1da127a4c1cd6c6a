"""Server-sent events, read as a client reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


Event = Mapping[str, str]
"""The fields of one event; several lines of data are joined."""


def events(body: bytes) -> Iterator[Event]:
    """The events of a stream. Source: HTML Standard, 9.2.6."""
    text = body.decode(errors="replace")
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        event: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            if not name:
                continue
            value = value.removeprefix(" ")
            both = name == "data" and "data" in event
            event[name] = f"{event['data']}\n{value}" if both else value
        if event:
            yield event
