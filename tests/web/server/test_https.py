"""HTTPS: the same connection, and the same ways to end it, over TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Close, Reply, Reset, Send
from mockserver.web.server.limits import Limits
from mockserver.web.tls import ThrowAway, throw_away


if TYPE_CHECKING:
    from tests.web.server.conftest import Client, Serve

GET = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"x" * (4 * Limits().write_buffer_bytes)


class Connect(Protocol):
    """Starts a server for an answerer, and is its client."""

    def __call__(self, answer: Callable[[Request], Answer], **limits: float) -> Client: ...


def echo(request: Request) -> Answer:
    """Says how it was asked."""
    return Reply(200, (("x-path", request.path),), request.scheme.encode())


@pytest.fixture(scope="module")
def tls() -> ThrowAway:
    """A certificate for loopback."""
    return throw_away()


@pytest.fixture
def connect(serve: Serve, tls: ThrowAway) -> Connect:
    """The client's end of a TLS connection."""
    trusting = ssl.create_default_context(cadata=tls.authority_pem.decode())

    def connected(answer: Callable[[Request], Answer], **limits: float) -> Client:
        client = serve(answer, tls=tls.context, **limits).connect()
        client.socket = trusting.wrap_socket(client.socket, server_hostname="127.0.0.1")
        return client

    return connected


def test_requests_are_answered_on_one_connection(connect: Connect) -> None:
    """Kept alive, parsed or recognized by its head, each request says `https`."""
    with connect(echo) as client:
        answered = [client.send(GET % path).response() for path in (b"a", b"b", b"c")]

    assert [one.headers["x-path"] for one in answered] == ["/a", "/b", "/c"]
    assert [one.body for one in answered] == [b"https"] * 3


def test_a_large_answer_to_a_slow_reader_is_whole(connect: Connect) -> None:
    """More than the write buffer holds waits until the client reads."""
    with connect(lambda _: Reply(200, (), LARGE)) as client:
        assert client.send(GET % b"a" + GET % b"b").response().body == LARGE
        assert client.response().body == LARGE


@pytest.mark.parametrize(("action", "end"), [(Close(), "FIN"), (Reset(), "RST")])
def test_a_script_ends_the_raw_connection(
    connect: Connect, action: Close | Reset, end: str
) -> None:
    """A fault reaches the socket beneath, whatever TLS would say."""
    reply = Reply(200, (("content-length", "9"),), b"part", (Send(b"ial"), action))
    with (
        connect(lambda _: reply, linger_s=0.1) as client,
        socket.fromfd(client.socket.fileno(), socket.AF_INET, socket.SOCK_STREAM) as beneath,
    ):
        client.send(GET % b"a").until(b"partial")
        client.socket.close()
        beneath.settimeout(10)
        client.socket = beneath
        assert client.rest()[1] == end


def test_a_client_that_speaks_plain_http_gets_nothing(serve: Serve, tls: ThrowAway) -> None:
    """It is dropped, and the next one is served."""
    served = serve(echo, tls=tls.context)
    with served.connect() as plain:
        data, _ = plain.send(GET % b"a").rest()
    trusting = ssl.create_default_context(cadata=tls.authority_pem.decode())
    with served.connect() as client:
        client.socket = trusting.wrap_socket(client.socket, server_hostname="127.0.0.1")
        assert client.send(GET % b"a").response().status == 200
    assert not data.startswith(b"HTTP/")


def test_a_malformed_request_is_refused_and_the_connection_closed(connect: Connect) -> None:
    """The refusal reaches its client, and then the end."""
    with connect(echo, linger_s=0.1) as client:
        assert client.send(b"\0\r\n\r\n").response().status == 400
        assert client.rest()[0] == b""
