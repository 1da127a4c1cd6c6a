"""A server in a thread, a client that is only a socket, and a clock moved by hand."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Queue
from ssl import SSLContext
from types import TracebackType
from typing import Self

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer
from mockserver.web.gate import Gate, Turned, worded
from mockserver.web.server.doorway import Doorway
from mockserver.web.server.limits import Limits
from mockserver.web.server.run import Server, run
from mockserver.web.tls import ThrowAway, throw_away


PATIENCE_S = 10.0
TUNNEL = b"CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n\r\n"
"""Asks a proxy for a tunnel to the one host that it lets through."""
GET = b"GET /%b HTTP/1.1\r\nHost: api.test\r\n\r\n"
"""Asks that host for a path, inside of it."""


@dataclass(eq=False)
class HandBell:
    """A clock that only a test moves; counts who listens."""

    jumps_when_idle: bool = False
    time_ms: int = 0
    listeners: list[Callable[[], None]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def now_ms(self) -> int:
        """The time it was jumped to."""
        return self.time_ms

    def delay_s(self, at_ms: int) -> float | None:
        """Nothing for what has come, never for the rest."""
        return 0.0 if at_ms <= self.time_ms else None

    def jump(self, at_ms: int) -> None:
        """Move on, and ring."""
        self.time_ms = max(self.time_ms, at_ms)
        self.ring()

    def ring(self) -> None:
        """Wake everybody."""
        for listener in tuple(self.listeners):
            listener()

    def subscribe(self, about: str, ring: Callable[[], None]) -> Callable[[], None]:
        """Listen; returns the unsubscriber."""
        assert isinstance(about, str)
        with self.changed:
            self.listeners.append(ring)
            self.changed.notify_all()
        return lambda: self._unsubscribe(ring)

    def _unsubscribe(self, ring: Callable[[], None]) -> None:
        with self.changed:
            self.listeners.remove(ring)
            self.changed.notify_all()

    def wait_for_listeners(self, count: int) -> bool:
        """Whether so many came to listen in time."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.listeners) == count, PATIENCE_S)


@dataclass
class Answered:
    """A response as it came off the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection, spoken over in bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.left = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Client:
        """Write `data` as it is."""
        self.socket.sendall(data)
        return self

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with `mark`."""
        while mark not in self.left:
            more = self.socket.recv(65536)
            assert more, f"closed before {mark!r}; got {self.left!r}"
            self.left += more
        head, self.left = self.left.split(mark, 1)
        return head + mark

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        while len(self.left) < size:
            more = self.socket.recv(65536)
            assert more, f"closed after {len(self.left)} of {size} bytes"
            self.left += more
        data, self.left = self.left[:size], self.left[size:]
        return data

    def head(self) -> Answered:
        """The next response without its body."""
        first, *lines = self.until(b"\r\n\r\n").decode("latin-1").strip().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        return Answered(int(first.split()[1]), headers, b"")

    def response(self) -> Answered:
        """The next response, its body delimited by Content-Length."""
        answered = self.head()
        answered.body = self.take(int(answered.headers.get("content-length", "0")))
        return answered

    def rest(self) -> tuple[bytes, str]:
        """Everything until the server ends the connection, and how it did: FIN or RST."""
        data, self.left = self.left, b""
        try:
            while more := self.socket.recv(65536):
                data += more
        except ConnectionResetError:
            return data, "RST"
        return data, "FIN"


@dataclass
class Served:
    """A running server, and the thread it runs in."""

    server: Server
    thread: threading.Thread

    def connect(self) -> Client:
        """A new connection to it."""
        return Client(self.server.port)

    def stop(self) -> bool:
        """Whether the server stopped."""
        self.server.request_stop()
        self.thread.join(PATIENCE_S)
        return not self.thread.is_alive()


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server for the given answerer and limits.

    With `tls` it speaks HTTPS, with `gate` it is a proxy.
    """
    running: list[Served] = []

    def start(
        answer: Callable[[Request], Answer],
        tls: SSLContext | None = None,
        gate: Gate | None = None,
        **limits: float,
    ) -> Served:
        bounds = Limits(**limits)  # type: ignore[arg-type]  # a test's own
        server = Server(answer, limits=bounds, tls=tls)
        if gate:
            server = Server(
                answer,
                limits=bounds,
                refuse=worded,
                connection=lambda ours: Doorway(ours, gate),
            )
        ready = threading.Event()
        thread = threading.Thread(target=run, args=(server, lambda _: ready.set()))
        thread.start()
        assert ready.wait(PATIENCE_S)
        running.append(Served(server, thread))
        return running[-1]

    yield start
    stopped = [served.stop() for served in running]
    assert all(stopped)


@pytest.fixture
def bell() -> HandBell:
    """A clock at 0 ms that stands still."""
    return HandBell()


@pytest.fixture
def jumping_bell() -> HandBell:
    """A clock at 0 ms that jumps when everyone only waits."""
    return HandBell(jumps_when_idle=True)


@dataclass
class Proxy:
    """A running proxy, and what it did not let through."""

    served: Served
    trusting: SSLContext
    turned: Queue[Turned]

    def connect(self) -> Client:
        """A new connection to it."""
        return self.served.connect()

    def tunnel(self, opening: bytes = TUNNEL) -> Client:
        """A new connection to it that is a tunnel, with TLS in it."""
        client = self.connect()
        assert client.send(opening).head().status == 200
        client.socket = self.trusting.wrap_socket(client.socket, server_hostname="api.test")
        return client

    def why(self) -> str:
        """Why the next was not let through, as soon as that is known."""
        return self.turned.get(timeout=PATIENCE_S).why


StartProxy = Callable[..., Proxy]


@pytest.fixture(scope="module")
def proxy_tls() -> ThrowAway:
    """A certificate for the one host that is let through."""
    return throw_away(["api.test"])


@pytest.fixture(params=["uvloop", "asyncio"])
def start(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    serve: Serve,
    proxy_tls: ThrowAway,
) -> StartProxy:
    """Starts a proxy that leads api.test to the given answerer, on either loop."""
    if request.param == "asyncio":
        monkeypatch.setattr("mockserver.web.server.run.new_loop", asyncio.new_event_loop)

    def started(
        answer: Callable[[Request], Answer], *, resets: bool = False, **limits: float
    ) -> Proxy:
        turned: Queue[Turned] = Queue()
        gate = Gate({"api.test": answer}, proxy_tls.context, turned.put, resets=resets)
        trusting = ssl.create_default_context(cadata=proxy_tls.authority_pem.decode())
        return Proxy(serve(gate.answer, gate=gate, **limits), trusting, turned)

    return started
