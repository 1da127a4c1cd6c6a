"""A listener that hears nobody out: connections are reset at their first bytes."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Final, cast


RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
"""The linger option by which closing sends RST. Source: socket(7)."""


class Deaf(asyncio.Protocol):
    """One connection that is reset as soon as its client says anything."""

    def __init__(self, connections: set[Deaf]) -> None:
        """`connections` holds it as long as it lasts."""
        self._connections = connections
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes its place."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002  # asyncio's name
        """Sends RST."""
        reset(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        """Leaves its place."""
        self._connections.discard(self)

    def abort(self) -> None:
        """End at once."""
        self._transport.abort()


def reset(transport: asyncio.Transport) -> None:
    """Send RST; what the kernel has not sent yet is lost."""
    connected = transport.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()
