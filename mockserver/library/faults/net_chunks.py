"""Bodies in chunks: broken ones, and rare ones that are right."""

from __future__ import annotations

from mockserver.core.reply import Reply
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Needs, Strike, reply_fault


@reply_fault(
    "net.chunk_bad",
    needs=Needs.BYTES,
    tests=("K10", "K13"),
    aliases=("MALFORMED_RESPONSE_CHUNK",),
)
def chunk_bad(reply: Reply, strike: Strike) -> Reply:
    """The second chunk of the body has the size `ZZ`, which is no number."""
    half = len(reply.body) // 2
    return _chunked(reply, strike, _chunk(reply.body[:half]) + b"ZZ\r\n" + reply.body[half:])


@reply_fault("net.chunk_cut", needs=Needs.BYTES, tests=("K13",))
def chunk_cut(reply: Reply, strike: Strike) -> Reply:
    """The connection is closed in the middle of a chunk."""
    return _chunked(reply, strike, _chunk(reply.body)[: -len(reply.body) // 2 - 2])


@reply_fault("net.chunk_ext", needs=Needs.BYTES, tests=("K11",), source="RFC 9112, 7.1.1")
def chunk_ext(reply: Reply, strike: Strike) -> Reply:
    """The chunks of the body have extensions, which are allowed and mean nothing."""
    chunks = _chunk(reply.body, b';traced;by="a proxy"') + b"0;last\r\n\r\n"
    return _chunked(reply, strike, chunks)


@reply_fault("net.trailer", needs=Needs.BYTES, tests=("K11",), source="RFC 9112, 7.1.2")
def trailer(reply: Reply, strike: Strike) -> Reply:
    """Headers follow the last chunk of the body, which is allowed."""
    chunks = _chunk(reply.body) + b"0\r\nX-Checksum: none\r\nServer-Timing: total;dur=1\r\n\r\n"
    return _chunked(reply, strike, chunks, ("Trailer", "X-Checksum, Server-Timing"))


def _chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data) if data else b""


def _chunked(reply: Reply, strike: Strike, chunks: bytes, *more: tuple[str, str]) -> Reply:
    """The reply with this body, which is chunked; as it was, where no body goes out."""
    if not wire.bodied(reply, strike.request):
        return reply
    own = wire.without(reply.headers, "content-length", "connection", "transfer-encoding")
    headers = (*own, ("Transfer-Encoding", "chunked"), wire.CLOSES, *more)
    return wire.last(wire.head(reply.status, headers) + chunks, reply)
