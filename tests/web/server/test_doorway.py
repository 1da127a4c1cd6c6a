"""A proxy's connection: CONNECT makes a tunnel, in which a connection is like any other."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Close, Later, Reply, Reset, Send
from mockserver.live import running
from mockserver.web.gate import Gate, Turned, worded
from mockserver.web.server import run
from mockserver.web.server.doorway import Doorway
from mockserver.web.server.limits import Limits
from mockserver.web.server.run import Server
from mockserver.web.tls import ThrowAway, throw_away


if TYPE_CHECKING:
    from tests.web.server.conftest import Client, HandBell

HOST = "api.test"
GET = b"GET /%b HTTP/1.1\r\nHost: api.test\r\n\r\n"
OPEN = b"CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n\r\n"
LARGE = b"x" * (4 * Limits().write_buffer_bytes)

Start = Callable[..., "Proxy"]


class Proxy:
    """A proxy that listens, and what it did not let through."""

    def __init__(self, server: Server, turned: Queue[Turned], trusting: ssl.SSLContext) -> None:
        self.server = server
        self._turned = turned
        self.trusting = trusting

    def turned(self) -> str:
        """Why the next was not let through, as soon as that is known."""
        return self._turned.get(timeout=10).why

    def connect(self) -> Client:
        """A new connection to it."""
        from tests.web.server.conftest import Client

        return Client(self.server.port)

    def tunnel(self, opening: bytes = OPEN) -> Client:
        """A new connection to it that is a tunnel, with TLS in it."""
        client = self.connect()
        assert client.send(opening).head().status == 200
        client.socket = self.trusting.wrap_socket(client.socket, server_hostname=HOST)
        return client


@pytest.fixture(scope="module")
def tls() -> ThrowAway:
    """A certificate for the host that is let through."""
    return throw_away([HOST])


@pytest.fixture(params=["uvloop", "asyncio"])
def start(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tls: ThrowAway
) -> Iterator[Start]:
    """Starts a proxy that leads one host to the given answerer, on either loop."""
    if request.param == "asyncio":
        monkeypatch.setattr(run, "new_loop", asyncio.new_event_loop)
    with ExitStack() as open_:

        def started(
            answer: Callable[[Request], Answer], *, resets: bool = False, **limits: float
        ) -> Proxy:
            turned: Queue[Turned] = Queue()
            gate = Gate({HOST: answer}, tls.context, turned.put, resets=resets)
            server = Server(
                gate.answer,
                limits=Limits(**limits),  # type: ignore[arg-type]  # a test's own
                refuse=worded,
                connection=lambda ours: Doorway(ours, gate),
            )
            open_.enter_context(running(server))
            authority = tls.authority_pem.decode()
            return Proxy(server, turned, ssl.create_default_context(cadata=authority))

        yield started


def echo(request: Request) -> Answer:
    """Says how it was asked."""
    return Reply(200, (("x-path", request.path),), request.scheme.encode())


def test_requests_in_a_tunnel_are_answered_on_one_connection(start: Start) -> None:
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
def test_clients_ask_for_a_tunnel_in_their_ways(start: Start, opening: bytes) -> None:
    """Python's own client speaks 1.0; whoever says `close` means it of no tunnel."""
    with start(echo).tunnel(opening) as client:
        assert client.send(GET % b"a").response().body == b"https"
        assert client.send(GET % b"b").response().body == b"https"


def test_what_comes_with_the_end_of_the_handshake_is_read(start: Start) -> None:
    """A client of TLS 1.3 speaks in the same breath; nothing of it is lost, many times over."""
    proxy = start(echo)
    for _ in range(20):
        with proxy.connect() as client:
            assert client.send(OPEN).head().status == 200
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
        self.tls = trusting.wrap_bio(self.arriving, self.leaving, server_hostname=HOST)

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


def test_a_large_answer_to_a_slow_reader_is_whole(start: Start) -> None:
    """More than the write buffer holds waits until the client reads."""
    with start(lambda _: Reply(200, (), LARGE)).tunnel() as client:
        assert client.send(GET % b"a" + GET % b"b").response().body == LARGE
        assert client.response().body == LARGE


def test_what_follows_in_time_comes_in_time(start: Start, bell: HandBell) -> None:
    """A script is performed inside a tunnel as outside."""
    reply = Reply(200, (("content-length", "8"),), b"part", (Send(b"rest", 1_000),), bell)
    with start(lambda _: reply).tunnel() as client:
        client.send(GET % b"a").until(b"part")
        bell.jump(1_000)
        assert client.until(b"rest") == b"rest"


@pytest.mark.parametrize(("action", "end"), [(Close(), "FIN"), (Reset(), "RST")])
def test_a_script_ends_the_raw_connection(start: Start, action: Close | Reset, end: str) -> None:
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


def test_a_tunnel_to_port_80_speaks_no_tls(start: Start) -> None:
    """Clients that ask a proxy for everything get plain HTTP there."""
    with start(echo).connect() as client:
        client.send(OPEN.replace(b":443", b":80"))
        assert client.head().status == 200
        assert client.send(GET % b"a").response().body == b"http"


