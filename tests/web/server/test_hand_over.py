"""Between a handshake and a connection nothing is lost, and nobody is left behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Reply
from mockserver.web.server.connection import Connection
from mockserver.web.server.doorway import Arriving, hand_over
from mockserver.web.server.run import Server
from mockserver.web.server.waiting import Waits


if TYPE_CHECKING:
    from collections.abc import Iterator

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


class Wire(asyncio.Transport):
    """A transport that only remembers."""

    def __init__(self, *, closing: bool = False) -> None:
        super().__init__()
        self.sent = b""
        self.closed = closing
        self.protocol: asyncio.BaseProtocol | None = None

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Who is told from now on."""
        self.protocol = protocol

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """As much as you like."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps it."""
        self.sent += data

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.closed

    def is_reading(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """The end."""
        self.closed = True


def answer(_request: Request) -> Answer:
    """The same to everybody."""
    return Reply(200, (), b"answered")


@pytest.fixture
def house() -> Iterator[Server]:
    """A server that does not listen."""
    server = Server(answer)
    loop = asyncio.new_event_loop()
    server.waits = Waits(loop, 1)
    yield server
    loop.close()


@pytest.fixture
def connection(house: Server) -> Connection:
    """A connection of it, not made yet."""
    return Connection(house)


def test_what_came_is_handed_over(house: Server, connection: Connection) -> None:
    """In one piece, after the connection was made; the transport speaks to it from now on."""
    arriving, wire = Arriving(), Wire()
    arriving.data_received(GET[:9])
    arriving.data_received(GET[9:])
    hand_over(wire, connection, arriving)
    assert wire.protocol is connection
    assert wire.sent.endswith(b"answered")
    assert house.connections == {connection}


def test_a_client_that_has_ended_already_is_answered_and_closed(
    house: Server, connection: Connection
) -> None:
    """Its end is handed over too."""
    arriving, wire = Arriving(), Wire()
    arriving.data_received(GET)
    assert arriving.eof_received()
    hand_over(wire, connection, arriving)
    assert wire.sent.endswith(b"answered")
    assert wire.closed
    connection.connection_lost(None)
    assert not house.connections


@pytest.mark.parametrize("how", ["lost", "closing"])
def test_a_client_that_is_gone_gets_no_connection(
    house: Server, connection: Connection, how: str
) -> None:
    """Nothing would ever end it."""
    arriving, wire = Arriving(), Wire(closing=how == "closing")
    if how == "lost":
        arriving.connection_lost(None)
    hand_over(wire, connection, arriving)
    assert not house.connections


def test_an_end_that_was_on_its_way_reaches_the_successor(
    house: Server, connection: Connection
) -> None:
    """A loop may have called the former protocol's method already."""
    arriving = Arriving()
    hand_over(Wire(), connection, arriving)
    arriving.connection_lost(ConnectionResetError())
    assert not house.connections
