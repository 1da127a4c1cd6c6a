"""Bodies that were sent compressed, and what is in them."""

from __future__ import annotations

import zlib
from typing import Final


MOST_BYTES: Final = 16 * 1024 * 1024
"""More is not unpacked: a few bytes can stand for any number of them."""
_GZIP: Final = b"\x1f\x8b"
_ANY_HEADER: Final = 32 + zlib.MAX_WBITS
"""zlib finds out whether it is gzip. Source: zlib.h, inflateInit2."""
_CHECK: Final = 31
"""What the first two bytes of a zlib stream are a multiple of. Source: RFC 1950, 2.2."""
_PLAIN: Final = frozenset({"", "identity", "gzip", "x-gzip"})
"""What was packed by gzip begins as such: anything else was unpacked already, or never packed."""


class Unreadable(Exception):
    """A body that cannot be unpacked; the text says why."""


def unpacked(data: bytes, encoding: str) -> bytes:
    """The body that was sent as `data`, as its `Content-Encoding` says, or unpacked already.

    What is cut off is told as far as it goes. Raises `Unreadable`.
    """
    named = encoding.strip().lower()
    if data.startswith(_GZIP) or (named == "deflate" and _is_zlib(data)):
        return _inflated(data)
    if named in _PLAIN or _is_text(data):
        return data
    raise Unreadable(f"{len(data)} bytes of {encoding}")


def _inflated(data: bytes) -> bytes:
    machine = zlib.decompressobj(_ANY_HEADER)
    try:
        plain = machine.decompress(data, MOST_BYTES)
    except zlib.error as reason:
        raise Unreadable(f"{len(data)} bytes that cannot be unpacked: {reason}") from None
    if machine.unconsumed_tail:
        raise Unreadable(f"{len(data)} bytes that are more than {MOST_BYTES} unpacked")
    return plain


def _is_zlib(data: bytes) -> bool:
    return data[:1] == b"\x78" and int.from_bytes(data[:2]) % _CHECK == 0


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