def test_a_request_in_absolute_form_needs_no_tunnel(start: Start) -> None:
    """Its scheme is that of its target; the connection serves more of them, and then a tunnel."""
    absolute = b"GET %b://api.test/a HTTP/1.1\r\nHost: x\r\n\r\n"
    proxy = start(echo)
    with proxy.connect() as client:
        assert client.send(absolute % b"http").response().body == b"http"
        assert client.send(absolute % b"https").response().body == b"https"
        client.send(OPEN)
        assert client.head().status == 200
        client.socket = proxy.trusting.wrap_socket(client.socket, server_hostname=HOST)
        assert client.send(GET % b"a").response().body == b"https"


def test_an_offer_to_switch_protocols_is_ignored(start: Start) -> None:
    """A WebSocket is answered as the request that it is."""
    upgrade = GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    with start(echo).tunnel() as client:
        assert client.send(upgrade % b"a").response().status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (OPEN.replace(b"api.test", b"other.test"), 403),
        (OPEN.replace(b"443", b"22"), 403),
        (b"CONNECT api.test HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT /a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT api.test:443 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT api.test:443 HTTP/3.0\r\nHost: x\r\n\r\n", 400),
        (OPEN + b"more", 400),
        (b"GET nonsense HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (OPEN[:-2] + b"X: %b\r\n\r\n" % (b"x" * 70_000), 431),
        (b"CONNECT %b:443 HTTP/1.1\r\n" % (b"x" * 9_000), 414),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
    ids=["host", "port", "no port", "path", "no Host", "version", "too early", "target",
         "large head", "long target", "TLS at once"],
)  # fmt: skip
def test_what_cannot_be_a_tunnel_is_refused(start: Start, sent: bytes, status: int) -> None:
    """With a status, and why in the status line; then the connection ends."""
    with start(echo, linger_s=0.1).connect() as client:
        client.send(sent)
        first = client.until(b"\r\n").decode()
        assert first.startswith(f"HTTP/1.1 {status} ")
        assert len(first.split(" ", 2)[2]) > len("Forbidden\r\n")
        client.rest()


def test_a_head_that_never_ends_is_not_waited_for(start: Start) -> None:
    """A slow client has as long as with any server."""
    with start(echo, header_s=0.2, linger_s=0.1).connect() as client:
        client.send(OPEN[:20])
        assert client.head().status == 408


def test_a_handshake_that_never_ends_is_not_waited_for(start: Start) -> None:
    """Nor does it keep its place."""
    proxy = start(echo, header_s=0.2)
    with proxy.connect() as client:
        assert client.send(OPEN).head().status == 200
        assert client.rest()[0] == b""
    assert "handshake" in proxy.turned()
    assert not proxy.server.connections


def test_a_client_that_speaks_no_tls_in_a_tunnel_is_dropped(start: Start) -> None:
    """It is told of, and the next one is served."""
    proxy = start(echo)
    with proxy.connect() as client:
        client.send(OPEN).head()
        assert not client.send(GET % b"a").rest()[0].startswith(b"HTTP/")
    assert "the handshake with api.test:443 failed" in proxy.turned()
    with proxy.tunnel() as client:
        assert client.send(GET % b"a").response().status == 200


def test_a_client_that_does_not_trust_us_is_told_of(start: Start) -> None:
    """It says so in its alert."""
    proxy = start(echo)
    with proxy.connect() as client:
        client.send(OPEN).head()
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(client.socket, server_hostname=HOST)
    assert "UNKNOWN_CA" in proxy.turned()


def test_a_handshake_can_be_reset(start: Start) -> None:
    """At its first bytes, after the tunnel was granted."""
    with start(echo, resets=True).connect() as client:
        assert client.send(OPEN).head().status == 200
        assert client.send(b"\x16\x03\x01").rest()[1] == "RST"


@pytest.mark.parametrize("hurry", ["before", "amid", "after"])
def test_a_client_that_leaves_leaves_nothing(start: Start, hurry: str) -> None:
    """Before the answer to CONNECT, amid the handshake, or in the tunnel."""
    proxy = start(echo)
    for _ in range(5):
        if hurry == "after":
            proxy.tunnel().socket.close()
            continue
        with proxy.connect() as client:
            client.send(OPEN)
            if hurry == "amid":
                client.head()
                client.send(b"\x16\x03\x01\x02\x00\x01")
    with proxy.tunnel() as client:
        assert client.send(GET % b"a").response().status == 200
    assert gone(proxy)


def test_stopping_ends_tunnels_and_handshakes(start: Start, bell: HandBell) -> None:
    """Nobody is waited for, no thread and no subscription is left."""
    held = Later(None, "it", bell, lambda _: held)
    proxy = start(lambda _: held)
    with proxy.tunnel() as waiting, proxy.tunnel() as idle, proxy.connect() as shaking:
        shaking.send(OPEN).head()
        waiting.send(GET % b"a")
        assert bell.wait_for_listeners(1)
        proxy.server.request_stop()
        assert waiting.rest()[0] == idle.rest()[0] == shaking.rest()[0] == b""
    assert bell.wait_for_listeners(0)
    assert gone(proxy)


def gone(proxy: Proxy) -> bool:
    """Whether the proxy stops, and has no connection left and no thread."""
    proxy.server.request_stop()
    threads = [thread for thread in threading.enumerate() if thread.name == "mockserver"]
    for thread in threads:
        thread.join(10)
    return not proxy.server.connections and not any(thread.is_alive() for thread in threads)
