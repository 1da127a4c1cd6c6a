"""One request, struck by one fault, as the bytes that a raw socket gets of it."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from mockserver.core import fault as core
from mockserver.core.fault import Operation
from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.service.journal import Entry
from mockserver.service.settings import LimitStyle, Settings
from tests.faults import PATIENT_S, QUIET_S


MODEL: Final = "black-forest-labs/flux-kontext-pro"
NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """What one connection brought: its bytes, how it ended, and what the journal says of it.

    `ended` is "fin", "rst", or "open" where nothing more came for a while.
    """

    data: bytes
    ended: str
    entry: Entry

    @property
    def status(self) -> int:
        """The status in the first line."""
        return int(self.data.split(b" ", 2)[1])

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        return self.data.partition(b"\r\n\r\n")[0]

    def headers(self, name: str) -> list[str]:
        """The values of every header of this name (in lower case)."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [
            value.strip().decode("latin-1")
            for key, _, value in lines
            if key.decode().lower() == name
        ]

    @property
    def body(self) -> bytes:
        """What follows the head, out of its chunks if it came in any."""
        sent = self.data.partition(b"\r\n\r\n")[2]
        return _unchunked(sent) if "chunked" in self.headers("transfer-encoding") else sent

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Caller:
    """Provokes an operation in a world of its own and reads what comes, byte for byte."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server

    def world(self, *, gateway: str | None = None, seed: int = 7) -> LiveWorld:
        """A new world that stands still. Worlds of one seed and one name draw the same."""
        return self._server.world("fault-world", gateway=gateway, clock="manual", seed=seed)

    def told(
        self,
        fault: str,
        on: Operation | str = Operation.GET,
        *,
        after_s: float = 0.0,
        advance_s: tuple[float, ...] = (),
        times: int = 1,
        gateway: str | None = None,
        seed: int = 7,
        body: dict[str, object] | None = None,
        model: str = MODEL,
        headers: Mapping[str, str] = NO_HEADERS,
        quiet_s: float = QUIET_S,
    ) -> Told:
        """What the `times`-th request of operation `on` is told under `fault`.

        The prediction asked about is `after_s` seconds old. Once the request is sent and all is
        silent, the clock is moved on by each of `advance_s`, and what comes is read on.
        """
        world = self.world(gateway=gateway, seed=seed)
        prediction = {} if on == Operation.CREATE else self.created(world, body, model)
        if after_s:
            world.clock.advance(after_s)
        self.set(world, fault)
        request = self.request(
            world, Operation(on), prediction, body, model=model, headers=headers
        )
        for _ in range(times - 1):
            self._exchange(world, request, ())
        return self.sent(world, request, advance_s, quiet_s)

    def set(self, world: LiveWorld, fault: str) -> None:
        """Set a fault in `world`, by hand."""
        (set_fault,) = core.faults(fault)
        world.world.faults.add(set_fault, world.world.clock.now_ms())

    def sent(
        self,
        world: LiveWorld,
        request: bytes,
        advance_s: tuple[float, ...] = (),
        quiet_s: float = QUIET_S,
    ) -> Told:
        """What these bytes are answered with, until nothing came for `quiet_s`."""
        data, ended = self._exchange(world, request, advance_s, quiet_s)
        return Told(data, ended, tuple(world.journal)[-1])

    def created(
        self, world: LiveWorld, body: dict[str, object] | None = None, model: str = MODEL
    ) -> dict[str, Any]:
        """A prediction, created without any fault, as create answers it."""
        request = self.request(world, Operation.CREATE, {}, body, model=model)
        data, _ = self._exchange(world, request, (), PATIENT_S)
        answer: dict[str, Any] = json.loads(data.partition(b"\r\n\r\n")[2])
        return answer

    def request(
        self,
        world: LiveWorld,
        on: Operation | str,
        prediction: dict[str, Any],
        body: dict[str, object] | None = None,
        *,
        model: str = MODEL,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> bytes:
        """The bytes of a request of operation `on`; the connection ends behind its answer."""
        method, path = _PLACES[Operation(on)](world, prediction)
        path = path.replace(MODEL, model)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        sent = json.dumps(body or {"input": {"prompt": "a lighthouse"}}).encode()
        sent = sent if on == Operation.CREATE else b""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self._server.url.partition('//')[2]}\r\n"
            f"Authorization: Bearer {world.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(sent)}\r\n{more}Connection: close\r\n\r\n"
        ).encode() + sent

    def twice(
        self, request: bytes, again: bytes, between: Callable[[], object]
    ) -> list[tuple[bytes, str]]:
        """What a request gets, and then, with these bytes sent on the same connection."""
        with self.connect() as wire:
            wire.sendall(request)
            found = [read(wire)]
            between()
            if found[0][1] == "open":
                with contextlib.suppress(OSError):
                    wire.sendall(again)
            return [*found, read(wire)]

    def connect(self) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection((self._server.host, self._server.port), 5)

    def _exchange(
        self,
        world: LiveWorld,
        request: bytes,
        advance_s: tuple[float, ...],
        quiet_s: float = QUIET_S,
    ) -> tuple[bytes, str]:
        known = world.journal.count
        with self.connect() as wire:
            wire.sendall(request)
            data, ended = read(wire, quiet_s)
            for seconds in advance_s:
                world.clock.advance(seconds)
                more, ended = read(wire, quiet_s)
                data += more
            # On a busy machine silence says nothing before the answer is known.
            for _ in range(round(PATIENT_S / quiet_s)):
                if ended != "open" or world.journal.count > known:
                    break
                more, ended = read(wire, quiet_s)
                data += more
        return data, ended


def read(wire: socket.socket, quiet_s: float = QUIET_S) -> tuple[bytes, str]:
    """All that comes until the connection ends or is silent, and which of these it was."""
    wire.settimeout(quiet_s)
    parts = []
    try:
        while part := wire.recv(65536):
            parts.append(part)
    except TimeoutError:
        return b"".join(parts), "open"
    except ConnectionResetError:
        return b"".join(parts), "rst"
    return b"".join(parts), "fin"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _output(world: LiveWorld, prediction: dict[str, Any]) -> tuple[str, str]:
    """The first output of a prediction that has ended."""
    seen = world.fake.outputs
    created = world.world.store.events(prediction["id"])[0]
    folder, name = seen.folder(world.world, created), next(iter(seen.names(created, 1)))
    return "GET", f"/delivery/xezq/{folder}/{name}"


_PLACES: Final[dict[Operation, Callable[[LiveWorld, dict[str, Any]], tuple[str, str]]]] = {
    Operation.CREATE: lambda world, _: (
        "POST",
        f"{_path(world.base_url)}/models/{MODEL}/predictions",
    ),
    Operation.GET: lambda world, it: ("GET", f"{_path(world.base_url)}/predictions/{it['id']}"),
    Operation.LIST: lambda world, _: ("GET", f"{_path(world.base_url)}/predictions"),
    Operation.CANCEL: lambda world, it: (
        "POST",
        f"{_path(world.base_url)}/predictions/{it['id']}/cancel",
    ),
    Operation.STREAM: lambda _, it: ("GET", _path(it["urls"]["stream"])),
    Operation.OUTPUT: _output,
    Operation.FILES: lambda world, _: ("GET", f"{_path(world.base_url)}/files"),
    Operation.OTHER: lambda world, _: ("GET", f"{_path(world.base_url)}/account"),
}


def _unchunked(data: bytes) -> bytes:
    whole = b""
    while data:
        size, _, rest = data.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if not length:
            break
        whole += rest[:length]
        data = rest[length + 2 :]
    return whole


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    """Speaks to a server of its own over raw sockets."""
    with serve(Settings(clock="manual", limits=LimitStyle.OFF)) as server:
        yield Caller(server)
