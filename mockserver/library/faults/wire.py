"""Replies as the bytes they would be on the wire, for faults that no framing would let through."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.core.interaction import Request
from mockserver.core.reply import Action, Bell, Close, Reply
from mockserver.library.http_status import BODILESS, PHRASES


Headers = tuple[tuple[str, str], ...]

CLOSES: Final = ("Connection", "close")
"""What says that nothing comes behind an answer."""

_SUCCESS: Final = 2
_LEAST_REFUSAL: Final = 400


def raw(data: bytes, *script: Action, status: int = 0, bell: Bell | None = None) -> Reply:
    """Exactly `data`, then what the script does; a reader makes `status` of it."""
    return Reply(status, body=data, script=script, bell=bell, raw=True)


def status_line(status: int, version: str = "HTTP/1.1") -> bytes:
    """The first line of an answer."""
    return f"{version} {status:03} {PHRASES.get(status, '')}\r\n".encode()


def head(status: int, headers: Headers, version: str = "HTTP/1.1") -> bytes:
    """Status line and headers, with the empty line behind them."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return status_line(status, version) + lines.encode("latin-1") + b"\r\n"


def without(headers: Headers, *names: str) -> Headers:
    """The headers but for those called `names` (in lower case)."""
    return tuple(header for header in headers if header[0].lower() not in names)


def with_header(reply: Reply, name: str, value: str) -> Reply:
    """The reply with this header in the place of those of its name."""
    return replace(reply, headers=(*without(reply.headers, name.lower()), (name, value)))


def promised(reply: Reply) -> Reply:
    """The reply with the length it has in its headers, so that a script cannot change it.

    Where no length can be told in advance, none is.
    """
    if not is_whole(reply) or reply.status in BODILESS:
        return reply
    return with_header(reply, "Content-Length", str(len(reply.body)))


def begun_at(reply: Reply, at_ms: int, bell: Bell | None) -> Reply:
    """The reply, of which nothing comes before `at_ms`, by the clock of `bell`."""
    return replace(reply, at_ms=max(reply.at_ms, at_ms), bell=bell or reply.bell)


def is_whole(reply: Reply) -> bool:
    """Whether the reply is all there: not raw, and without a script that has yet to be played."""
    return not reply.raw and not reply.script


def succeeded(reply: Reply) -> bool:
    """Whether the reply tells success. Source: RFC 9110, 15.3."""
    return reply.status // 100 == _SUCCESS


def is_refusal(reply: Reply) -> bool:
    """Whether the reply tells that something went wrong. Source: RFC 9110, 15.5 and 15.6."""
    return reply.status >= _LEAST_REFUSAL


def bodied(reply: Reply, request: Request) -> bool:
    """Whether the reply is all there and has a body that goes out."""
    return is_whole(reply) and request.method != "HEAD" and reply.status not in BODILESS


def as_bytes(reply: Reply, request: Request, version: str = "HTTP/1.1") -> bytes:
    """A reply that is all there, as the bytes that answer `request`; nothing comes behind it."""
    length = ("Content-Length", str(len(reply.body)))
    framing = () if reply.status in BODILESS else (length,)
    told = last_head(reply, *framing, version=version)
    return told + reply.body if bodied(reply, request) else told


def last_head(reply: Reply, *framing: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
    """The head of a connection's last answer, with this `framing` in the place of its own."""
    own = without(reply.headers, "content-length", "connection")
    return head(reply.status, (*own, *framing, CLOSES), version)


def last(data: bytes, reply: Reply) -> Reply:
    """Exactly `data` in the place of `reply`, as the last answer of its connection."""
    return raw(data, Close(), status=reply.status)
