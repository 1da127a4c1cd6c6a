"""Answers that come late or slowly."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, exp, log, pi, sqrt
from typing import Final

from mockserver.core.fault import Draw
from mockserver.core.reply import Reply, Send
from mockserver.library.faults import scripts, wire
from mockserver.library.faults.kinds import Strike, reply_fault
from mockserver.library.faults.params import choice, number


_STEP_MS: Final = 100
"""How often a narrow line brings something."""


@reply_fault(
    "net.latency",
    params=(
        choice("form", "fixed", "uniform", "lognormal"),
        number("ms", 1000),
        number("spread_percent", 50, 0, 1000),
    ),
    tests=("K6", "K18"),
    aliases=("latency",),
)
def latency(reply: Reply, strike: Strike) -> Reply:
    """The answer begins `ms` milliseconds late.

    `uniform` is up to `spread_percent` of that more or less, `lognormal` has it as its median and
    `spread_percent` / 100 as the deviation of its logarithm.
    """
    ms, spread = strike.number("ms"), strike.number("spread_percent") / 100
    match strike.word("form"):
        case "uniform":
            ms = max(0, round(ms * (1 + spread * (2 * strike.draw.unit - 1))))
        case "lognormal":
            ms = min(round(ms * exp(spread * _normal(strike.draw))), _LONGEST_MS)
    return wire.begun_at(reply, strike.now_ms + ms, strike.bell)


_LONGEST_MS: Final = 86_400_000


@reply_fault(
    "net.drip",
    params=(number("bytes", 1, 1, 1_000_000), number("ms", 100, 1)),
    tests=("K19",),
)
def drip(reply: Reply, strike: Strike) -> Reply:
    """The body comes `bytes` bytes at a time, one piece each `ms` milliseconds."""
    size, every_ms = strike.number("bytes"), strike.number("ms")
    return scripts.paced(reply, lambda data, at_ms: _pieces(data, size, at_ms, every_ms), strike)


@reply_fault(
    "net.bandwidth",
    params=(number("bytes_per_s", 1000, 1, 1_000_000_000),),
    tests=("K19",),
    aliases=("bandwidth",),
)
def bandwidth(reply: Reply, strike: Strike) -> Reply:
    """The body comes at `bytes_per_s` bytes a second."""
    rate = strike.number("bytes_per_s")
    every_ms = max(_STEP_MS, 1000 // rate)
    size = max(1, rate * every_ms // 1000)
    return scripts.paced(reply, lambda data, at_ms: _pieces(data, size, at_ms, every_ms), strike)


@reply_fault(
    "net.slicer",
    params=(number("bytes", 100, 1, 1_000_000), number("ms", 1)),
    tests=("K13",),
    aliases=("slicer",),
)
def slicer(reply: Reply, strike: Strike) -> Reply:
    """The body comes in pieces of drawn sizes, `bytes` on average, `ms` milliseconds apart."""
    size, every_ms = strike.number("bytes"), strike.number("ms")
    return scripts.paced(
        reply, lambda data, at_ms: _slices(data, size, at_ms, every_ms, strike.draw), strike
    )


def _pieces(data: bytes, size: int, at_ms: int, every_ms: int) -> Iterator[Send]:
    """Pieces of one size, the first after the time that it takes."""
    for place, start in enumerate(range(0, len(data), size), start=1):
        yield Send(data[start : start + size], at_ms + place * every_ms)


def _slices(data: bytes, size: int, at_ms: int, every_ms: int, draw: Draw) -> Iterator[Send]:
    """Pieces of 1 to 2 * `size` - 1 bytes."""
    start = 0
    while start < len(data):
        stop = start + 1 + draw.apart(str(start)).below(2 * size - 1)
        at_ms += every_ms
        yield Send(data[start:stop], at_ms)
        start = stop


def _normal(draw: Draw) -> float:
    """A number drawn from the normal distribution. Source: Box and Muller, 1958."""
    radius = sqrt(-2 * log(1 - draw.unit))
    return radius * cos(2 * pi * draw.apart("angle").unit)
