"""A proxy's connection: CONNECT makes a tunnel, in which a connection is like any other."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Close, Reply, Reset, Send
from mockserver.web.server.limits import Limits
from tests.web.server.conftest import GET, TUNNEL


if TYPE_CHECKING:
    from tests.web.server.conftest import Client, HandBell, StartProxy

LARGE = b"x" * (4 * Limits().write_buffer_bytes)


def echo(request: Request) -> Answer:
    """Says how it was asked."""
    return Reply(200, (("x-path", request.path),), request.scheme.encode())


def test_requests_in_a_tunnel_are_answered_on_one_connection(start: StartProxy) -> None:
    """Kept alive, each as one of HTTPS."""
    with start(echo).tunnel() as client:
        answered = [client.send(GET % path).response() for path in (b"a", b"b", b"c")]
    assert [one.headers["x-path"] for one in answered] == ["/a", "/b", "/c"]
    assert [one.body for one in answered] == [b"https"] * 3


@pytest.mark.parametrize(
    "opening",
    [
        b"CONNECT api.test:443 HTTP/1.0\r\n\r\n",
        b"CONNECT api.test:443 HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n",
        b"CONNECT API.test:443 HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic eDp5\r\n\r\n",
    ],
    ids=["1.0", "close", "headers"],
)
def test_clients_ask_for_a_tunnel_in_their_ways(start: StartProxy, opening: bytes) -> None:
    """Python's own client speaks 1.0; whoever says `close` means it of no tunnel."""
    with start(echo).tunnel(opening) as client:
        assert client.send(GET % b"a").response().body == b"https"
        assert client.send(GET % b"b").response().body == b"https"


def test_what_comes_with_the_end_of_the_handshake_is_read(start: StartProxy) -> None:
    """A client of TLS 1.3 speaks in the same breath; nothing of it is lost, many times over."""
    proxy = start(echo)
    for _ in range(20):
        with proxy.connect() as client:
            assert client.send(TUNNEL).head().status == 200
            wire = Memory(client, proxy.trusting)
            wire.shake()
            wire.tls.write(GET % b"a")
            client.send(wire.leaving.read())
            assert wire.read().startswith(b"HTTP/1.1 200")


class Memory:
    """TLS of which a test decides what is sent together."""

    def __init__(self, client: Client, trusting: ssl.SSLContext) -> None:
        self.client = client
        self.arriving, self.leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusting.wrap_bio(self.arriving, self.leaving, server_hostname="api.test")

    def shake(self) -> None:
        """Go through the handshake; its last words are not sent yet."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.client.send(self.leaving.read())
                self.arriving.write(self.client.socket.recv(65536))
            else:
                return

    def read(self) -> bytes:
        """What comes next."""
        while True:
            try:
                return self.tls.read(65536)
            except ssl.SSLWantReadError:
                self.arriving.write(self.client.socket.recv(65536))


def test_a_large_answer_to_a_slow_reader_is_whole(start: StartProxy) -> None:
    """More than the write buffer holds waits until the client reads."""
    with start(lambda _: Reply(200, (), LARGE)).tunnel() as client:
        assert client.send(GET % b"a" + GET % b"b").response().body == LARGE
        assert client.response().body == LARGE


def test_what_follows_in_time_comes_in_time(start: StartProxy, bell: HandBell) -> None:
    """A script is performed inside a tunnel as outside."""
    reply = Reply(200, (("content-length", "8"),), b"part", (Send(b"rest", 1_000),), bell)
    with start(lambda _: reply).tunnel() as client:
        client.send(GET % b"a").until(b"part")
        bell.jump(1_000)
        assert client.until(b"rest") == b"rest"


@pytest.mark.parametrize(("action", "end"), [(Close(), "FIN"), (Reset(), "RST")])
def test_a_script_ends_the_raw_connection(
    start: StartProxy, action: Close | Reset, end: str
) -> None:
    """A fault reaches the socket beneath the tunnel."""
    reply = Reply(200, (("content-length", "9"),), b"part", (Send(b"ial"), action))
    with (
        start(lambda _: reply, linger_s=0.1).tunnel() as client,
        socket.fromfd(client.socket.fileno(), socket.AF_INET, socket.SOCK_STREAM) as beneath,
    ):
        client.send(GET % b"a").until(b"partial")
        client.socket.close()
        beneath.settimeout(10)
        client.socket = beneath
        assert client.rest()[1] == end


def test_a_tunnel_to_port_80_speaks_no_tls(start: StartProxy) -> None:
    """Clients that ask a proxy for everything get plain HTTP there."""
    with start(echo).connect() as client:
        client.send(TUNNEL.replace(b":443", b":80"))
        assert client.head().status == 200
        assert client.send(GET % b"a").response().body == b"http"


def test_a_request_in_absolute_form_needs_no_tunnel(start: StartProxy) -> None:
    """Its scheme is that of its target; the connection serves more of them, and then a tunnel."""
    absolute = b"GET %b://api.test/a HTTP/1.1\r\nHost: x\r\n\r\n"
    proxy = start(echo)
    with proxy.connect() as client:
        assert client.send(absolute % b"http").response().body == b"http"
        assert client.send(absolute % b"https").response().body == b"https"
        client.send(TUNNEL)
        assert client.head().status == 200
        client.socket = proxy.trusting.wrap_socket(client.socket, server_hostname="api.test")
        assert client.send(GET % b"a").response().body == b"https"


def test_an_offer_to_switch_protocols_is_ignored(start: StartProxy) -> None:
    """A WebSocket is answered as the request that it is."""
    upgrade = GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    with start(echo).tunnel() as client:
        assert client.send(upgrade % b"a").response().status == 200
