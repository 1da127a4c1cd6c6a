"""create, get and list over our server, and over a raw protocol that writes the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench import example, load, processes
from bench.load import Figures
from bench.report import Row, Rows, median_ratio
from mockserver.core.interaction import Request


ROUNDS: Final = 5
DURATION_S: Final = 1.5
AT_LEAST: Final = {"create": 0.35, "get": 0.60}
"""The share of the raw protocol's rate that is to be reached."""


@dataclass(frozen=True, slots=True)
class Found:
    """Requests per second of the server's own processor time, and what its clients saw."""

    per_cpu_s: float
    seen: Figures


def throughput(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """What one second of processor time answers, as a share of what it does for the raw protocol.

    Processor time and not time: other programs on the machine do not count.
    """
    rounds = 1 if quick else ROUNDS
    with processes.serving("fake") as fake, processes.serving("raw") as raw:
        for name, request in _requests(fake.path):
            yield _row(
                name, [(_found(fake, request), _found(raw, request)) for _ in range(rounds)]
            )


def _requests(path: str) -> Iterator[tuple[str, Request]]:
    # Creations last: they change what the fake holds.
    yield "get", example.get_request(path)
    yield "list", example.get_request(example.LIST)
    yield "create", example.create_request()


def _found(server: processes.Serving, request: Request) -> Found:
    before = server.usage()
    seen = load.load(server.port, request, DURATION_S)
    return Found(seen.count / (server.usage().cpu_s - before.cpu_s), seen)


def _row(name: str, pairs: list[tuple[Found, Found]]) -> Row:
    ours, theirs = (_told([pair[side] for pair in pairs]) for side in (0, 1))
    return Row(
        f"{name}: rate, raw protocol = 1",
        median_ratio((fake.per_cpu_s, raw.per_cpu_s) for fake, raw in pairs),
        at_least=AT_LEAST.get(name),
        note=f"{ours}; raw {theirs}",
    )


def _told(found: list[Found]) -> str:
    per_cpu_s = median(one.per_cpu_s for one in found)
    p50_ms = median(one.seen.p50_ms for one in found)
    p99_ms = median(one.seen.p99_ms for one in found)
    return f"{per_cpu_s:,.0f}/s, p50 {p50_ms:.2g} ms, p99 {p99_ms:.2g} ms"
