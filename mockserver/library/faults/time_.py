"""Times out of order, out of this day, or in a form that only resembles the one expected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final

from mockserver.core.timestamps import edge_timestamp, parse_timestamp, web_timestamp
from mockserver.library.faults.kinds import Strike
from mockserver.library.faults.params import number
from mockserver.library.faults.predictions import Json, shape_fault, without


_NAMES: Final = ("created_at", "started_at", "completed_at")
_SECOND_MS: Final = 1000


@shape_fault("time.order", tests=("K11",))
def order(told: Json, _strike: Strike) -> Json:
    """The last time that is told lies a second before the first: it ended before it began."""
    known = _times(told)
    if len(known) < _A_PAIR:
        return told
    first, *_, last = known
    return told | {last: _shifted(known[first], -_SECOND_MS)}


_A_PAIR: Final = 2


@shape_fault("time.future", params=(number("ms", 86_400_000),), tests=("K11",))
def future(told: Json, strike: Strike) -> Json:
    """All times lie `ms` ahead, as by a clock that runs fast."""
    return _each(told, lambda text: _shifted(text, strike.number("ms")))


@shape_fault("time.no_zone", tests=("K11",))
def no_zone(told: Json, _strike: Strike) -> Json:
    """Times name no time zone: their last letter is missing."""
    return _each(told, lambda text: text.removesuffix("Z"))


@shape_fault("time.offset", tests=("K11",))
def offset(told: Json, _strike: Strike) -> Json:
    """Times are right, but those of a zone eight hours ahead: `+08:00`."""
    return _each(told, lambda text: datetime.fromisoformat(text).astimezone(_AHEAD).isoformat())


_AHEAD: Final = timezone(timedelta(hours=8))


@shape_fault("time.nanos", tests=("K11",))
def nanos(told: Json, _strike: Strike) -> Json:
    """Times have nine digits of a second."""
    return _each(told, lambda text: web_timestamp(parse_timestamp(text)).replace("Z", "123Z"))


@shape_fault("time.epoch", tests=("K11",))
def epoch(told: Json, _strike: Strike) -> Json:
    """Times are seconds since 1970, as numbers."""
    return _each(told, lambda text: parse_timestamp(text) // _SECOND_MS)


@shape_fault("time.missing", tests=("K11",))
def missing(told: Json, _strike: Strike) -> Json:
    """No time is told at all."""
    return without(told, *_NAMES)


def _each(told: Json, change: Callable[[str], object]) -> Json:
    """The prediction with every time in it changed; what is no time stays."""
    return told | {name: change(text) for name, text in _times(told).items()}


def _times(told: Json) -> dict[str, str]:
    """The times that are told, by their names, in the order of a life."""
    return {name: told[name] for name in _NAMES if _ms(told.get(name)) is not None}


def _ms(value: object) -> int | None:
    try:
        return parse_timestamp(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _shifted(text: str, by_ms: int) -> str:
    """Another time in the form of `text`, of which there are two."""
    spelled = web_timestamp if len(text) == len(_WEB) else edge_timestamp
    return spelled(parse_timestamp(text) + by_ms)


_WEB: Final = web_timestamp(0)
