"""How a reply becomes bytes: its head, and what says where its body ends."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.library.http_status import BODILESS, PHRASES


class Exchange(NamedTuple):
    """A request and what its connection allows the reply to be."""

    request: Request
    keep_alive: bool
    http10: bool


class Head(NamedTuple):
    """Status line and a reply's own headers as bytes, and what they settle."""

    raw: bytes
    length: int | None
    dated: bool
    closes: bool
    bodiless: bool


class Framing(NamedTuple):
    """How the body of a scripted reply is delimited."""

    chunked: bool
    mute: bool
    """No body may follow the head: the answer to HEAD, 204, 304."""
    promised: int | None
    keep_alive: bool

    def frame(self, data: bytes) -> bytes:
        """What `data` looks like on the wire."""
        if self.mute or not data:
            return b""
        return b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data


_END = b"\r\n"
_CLOSE_END = b"Connection: close\r\n\r\n"
_KEEP_END = b"Connection: keep-alive\r\n\r\n"


@lru_cache(maxsize=256)
def head_of(status: int, headers: tuple[tuple[str, str], ...]) -> Head:
    """The encoded head; replies of one kind share their headers, so it is mostly remembered.

    Raises ValueError for a header that would end its own line or is not Latin-1.
    """
    for name, value in headers:
        if not {"\r", "\n", "\0"}.isdisjoint(name + value):
            message = f"reply header {name!r} has the value {value!r}: a line break or NUL in it"
            raise ValueError(message)
    own = {name.lower(): value for name, value in headers}
    length = own.get("content-length")
    return Head(
        raw="".join(
            (
                f"HTTP/1.1 {status:03} {PHRASES.get(status, '')}\r\n",
                *(f"{name}: {value}\r\n" for name, value in headers),
            )
        ).encode("latin-1"),
        length=None if length is None else int(length),
        dated="date" in own,
        closes=own.get("connection", "").lower() == "close",
        bodiless=status in BODILESS,
    )


def _end(exchange: Exchange, head: Head, *, keep_alive: bool) -> bytes:
    """The last lines of the head: what becomes of the connection."""
    if keep_alive:
        return _KEEP_END if exchange.http10 else _END
    return _END if head.closes else _CLOSE_END


def whole(reply: Reply, exchange: Exchange, date: bytes) -> tuple[bytes, bool]:
    """A reply without script as the bytes of one write, and whether the connection is kept."""
    if reply.raw:
        return reply.body, False
    head = head_of(reply.status, reply.headers)
    body = reply.body
    mute = head.bodiless or exchange.request.method == "HEAD"
    keep_alive = exchange.keep_alive and not head.closes
    length = b""
    if head.length is None:
        if not head.bodiless:
            length = b"Content-Length: %d\r\n" % len(body)
    elif head.length != len(body) and not mute:
        keep_alive = False
    data = b"".join((
        head.raw,
        b"" if head.dated else date,
        length,
        _end(exchange, head, keep_alive=keep_alive),
        b"" if mute else body,
    ))  # fmt: skip
    return data, keep_alive


def opening(reply: Reply, exchange: Exchange, date: bytes) -> tuple[bytes, Framing]:
    """The head and first bytes of a scripted reply, and the framing of those that follow."""
    if reply.raw:
        return reply.body, Framing(chunked=False, mute=False, promised=None, keep_alive=False)
    head = head_of(reply.status, reply.headers)
    mute = head.bodiless or exchange.request.method == "HEAD"
    chunked = head.length is None and not head.bodiless and not exchange.http10
    delimited = chunked or mute or head.length is not None
    framing = Framing(
        chunked=chunked,
        mute=mute,
        promised=head.length,
        keep_alive=exchange.keep_alive and delimited and not head.closes,
    )
    data = b"".join((
        head.raw,
        b"" if head.dated else date,
        b"Transfer-Encoding: chunked\r\n" if chunked else b"",
        _end(exchange, head, keep_alive=framing.keep_alive),
        framing.frame(reply.body),
    ))  # fmt: skip
    return data, framing
