"""Bodies under a `Content-Encoding` that is not what they are, or not all of it, or too much."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from functools import lru_cache
from typing import Final

from mockserver.core.fault import Operation
from mockserver.core.reply import Reply
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import API, Strike, reply_fault
from mockserver.library.faults.params import choice, number


_WHERE: Final = API - {Operation.STREAM}


@reply_fault(
    "body.gzip_truncated",
    on=_WHERE,
    params=(number("percent", 50, 0, 99),),
    tests=("K10", "K13"),
)
def gzip_truncated(reply: Reply, strike: Strike) -> Reply:
    """The compressed body ends after `percent` percent of it."""
    if not wire.bodied(reply, strike.request):
        return reply
    data = _gzip(reply.body)
    return _coded(reply, data[: len(data) * strike.number("percent") // 100])


@reply_fault("body.gzip_garbage", on=_WHERE, tests=("K10",))
def gzip_garbage(reply: Reply, strike: Strike) -> Reply:
    """The body says that it is compressed, and is random bytes."""
    if not wire.bodied(reply, strike.request):
        return reply
    return _coded(reply, strike.draw.octets(len(reply.body)))


@reply_fault(
    "body.gzip_twice", on=_WHERE, params=(choice("told", "once", "twice"),), tests=("K10",)
)
def gzip_twice(reply: Reply, strike: Strike) -> Reply:
    """The body is compressed twice; `Content-Encoding` says so, or says it once."""
    if not wire.bodied(reply, strike.request):
        return reply
    told = "gzip" if strike.word("told") == "once" else "gzip, gzip"
    return _coded(reply, _gzip(_gzip(reply.body)), told)


@reply_fault("body.br_unasked", on=_WHERE, tests=("K10",), source="RFC 7932, 9.2")
def br_unasked(reply: Reply, strike: Strike) -> Reply:
    """The body is compressed with Brotli, whatever encodings the client accepts."""
    if not wire.bodied(reply, strike.request):
        return reply
    return _coded(reply, _brotli(reply.body), "br")


@reply_fault(
    "body.gzip_bomb",
    on=_WHERE,
    params=(number("bytes", 100_000_000, 1, 1_000_000_000),),
    tests=("K10",),
)
def gzip_bomb(reply: Reply, strike: Strike) -> Reply:
    """A small compressed body becomes `bytes` bytes of space, and then what it should be."""
    if not wire.bodied(reply, strike.request):
        return reply
    begun = _spaces(strike.number("bytes")).copy()
    return _coded(reply, begun.begin + begun.end(reply.body))


class _Begun:
    """A compressed body that is not ended yet."""

    __slots__ = ("_coder", "begin")

    def __init__(self, coder: zlib._Compress, begin: bytes) -> None:
        self._coder = coder
        self.begin = begin

    def copy(self) -> _Begun:
        """The same, to be ended apart from this one."""
        return _Begun(self._coder.copy(), self.begin)

    def end(self, data: bytes) -> bytes:
        """What follows `begin`, up to the end."""
        return self._coder.compress(data) + self._coder.flush()


_BLOCK: Final = b" " * 1_000_000
_GZIP: Final = 16 + zlib.MAX_WBITS


@lru_cache(maxsize=4)
def _spaces(count: int) -> _Begun:
    """So many spaces compressed: a thousandth of their size, made once."""
    coder = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    blocks, rest = divmod(count, len(_BLOCK))
    begin = b"".join(coder.compress(_BLOCK) for _ in range(blocks))
    return _Begun(coder, begin + coder.compress(_BLOCK[:rest]))


def _coded(reply: Reply, data: bytes, coding: str = "gzip") -> Reply:
    headers = wire.without(reply.headers, "content-length", "content-encoding")
    return replace(reply, headers=(*headers, ("Content-Encoding", coding)), body=data)


def _gzip(data: bytes) -> bytes:
    """The data compressed, the same for the same."""
    return gzip.compress(data, mtime=0)


_BR_BLOCK_BYTES: Final = 65_536
_BR_END: Final = b"\x03"
"""The last block, which is empty."""


def _brotli(data: bytes) -> bytes:
    """The data as Brotli, in blocks that are not compressed. Source: RFC 7932, 9.1 and 9.2."""
    blocks = [
        data[start : start + _BR_BLOCK_BYTES] for start in range(0, len(data), _BR_BLOCK_BYTES)
    ]
    # Ahead of the first block stands one bit that is 0: a window of 16 bits.
    headed = (
        _br_head(len(block), 0 if place else 1) + block for place, block in enumerate(blocks)
    )
    return b"".join(headed) + (_BR_END if blocks else b"\x06")


def _br_head(size: int, bits_before: int) -> bytes:
    """Not the last, its size in four nibbles, not compressed; behind bits that are 0."""
    bits = (0 | 0 << 1 | (size - 1) << 3 | 1 << 19) << bits_before
    return bits.to_bytes(3, "little")
