"""A server in a process of its own: the fake, or the raw protocol that writes the same bytes.

`python -m bench.serving fake|raw` prints where it listens and which prediction it holds, then
answers each line on its standard input with what it has used so far, until that ends.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Final

import httptools
from orjson import dumps

from bench import example
from mockserver.core.interaction import Request
from mockserver.service.fake import Fake
from mockserver.service.settings import LimitStyle, Settings
from mockserver.web.front import Front
from mockserver.web.server.framing import Exchange, whole
from mockserver.web.server.run import Server, new_loop, run


_DATE: Final = b"Date: Fri, 20 Nov 2026 12:00:00 GMT\r\n"
_PAGE_BYTES: Final = resource.getpagesize()


class Raw(asyncio.Protocol):
    """Reads whole requests, as every server has to, and knows their answers beforehand."""

    def __init__(self, answers: dict[tuple[bytes, bytes], bytes]) -> None:
        self._answers = answers
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way back."""
        self._transport = transport  # type: ignore[assignment]  # a server's is a full Transport

    def data_received(self, data: bytes) -> None:
        """Parses."""
        self._parser.feed_data(data)

    def on_url(self, target: bytes) -> None:
        """A request begins."""
        self._target = target
        self._headers = []
        self._body = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._headers.append((name, value))

    def on_body(self, part: bytes) -> None:
        """A piece of the body."""
        self._body += part

    def on_message_complete(self) -> None:
        """Writes what is always written."""
        self._transport.write(self._answers[self._parser.get_method(), self._target])


def answers(made: example.Prepared) -> dict[tuple[bytes, bytes], bytes]:
    """The very bytes that the fake's server writes for each of the measured requests."""
    asked = (
        example.create_request(),
        example.get_request(made.path),
        example.get_request(example.LIST),
    )
    return {(each.method.encode(), each.path.encode()): _wire(made, each) for each in asked}


def _wire(made: example.Prepared, request: Request) -> bytes:
    exchange = Exchange(request, keep_alive=True, http10=False)
    return whole(example.known(made.front, request), exchange, _DATE)[0]


def _usage() -> bytes:
    """Seconds of processor time and bytes of memory of this process, as JSON."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    cpu_s = used.ru_utime + used.ru_stime
    return dumps({"cpu_s": cpu_s, "rss_bytes": int(pages) * _PAGE_BYTES})


def _told(port: int, path: str, stop: Callable[[], object]) -> None:
    """Say where to find us, and answer the parent from another thread until it goes."""
    print(dumps({"port": port, "path": path}).decode(), flush=True)

    def converse() -> None:
        for _ in sys.stdin:
            print(_usage().decode(), flush=True)
        stop()

    Thread(target=converse, daemon=True).start()


def serve_fake(*, real: bool) -> None:
    """Our server in front of our fake; on a `real` clock it begins empty."""
    began = Fake(Settings(limits=LimitStyle.TOLD))
    made = example.Prepared(Front(began), "") if real else example.prepared()
    server = Server(made.front.answer)
    run(server, lambda ready: _told(ready.port, made.path, ready.request_stop))


async def serve_raw() -> None:
    """The yardstick."""
    made = example.prepared()
    known = answers(made)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Raw(known), "127.0.0.1", 0, backlog=4096)
    stopped = asyncio.Event()
    port = listener.sockets[0].getsockname()[1]
    _told(port, made.path, lambda: loop.call_soon_threadsafe(stopped.set))
    await stopped.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["raw"]:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(serve_raw())
    else:
        serve_fake(real=sys.argv[1:] == ["real"])
