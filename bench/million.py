"""A million predictions in the memory store, next to a thousand."""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from bench import example
from bench.processes import apart
from bench.report import Row, Rows, best_us
from mockserver.core.interaction import Request
from mockserver.service import predictions
from mockserver.service.fake import Fake
from mockserver.service.settings import LimitStyle, Settings
from mockserver.service.store.memory import MemoryStore
from mockserver.service.worlds import World
from mockserver.web.front import Front


FEW: Final = 1_000
MANY: Final = 1_000_000
MANY_QUICKLY: Final = 100_000
HOUR_MS: Final = 3_600_000
SAMPLE: Final = 1_000

AT_MOST_TIMES: Final = 1.2
AT_MOST_BYTES: Final = 1024
AT_MOST_GC_MS: Final = 50.0
AT_MOST_ADVANCE_MS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a store of many predictions costs; pairs are microseconds there, and with a few."""

    rss_bytes: float
    own_bytes: float
    """Of the store's own objects, as Python counts them; per prediction, like `rss_bytes`."""
    gc_ms: float
    advance_ms: float
    get_us: tuple[float, ...]
    page_us: tuple[float, ...]
    answer_us: tuple[float, ...]


def million(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Bytes per prediction, and what stays as quick as with a thousand."""
    many = MANY_QUICKLY if quick else MANY
    found = apart(filled, many)
    here = f"at {many:,}"
    yield Row(
        f"memory per prediction {here}",
        found.rss_bytes,
        "bytes",
        at_most=AT_MOST_BYTES,
        note=f"the store's own objects: {found.own_bytes:.0f} bytes",
    )
    yield Row(f"full garbage collection {here}", found.gc_ms, "ms", at_most=AT_MOST_GC_MS)
    yield Row(f"advance(3600) {here}", found.advance_ms, "ms", at_most=AT_MOST_ADVANCE_MS)
    yield _slowdown(f"get (service) {here}", found.get_us)
    yield _slowdown(f"get (answered) {here}", found.answer_us)
    yield _slowdown(f"first list page (service) {here}", found.page_us)


def filled(count: int) -> Found:
    """What a world costs in which `count` predictions are in flight, beside one of a thousand."""
    front = Front(Fake(Settings(clock="manual", limits=LimitStyle.TOLD)))
    fake = front.fake
    few, many = fake.worlds.named("few"), fake.worlds.named("many")
    _create(fake, few, FEW)
    gc.collect()
    before = _rss_bytes()
    _create(fake, many, count)
    rss_bytes = (_rss_bytes() - before) / count
    (gc_us,) = best_us(gc.collect, times=1)
    (advance_us,) = best_us(lambda: many.clock.advance(HOUR_MS), times=1, rounds=1)
    few.clock.advance(HOUR_MS)
    return Found(
        rss_bytes=rss_bytes,
        own_bytes=_own_bytes(many) / count,
        gc_ms=gc_us / 1000,
        advance_ms=advance_us / 1000,
        get_us=_each_us([_looks(many), _looks(few)]),
        page_us=best_us(lambda: predictions.page(many), lambda: predictions.page(few), times=20),
        answer_us=_each_us([_answers(front, many), _answers(front, few)]),
    )


def _create(fake: Fake, world: World, count: int) -> None:
    model = fake.model("black-forest-labs", "flux-kontext-pro")
    for _ in range(count):
        fake.create(world, fake.orders.for_model(example.body(), model))


def _scattered(world: World) -> list[str]:
    """The ids of a thousand predictions from all over a world."""
    positions = Random(0).choices(range(len(world.store)), k=SAMPLE)  # noqa: S311 - a sample
    return [world.store.ids(at, at + 1)[0] for at in positions]


def _looks(world: World) -> Callable[[], None]:
    """Looks at a thousand predictions, without HTTP."""
    found = _scattered(world)

    def look_at_all() -> None:
        for prediction_id in found:
            predictions.look(world, prediction_id)

    return look_at_all


def _answers(front: Front, world: World) -> Callable[[], None]:
    """Asks the front door for a thousand predictions."""
    headers = (("host", "127.0.0.1"), ("authorization", f"Bearer {world.label}"))
    found = [
        Request("GET", f"{example.LIST}/{prediction_id}", "", headers)
        for prediction_id in _scattered(world)
    ]

    def ask_for_all() -> None:
        for request in found:
            example.known(front, request)

    return ask_for_all


def _each_us(calls: Sequence[Callable[[], None]]) -> tuple[float, ...]:
    """Microseconds of one in a thousand."""
    return tuple(us / SAMPLE for us in best_us(*calls, times=1, rounds=15))


def _own_bytes(world: World) -> int:
    """Bytes of a memory store's objects, as Python counts them."""
    store = world.store
    if not isinstance(store, MemoryStore):
        raise TypeError(f"the default store is a MemoryStore, not a {type(store).__name__}")
    seen: set[int] = set()
    left: list[object] = [vars(store)]
    own_bytes = 0
    while left:
        each = left.pop()
        if id(each) not in seen and not isinstance(each, type):
            seen.add(id(each))
            own_bytes += sys.getsizeof(each)
            left.extend(gc.get_referents(each))
    return own_bytes


def _slowdown(what: str, pair_us: tuple[float, ...]) -> Row:
    many_us, few_us = pair_us
    return Row(
        f"{what}, at {FEW:,} = 1",
        many_us / few_us,
        at_most=AT_MOST_TIMES,
        note=f"{many_us:.1f} µs; {few_us:.1f} µs",
    )


def _rss_bytes() -> int:
    """Bytes of memory this process occupies now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()
