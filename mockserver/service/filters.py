"""Which predictions a list is asked for, and where in the store they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.core.timeline import Status
from mockserver.service.predictions import look
from mockserver.service.worlds import World


WEB: Final = "web"
"""What the `source` of predictions is that were made on upstream's web site."""
WEB_DAYS_MS: Final = 14 * 86_400_000
"""How far back those are listed. Source: upstream's OpenAPI document, predictions.list."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Predictions created from `after_ms` on, and before `before_ms` (world time).

    `web` asks for those alone that were made on the web site, `model` for those of one model,
    `statuses` for those that have one of them now.
    """

    after_ms: int | None = None
    before_ms: int | None = None
    web: bool = False
    model: str = ""
    statuses: frozenset[Status] = frozenset()


def positions(world: World, wanted: Filter) -> Sequence[int]:
    """The positions in the store of `world` that `wanted` asks for, ascending."""
    found = _in_time(world, wanted)
    if not wanted.model and not wanted.statuses:
        return found
    return [at for at in found if _is_one(world, at, wanted)]


def _is_one(world: World, at: int, wanted: Filter) -> bool:
    seen = look(world, _id(world, at), now_ms=world.clock.now_ms())
    of_model = wanted.model in ("", seen.created.model)
    return of_model and (not wanted.statuses or seen.moment.status in wanted.statuses)


def _in_time(world: World, wanted: Filter) -> Sequence[int]:
    """The positions of what was created in time.

    What was made here was created in this order, and is bisected. Where something was given that
    was made elsewhere, at any time, every prediction is looked at.
    """
    count = len(world.store)
    begins = [] if wanted.after_ms is None else [wanted.after_ms]
    if wanted.web:
        begins.append(world.clock.now_ms() - WEB_DAYS_MS)
    begin_ms = max(begins, default=None)
    if world.shelf.streams:
        return [at for at in range(count) if _matches(world, at, begin_ms, wanted)]
    if wanted.web:
        return range(0)
    first = _first(world, count, begin_ms) if begin_ms is not None else 0
    last = _first(world, count, wanted.before_ms) if wanted.before_ms is not None else count
    return range(first, max(first, last))


def _first(world: World, count: int, at_ms: int) -> int:
    """The first position that was not created before `at_ms`."""
    return bisect_left(range(count), at_ms, key=lambda at: _created_ms(world, at))


def _matches(world: World, at: int, begin_ms: int | None, wanted: Filter) -> bool:
    created_ms = _created_ms(world, at)
    if begin_ms is not None and created_ms < begin_ms:
        return False
    if wanted.before_ms is not None and created_ms >= wanted.before_ms:
        return False
    return not wanted.web or _source(world, at) == WEB


def _created_ms(world: World, at: int) -> int:
    return world.store.events(_id(world, at))[0].at_ms


def _source(world: World, at: int) -> object:
    return (world.shelf.extras.get(_id(world, at)) or {}).get("source")


def _id(world: World, at: int) -> str:
    (prediction_id,) = world.store.ids(at, at + 1)
    return prediction_id
