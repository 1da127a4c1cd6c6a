"""A proxy's end of a connection: plain requests, until CONNECT makes a tunnel of it."""

from __future__ import annotations

import asyncio
import math
import ssl
from typing import Final, NamedTuple, Protocol, TypeGuard

from mockserver.core.interaction import Request
from mockserver.web.server.connection import Answerer, Connection, House
from mockserver.web.server.framing import Exchange
from mockserver.web.server.limits import Refused
from mockserver.web.server.reading import Reader, Target, split_target


CONNECT: Final = "CONNECT"
_ESTABLISHED: Final = b"HTTP/1.1 200 Connection Established\r\n\r\n"


class Way(NamedTuple):
    """What a tunnel leads to: who answers in it, and what TLS is spoken with, if any.

    With `resets`, it is reset at its client's first bytes.
    """

    answer: Answerer
    tls: ssl.SSLContext | None
    resets: bool = False


class Gate(Protocol):
    """Who decides where tunnels lead."""

    def enter(self, request: Request) -> Way:
        """Where a CONNECT request leads. Raises `Refused`."""
        ...

    def failed(self, request: Request, reason: OSError) -> None:
        """The handshake in that tunnel failed."""
        ...


class ProxyReader(Reader):
    """A reader that also understands the request target of CONNECT."""

    __slots__ = ()

    def _split(self, target: str) -> Target:
        if self._parser.get_method() == CONNECT.encode():
            return Target(target, "", target)
        return split_target(target)


class Doorway(Connection):
    """A proxy's connection; what is inside a tunnel is a connection like any other."""

    __slots__ = ("_gate", "_handshake", "_resets")

    def __init__(self, house: House, gate: Gate) -> None:
        """A connection of `house`, whose tunnels lead where `gate` says."""
        super().__init__(house)
        self._reader = ProxyReader(house.limits, self._received, self._owe_continue)
        self._gate = gate
        self._handshake: asyncio.Task[None] | None = None
        self._resets = False

    def data_received(self, data: bytes) -> None:
        """Reads on, as long as it is no tunnel."""
        if self._resets:
            self.reset()
        else:
            super().data_received(data)

    def _received(self, item: Exchange | Refused) -> None:
        # Whatever HTTP version asks for a tunnel, the connection goes on as one.
        super()._received(item._replace(keep_alive=True) if _asks_for_tunnel(item) else item)

    def _start(self, item: Exchange | Refused) -> None:
        if not _asks_for_tunnel(item):
            super()._start(item)
            return
        try:
            way = self._gate.enter(item.request)
        except Refused as refused:
            self._refuse(refused)
            return
        self._busy = True
        self.deadline_s = math.inf  # the handshake has a time-out of its own
        # Not before the reader has said whether anything follows that is no part of a tunnel.
        self.waits.loop.call_soon(self._open, item.request, way)

    def _open(self, request: Request, way: Way) -> None:
        if self._transport.is_closing():
            return
        if self._queue:
            self._busy = False
            self._advance()
            return
        self.write(_ESTABLISHED)
        if way.resets:
            self._resets = True
        elif way.tls is None:
            self.connection_lost(None)
            hand_over(self._transport, Connection(self._house, way.answer), Arriving())
        else:
            self._transport.pause_reading()
            secured = self._secure(request, way.answer, way.tls)
            self._handshake = self.waits.loop.create_task(secured)

    async def _secure(self, request: Request, answer: Answerer, tls: ssl.SSLContext) -> None:
        arriving, limits = Arriving(), self._house.limits
        try:
            transport = await self.waits.loop.start_tls(
                self._transport,
                arriving,
                tls,
                server_side=True,
                ssl_handshake_timeout=limits.header_s,
                ssl_shutdown_timeout=limits.linger_s,
            )
        except OSError as reason:
            self._gate.failed(request, reason)
            self.abort()
            return
        finally:
            self.connection_lost(None)
        if transport is not None:
            hand_over(transport, Connection(self._house, answer, "https"), arriving)


class Arriving(asyncio.Protocol):
    """Keeps what comes between a handshake and the moment its connection is told of it."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.data = bytearray()
        self.ended = False
        self.lost = False
        self.successor: Connection | None = None

    def data_received(self, data: bytes) -> None:
        """Keeps it."""
        self.data += data

    def eof_received(self) -> bool:
        """Keeps that too, and the sending half open."""
        self.ended = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends its successor, whom a loop that was told of this before does not know."""
        self.lost = True
        if self.successor is not None:
            self.successor.connection_lost(exc)


def hand_over(transport: asyncio.Transport, to: Connection, arrived: Arriving) -> None:
    """Let `to` be the connection on `transport` from now on."""
    if arrived.lost or transport.is_closing():
        return
    arrived.successor = to
    transport.set_protocol(to)
    to.connection_made(transport)
    if arrived.data:
        to.data_received(bytes(arrived.data))
    if arrived.ended and not to.eof_received():
        transport.close()


def _asks_for_tunnel(item: Exchange | Refused) -> TypeGuard[Exchange]:
    return isinstance(item, Exchange) and item.request.method == CONNECT
