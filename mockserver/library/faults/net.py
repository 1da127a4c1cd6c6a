"""Connections that break, stall or drip, and bytes that are no HTTP."""

from __future__ import annotations

from typing import Final

from mockserver.core.reply import Reply, Reset
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Needs, Strike, reply_fault
from mockserver.library.faults.params import number


_KEPT: Final = number("bytes", 20, 0, 1_000_000)


@reply_fault(
    "net.reset_before",
    needs=Needs.BYTES,
    tests=("K1", "K16"),
    aliases=("CONNECTION_RESET_BY_PEER", "reset_peer"),
)
def reset_before(_reply: Reply, _strike: Strike) -> Reply:
    """The connection is reset (RST) after the request was read, before a byte of the answer."""
    return wire.raw(b"", Reset())
