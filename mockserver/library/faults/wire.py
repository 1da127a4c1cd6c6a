"""Replies as the bytes they would be on the wire, for faults that no framing would let through."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from mockserver.core.reply import Action, Bell, Reply, Send


Headers = tuple[tuple[str, str], ...]

_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def raw(data: bytes, *script: Action, status: int = 0, bell: Bell | None = None) -> Reply:
    """Exactly `data`, then what the script does; a reader makes `status` of it."""
    return Reply(status, body=data, script=script, bell=bell, raw=True)


def status_line(status: int, version: str = "HTTP/1.1") -> bytes:
    """The first line of an answer."""
    return f"{version} {status:03} {_PHRASES.get(status, '')}\r\n".encode()


def head(status: int, headers: Headers) -> bytes:
    """Status line and headers, with the empty line behind them."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return status_line(status) + lines.encode("latin-1") + b"\r\n"


def whole(reply: Reply, *more: tuple[str, str]) -> bytes:
    """A reply that promises the length it has, as bytes; `more` stands behind its headers."""
    own = without(reply.headers, "content-length")
    return head(reply.status, (*own, ("Content-Length", str(len(reply.body))), *more)) + reply.body


def without(headers: Headers, *names: str) -> Headers:
    """The headers but for those called `names` (in lower case)."""
    return tuple(header for header in headers if header[0].lower() not in names)


def with_header(reply: Reply, name: str, value: str) -> Reply:
    """The reply with this header in the place of those of its name."""
    return replace(reply, headers=(*without(reply.headers, name.lower()), (name, value)))


def promised(reply: Reply) -> Reply:
    """The reply with the length it has in its headers, so that a script cannot change it."""
    return with_header(reply, "Content-Length", str(len(reply.body)))


def is_whole(reply: Reply) -> bool:
    """Whether the reply is all there: not raw, and without a script that has yet to be played."""
    return not reply.raw and not reply.script


def pieces(data: bytes, size: int, at_ms: int, every_ms: int) -> tuple[Send, ...]:
    """`data` in pieces of `size` bytes, the first at `at_ms`, one each `every_ms`."""
    return tuple(
        Send(data[start : start + size], at_ms + place * every_ms)
        for place, start in enumerate(range(0, len(data), size))
    )
