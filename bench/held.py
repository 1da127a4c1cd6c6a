"""Thousands of requests that wait, and how a plain look fares meanwhile."""

from __future__ import annotations

import asyncio
import resource
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from orjson import loads

from bench import example, load, processes
from bench.report import Row, Rows
from mockserver.core.interaction import Request
from mockserver.web.server.run import new_loop


COUNTS: Final = (1_000, 5_000)
AT_MOST_TIMES: Final = 3.0
AT_MOST_KIB: Final = 16.0
LOOKS: Final = 5_000
_FILES_BESIDE: Final = 256
_STUCK: Final = ("x-mock-scenario", "stuck-starting")
_WAIT: Final = ("prefer", "wait=60")

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Found:
    """What `2 * count` held connections cost."""

    count: int
    idle_p99_ms: float
    held_p99_ms: float
    held_bytes: float
    """Memory of the server per held connection, its prediction included."""


def held(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """A look's p99 beside `Prefer: wait` and event streams, and memory per connection."""
    _allow_files(2 * max(COUNTS) + _FILES_BESIDE)
    for count in COUNTS[:1] if quick else COUNTS:
        with (
            processes.serving("real") as server,
            asyncio.Runner(loop_factory=new_loop) as runner,
        ):
            found = runner.run(_found(server, count))
        what = f"{count:,} waits and {count:,} streams held"
        yield Row(
            f"{what}: p99 of a get, idle = 1",
            found.held_p99_ms / found.idle_p99_ms,
            at_most=AT_MOST_TIMES,
            note=f"{found.held_p99_ms:.3g} ms; idle {found.idle_p99_ms:.3g} ms",
        )
        yield Row(f"{what}: memory for each", found.held_bytes / 1024, "KiB", at_most=AT_MOST_KIB)


async def _found(server: processes.Serving, count: int) -> Found:
    made = await _created(server.port)
    look = example.get_request(made["urls"]["get"].partition(":4010")[2])
    stream = example.get_request(made["urls"]["stream"].partition(":4010")[2])
    wait = replace(example.create_request(), headers=(*example.HEADERS, _STUCK, _WAIT))
    idle_p99_ms = await _p99_ms(server.port, look)
    before = server.usage().rss_bytes
    waits = await _opened(server.port, wait, count)
    streams = await _opened(server.port, stream, count)
    held_p99_ms = await _p99_ms(server.port, look)
    held_bytes = (server.usage().rss_bytes - before) / (2 * count)
    for _, writer in (*waits, *streams):
        writer.close()
    return Found(count, idle_p99_ms, held_p99_ms, held_bytes)


async def _created(port: int) -> dict[str, dict[str, str]]:
    """A prediction that never begins, as it was told."""
    request = replace(example.create_request(), headers=(*example.HEADERS, _STUCK))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(load.wire(request))
    made: dict[str, dict[str, str]] = loads(await load.answered(reader))
    writer.close()
    return made


async def _opened(port: int, request: Request, count: int) -> list[_Streams]:
    """That many connections on which the server owes the rest of an answer."""
    sent = load.wire(request)
    opened = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        opened.append((reader, writer))
    return opened


async def _p99_ms(port: int, request: Request) -> float:
    """What 99 of 100 looks on one connection take at most; the first tenth warms up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = load.wire(request)
    took_ms = []
    for _ in range(LOOKS):
        began = perf_counter()
        writer.write(sent)
        await load.answered(reader)
        took_ms.append((perf_counter() - began) * 1000)
    writer.close()
    return load.percentile(took_ms[LOOKS // 10 :], 0.99)


def _allow_files(count: int) -> None:
    """Let this process and its children open `count` files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        raise RuntimeError(f"needs {count} open files, the limit is {hard}: raise `ulimit -n`")
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
