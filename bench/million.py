"""A million predictions in the memory store, next to a thousand."""

from __future__ import annotations

import gc
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from bench import example
from bench.processes import apart
from bench.report import Row, Rows, best_us
from mockserver.service import predictions
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.service.store.memory import MemoryStore
from mockserver.service.worlds import World


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
    """What a store of `count` predictions costs."""

    count: int
    create_us: float
    rss_bytes: float
    own_bytes: float
    """Of the store's own objects, as Python counts them; per prediction, like `rss_bytes`."""
    gc_ms: float
    advance_ms: float
    get_us: float
    page_us: float


def million(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Bytes per prediction, and what stays as quick as with a thousand."""
    many = MANY_QUICKLY if quick else MANY
    few, found = apart(filled, FEW), apart(filled, many)
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
    yield _slowdown(f"get {here}", found.get_us, few.get_us)
    yield _slowdown(f"first list page {here}", found.page_us, few.page_us)
    yield Row(
        f"create {here}, at {FEW:,} = 1",
        found.create_us / few.create_us,
        note=f"{found.create_us:.1f} µs; {few.create_us:.1f} µs",
    )


def filled(count: int) -> Found:
    """What a store costs in which `count` predictions are in flight."""
    fake = Fake(Settings(clock="manual"))
    world = fake.worlds.named(example.TOKEN)
    _create(fake, world, 1)
    gc.collect()
    before = _rss_bytes()
    began = perf_counter()
    _create(fake, world, count)
    create_us = (perf_counter() - began) / count * 1e6
    rss_bytes = (_rss_bytes() - before) / count
    gc_ms = best_us(gc.collect, 1, 3) / 1000
    advance_ms = best_us(lambda: world.clock.advance(HOUR_MS), 1, 3) / 1000
    return Found(
        count=count,
        create_us=create_us,
        rss_bytes=rss_bytes,
        own_bytes=_own_bytes(world) / count,
        gc_ms=gc_ms,
        advance_ms=advance_ms,
        get_us=_get_us(world),
        page_us=best_us(lambda: predictions.page(world), 20),
    )


def _create(fake: Fake, world: World, count: int) -> None:
    model = fake.model("black-forest-labs", "flux-kontext-pro")
    for _ in range(count):
        fake.create(world, fake.orders.for_model(example.body(), model))


def _get_us(world: World) -> float:
    """Microseconds of a look at a prediction, in the middle of a thousand scattered ones."""
    scattered = Random(0).choices(range(len(world.store)), k=SAMPLE)  # noqa: S311 - a sample
    found = [world.store.ids(at, at + 1)[0] for at in scattered]

    def look_at_all() -> None:
        for prediction_id in found:
            predictions.look(world, prediction_id)

    return best_us(look_at_all, 1, 10) / SAMPLE


def _own_bytes(world: World) -> int:
    """Bytes of a memory store's objects, as Python counts them."""
    store = world.store
    if not isinstance(store, MemoryStore):
        raise TypeError(f"the default store is a MemoryStore, not a {type(store).__name__}")
    kept = [getattr(store, name) for name in vars(store)]
    inside = [each for many in kept if isinstance(many, list) for each in many]
    return sum(map(sys.getsizeof, kept)) + sum(map(sys.getsizeof, inside))


def _slowdown(what: str, many_us: float, few_us: float) -> Row:
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
