"""Bodies under a `Content-Encoding` that is not what they are, or not all of it, or too much."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
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
    percent = strike.number("percent")

    def begun(body: bytes) -> bytes:
        data = _gzip(body)
        return data[: len(data) * percent // 100]

    return _coded(reply, strike, begun)


@reply_fault("body.gzip_garbage", on=_WHERE, tests=("K10",))
def gzip_garbage(reply: Reply, strike: Strike) -> Reply:
    """The body says that it is compressed, and is random bytes."""
    return _coded(reply, strike, lambda body: strike.draw.octets(len(body)))


@reply_fault(
    "body.gzip_twice", on=_WHERE, params=(choice("told", "once", "twice"),), tests=("K10",)
)
def gzip_twice(reply: Reply, strike: Strike) -> Reply:
    """The body is compressed twice; `Content-Encoding` says so, or says it once."""
    told = "gzip" if strike.word("told") == "once" else "gzip, gzip"
    return _coded(reply, strike, lambda body: _gzip(_gzip(body)), told)


@reply_fault("body.br_unasked", on=_WHERE, tests=("K10",), source="RFC 7932, 9.2")
def br_unasked(reply: Reply, strike: Strike) -> Reply:
    """The body is compressed with Brotli, whatever encodings the client accepts."""
    return _coded(reply, strike, _brotli, "br")


@reply_fault(
    "body.gzip_bomb",
    on=_WHERE,
    params=(number("bytes", 100_000_000, 1, 1_000_000_000),),
    tests=("K10",),
)
def gzip_bomb(reply: Reply, strike: Strike) -> Reply:
    """A small compressed body becomes `bytes` bytes of space, and then what it should be."""
    size = strike.number("bytes")
    return _coded(reply, strike, lambda body: _behind_spaces(size, body))


def _behind_spaces(count: int, body: bytes) -> bytes:
    coder, begun = _spaces(count)
    own = coder.copy()
    return begun + own.compress(body) + own.flush()


_BLOCK: Final = b" " * 1_000_000
_GZIP: Final = 16 + zlib.MAX_WBITS


@lru_cache(maxsize=4)
def _spaces(count: int) -> tuple[zlib._Compress, bytes]:
    """So many spaces compressed, a thousandth of their size, made once; and what can go on."""
    coder = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    blocks, rest = divmod(count, len(_BLOCK))
    begin = b"".join(coder.compress(_BLOCK) for _ in range(blocks))
    return coder, begin + coder.compress(_BLOCK[:rest])


def _coded(
    reply: Reply, strike: Strike, code: Callable[[bytes], bytes], coding: str = "gzip"
) -> Reply:
    """The reply with its body as `code` makes it, if it has one that goes out."""
    if not wire.bodied(reply, strike.request):
        return reply
    headers = wire.without(reply.headers, "content-length", "content-encoding")
    told = (*headers, ("Content-Encoding", coding))
    return replace(reply, headers=told, body=code(reply.body))


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
