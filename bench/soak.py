"""Everything that can go wrong, at once and for long: what the server loses, leaks or grows by."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bench.report import Row, Rows
from mockserver.contract.receiver import receiving


REQUESTS: Final = 10_000
"""In each round: two make caches and buffers as large as they get, two are measured."""
AT_ONCE: Final = 32
PATIENCE_S: Final = 0.5
"""How long a request is waited for: faults stall for ever, and a client gives up."""
MOST_READ_BYTES: Final = 1_000_000
PROMPTS: Final = 20
"""So few that every picture is soon in the server's memory, which keeps 64 MiB of them."""
MOST_THREADS: Final = 12
"""The main one, a few that draw, one that delivers, and webhooks that are under way."""
AT_MOST_KIB: Final = 100.0
"""What 1,000 requests may leave behind in a process whose worlds are forgotten."""

_ONE_ARENA: Final = {**os.environ, "MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc keeps what threads freed for each thread apart, and returns it late: not what is asked."""
_MODEL: Final = "black-forest-labs/flux-kontext-pro"
_ID: Final = re.compile(rb'"id":\s*"([0-9a-z]{26})"')
_URL: Final = re.compile(rb'"(?:stream|output)":\s*\[?"http://[^/]+(/[^"]+)"')
_OPERATIONS: Final = (
    ("create",) * 4 + ("get",) * 8 + ("list", "list", "cancel", "address", "files")
)


@dataclass(slots=True)
class Health:
    """What a process holds at one moment."""

    files: int
    threads: int
    rss_kib: int


@dataclass(slots=True)
class Load:
    """Requests drawn from a seed, and what was learnt from their answers."""

    port: int
    hook: str
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - it has to repeat
    ids: list[str] = field(default_factory=lambda: ["nobody"])
    addresses: list[str] = field(default_factory=lambda: ["/v1/account"])
    answered: int = 0
    broken: int = 0

    async def send(self, count: int) -> None:
        """So many requests, `AT_ONCE` at a time."""
        left = iter(range(count))
        await asyncio.gather(*(self._one_by_one(left) for _ in range(AT_ONCE)))

    async def _one_by_one(self, left: Iterator[int]) -> None:
        for _ in left:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    self._learn(await self._exchange(self._request()))
            except (OSError, TimeoutError):
                self.broken += 1

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            parts, size = [], 0
            while size < MOST_READ_BYTES and (part := await reader.read(65_536)):
                parts.append(part)
                size += len(part)
            return b"".join(parts)
        finally:
            writer.transport.abort()

    def _learn(self, data: bytes) -> None:
        self.answered += 1
        self.ids = [*self.ids[-200:], *(found.decode() for found in _ID.findall(data)[:3])]
        self.addresses = [*self.addresses[-50:], *(it.decode() for it in _URL.findall(data)[:2])]

    def _request(self) -> bytes:
        method, path, body = self._drawn(self.random.choice(_OPERATIONS))
        prefer = "Prefer: wait=1\r\n" if body and self.random.random() < _WAITING else ""
        kind = "application/json" if path != "/v1/files" else _FORM
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer soak\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{prefer}"
            "Connection: close\r\n\r\n"
        ).encode() + body

    def _drawn(self, operation: str) -> tuple[str, str, bytes]:
        prediction_id = self.random.choice(self.ids)
        match operation:
            case "create":
                prompt = {"prompt": f"picture {self.random.randrange(PROMPTS)}", "seed": 1}
                asked = {"input": prompt, "webhook": self.hook}
                return "POST", f"/v1/models/{_MODEL}/predictions", json.dumps(asked).encode()
            case "get":
                return "GET", f"/v1/predictions/{prediction_id}", b""
            case "cancel":
                return "POST", f"/v1/predictions/{prediction_id}/cancel", b""
            case "address":
                return "GET", self.random.choice(self.addresses), b""
            case "files":
                return "POST", "/v1/files", _UPLOAD
            case _:
                return "GET", "/v1/predictions", b""


_WAITING: Final = 0.3
"""How many of the create calls ask to wait."""
_FORM: Final = "multipart/form-data; boundary=x"
_UPLOAD: Final = (
    b'--x\r\nContent-Disposition: form-data; name="content"; filename="a.txt"\r\n\r\n'
    b"hello\r\n--x--\r\n"
)


def soak(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Mixed requests while a fifth of them is struck by any fault there is."""
    rounds = 1 if quick else 4
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with _server(log) as (process, port), receiving() as mail:
            load = Load(port, mail.url)
            healths = [_sample(load, process.pid, REQUESTS // 10) for _ in range(10 * rounds)]
            lasting = _rested(process.pid, healths[0])
            alive = process.poll() is None and _answers(port)
        failures = log.read_text(encoding="utf-8", errors="replace").count("Traceback")
    told = f"{load.answered:,} answered, {load.broken:,} broken or given up"
    yield Row("mixed requests under `all;p=0.2`", rounds * REQUESTS, "", note=told)
    yield Row("the server answers afterwards", float(alive), "", at_least=1)
    yield Row("exceptions in its log", failures, "", at_most=0)
    yield Row("sockets and files left over", lasting.files - healths[0].files, "", at_most=0)
    yield Row("threads at the end", lasting.threads, "", at_most=MOST_THREADS)
    if not quick:
        held_kib = [one.rss_kib for one in healths]
        grown_kib = median(held_kib[30:]) - median(held_kib[20:30])
        slope = grown_kib / (REQUESTS / 1000)
        yield Row("memory left by 1,000 requests", slope, "KiB", at_most=AT_MOST_KIB)


@contextmanager
def _server(log: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server where a fifth of all requests is struck, and a second is a millisecond."""
    command = (
        *(sys.executable, "-m", "mockserver", "serve", "--port", "0", "--json"),
        *("--clock", "scaled:1000", "--limits", "off", "--fault", "all;p=0.2"),
    )
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(  # noqa: S603 - it is our own command
            command, env=_ONE_ARENA, stdout=subprocess.PIPE, stderr=told, text=True
        ) as process,
    ):
        first = process.stdout.readline() if process.stdout else ""
        try:
            yield process, urlsplit(json.loads(first)["url"]).port or 0
        finally:
            process.terminate()


def _sample(load: Load, pid: int, count: int) -> Health:
    """What the process holds behind so many requests, the world they were made in forgotten."""
    asyncio.run(load.send(count))
    reset = Request(f"http://127.0.0.1:{load.port}/__mock__/reset", method="POST")
    with urlopen(reset, timeout=10):  # noqa: S310 - loopback
        return _health(pid)


def _rested(pid: int, before: Health) -> Health:
    """What is left once the connections that clients gave up have been noticed."""
    for _ in range(100):
        health = _health(pid)
        if health.files <= before.files and health.threads <= before.threads:
            return health
        os.sched_yield()
        asyncio.run(asyncio.sleep(0.05))
    return _health(pid)


def _health(pid: int) -> Health:
    """What Linux knows of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(":", 1) for line in lines)
    files = len(tuple(Path(f"/proc/{pid}/fd").iterdir()))
    return Health(files, int(told["Threads"]), int(told["VmRSS"].split()[0]))


def _answers(port: int) -> bool:
    with urlopen(f"http://127.0.0.1:{port}/__mock__/health", timeout=5) as answer:
        return bool(answer.status == 200)  # noqa: PLR2004 - OK
