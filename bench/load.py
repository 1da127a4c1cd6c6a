"""Loads a server over 32 kept connections, and never sleeps meanwhile.

A loader that sleeps has to be woken, and on a virtual machine the server pays for that: up to
100 µs, more than a request takes. So this one looks for answers without pause.
`python -m bench.load PORT SECONDS METHOD PATH` prints its figures as JSON.
"""

from __future__ import annotations

import asyncio
import re
import select
import socket
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from orjson import dumps, loads

from bench import example, processes
from mockserver.core.interaction import Request


CONNECTIONS: Final = 32
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Figures:
    """How many requests were answered, and how long half and nearly all of them took."""

    count: int
    p50_ms: float
    p99_ms: float


def load(port: int, request: Request, duration_s: float) -> Figures:
    """What the server at `port` does under `duration_s` seconds of `request`."""
    told = processes.output(
        *(sys.executable, "-m", "bench.load", str(port), str(duration_s)),
        *(request.method, request.path),
        core=processes.LOADER_CORE,
    )
    return Figures(**loads(told))


def wire(request: Request) -> bytes:
    """The request as bytes."""
    lines = (
        f"{request.method} {request.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in request.headers),
        *([f"content-length: {len(request.body)}"] if request.body else []),
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + request.body


def percentile(sample: list[float], share: float) -> float:
    """The value that `share` of the sample does not exceed."""
    return sorted(sample)[min(len(sample) - 1, int(len(sample) * share))]


async def answered(reader: asyncio.StreamReader) -> bytes:
    """The body of the next answer. Raises `RuntimeError` if it is no success."""
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(_length_bytes(head))


class _Client:
    """One connection, always waiting for one answer."""

    def __init__(self, port: int, sent: bytes) -> None:
        self.took_ms: list[float] = []
        self._sent = sent
        self._seen = b""
        self._began_s = perf_counter()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(sent)

    def receive(self) -> None:
        """Take what has come; where that completes the answer, ask again."""
        self._seen += self.socket.recv(_CHUNK_BYTES)
        end = self._seen.find(b"\r\n\r\n") + len(b"\r\n\r\n")
        if len(self._seen) < end + _length_bytes(self._seen[:end]):
            return
        now_s = perf_counter()
        self.took_ms.append((now_s - self._began_s) * 1000)
        self._began_s, self._seen = now_s, b""
        self.socket.sendall(self._sent)


def _length_bytes(head: bytes) -> int:
    length = _LENGTH.search(head)
    if length is None or not head.startswith(b"HTTP/1.1 20"):
        raise RuntimeError(f"expected a success with a length, got {head.decode('latin-1')}")
    return int(length[1])


def _loaded(port: int, duration_s: float, sent: bytes) -> Figures:
    clients = [_Client(port, sent) for _ in range(CONNECTIONS)]
    poll = select.epoll()
    by_number = {client.socket.fileno(): client for client in clients}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    until_s = perf_counter() + duration_s
    while perf_counter() < until_s:
        for number, _ in poll.poll(0):
            by_number[number].receive()
    took_ms = [each for client in clients for each in client.took_ms]
    return Figures(len(took_ms), percentile(took_ms, 0.5), percentile(took_ms, 0.99))


def main(port: str, duration_s: str, method: str, path: str) -> None:
    """Load the server as told, and print the figures as JSON."""
    request = example.create_request() if method == "POST" else example.get_request(path)
    print(dumps(_loaded(int(port), float(duration_s), wire(request))).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
