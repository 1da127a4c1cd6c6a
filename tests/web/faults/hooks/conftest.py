"""Webhooks struck by faults, as a receiver on this machine gets them, byte for byte."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any, Final

import httpx
import pytest

from mockserver.core.signature import SignatureRefused, verify
from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.service.journal import Entry
from mockserver.service.settings import LimitStyle, Settings


PATIENCE_S: Final = 20.0
PATH: Final = "models/black-forest-labs/flux-kontext-pro/predictions"
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived, before anybody took it apart."""

    head: bytes
    sent: bytes

    @property
    def line(self) -> str:
        """Method and path."""
        return self.head.split(b"\r\n")[0].decode().rpartition(" ")[0]

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return {name.decode().lower(): told.strip().decode("latin-1") for name, _, told in lines}

    @property
    def body(self) -> bytes:
        """The body, out of its chunks if it came in any."""
        return b"".join(self.chunks) if "transfer-encoding" in self.headers else self.sent

    @property
    def chunks(self) -> list[bytes]:
        """What each chunk held."""
        found, rest = [], self.sent
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            found.append(rest[: int(size, 16)])
            rest = rest[int(size, 16) + 2 :]
        return found


@dataclass(slots=True)
class Receiver:
    """A program that takes every webhook, and what it got."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    together: Barrier | None = None
    """Where several must have arrived before one of them is answered."""
    met: list[bool] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?of=mine"

    def serve(self, listener: socket.socket) -> None:
        """Take connections until one says nothing."""
        while True:
            connection, _ = listener.accept()
            connection.settimeout(PATIENCE_S)
            if not connection.recv(1, socket.MSG_PEEK):
                connection.close()
                return
            Thread(target=self._take, args=(connection,)).start()

    def _take(self, connection: socket.socket) -> None:
        with connection:
            self.heard.append(_read(connection))
            if self.together is not None:
                try:
                    self.together.wait(PATIENCE_S)
                    self.met.append(True)
                except BrokenBarrierError:
                    self.met.append(False)
            connection.sendall(OK)


def _read(connection: socket.socket) -> Heard:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, sent = data.partition(b"\r\n\r\n")
    told = Heard(head, b"").headers
    length = int(told.get("content-length", "0"))
    chunked = told.get("transfer-encoding") == "chunked"
    while not (sent.endswith(b"0\r\n\r\n") if chunked else len(sent) >= length):
        sent += connection.recv(65_536)
    return Heard(head, sent)


@dataclass(frozen=True, slots=True)
class Hooked:
    """A world whose webhooks a receiver hears."""

    world: LiveWorld
    receiver: Receiver

    def create(self, *wanted: str, **headers: str) -> Any:
        """A new prediction that reports to the receiver, as its create call tells it."""
        asked = {
            "input": {"prompt": "a señor and his 帽子"},
            "webhook": self.receiver.url,
            **({"webhook_events_filter": list(wanted)} if wanted else {}),
        }
        told = {"Authorization": f"Bearer {self.world.token}", **headers}
        got = httpx.post(
            f"{self.world.base_url}/{PATH}", json=asked, headers=told, timeout=PATIENCE_S
        )
        return got.json()

    def heard(self, fault: str = "", *wanted: str, after_s: float = 10.0) -> list[Heard]:
        """What arrives of a prediction under `fault` in so many seconds."""
        if fault:
            self.world.fault(fault)
        self.create(*wanted)
        self.world.clock.advance(after_s)
        return self.receiver.heard

    def verdict(self, heard: Heard, *secrets: str) -> str:
        """What our verifier says of it at the instant of the last delivery: "" is acceptance."""
        outbox = self.world.world.outbox
        at_ms = max(one.attempts[-1].at_ms for one in outbox if one.attempts)
        try:
            verify(secrets or outbox.secrets(at_ms), heard.headers, heard.body, now_ms=at_ms)
        except SignatureRefused as reason:
            return str(reason)
        return ""

    @property
    def struck(self) -> list[Entry]:
        """The journal's entries of webhooks that were struck."""
        return [one for one in self.world.journal if "webhook msg_" in "".join(one.notes)]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A server whose worlds stand still."""
    with serve(Settings(clock="manual", limits=LimitStyle.OFF)) as listening:
        yield listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Receiver(listener.getsockname()[1])
        thread = Thread(target=made.serve, args=(listener,))
        thread.start()
        yield made
        socket.create_connection(("127.0.0.1", made.port)).close()
        thread.join(PATIENCE_S)


@pytest.fixture
def hooked(server: LiveServer, receiver: Receiver) -> Hooked:
    """A new world with a receiver. Worlds of one seed draw the same."""
    return Hooked(server.world("hook-world", clock="manual", seed=7), receiver)


@pytest.fixture
def paced(server: LiveServer, receiver: Receiver) -> Callable[[str], Hooked]:
    """The same with a clock of another kind."""
    return lambda clock: Hooked(server.world("hook-world", clock=clock, seed=7), receiver)
