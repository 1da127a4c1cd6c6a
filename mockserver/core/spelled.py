"""What a text says, however it is spelled: escapes undone, and where each byte had come from.

Percent-encoding, escapes as in JSON, HTML or a shell, and line breaks, in one another and to any
depth. It is for finding things, not for reading them: backslashes go, whatever they stood for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from re import Match
from re import compile as pattern
from typing import Final


MOST_LAYERS: Final = 16
"""How deep escapes are undone in one another; whoever writes deeper hides it even from readers."""
# What it becomes is said by the name of the group. Each begins with a byte that none of them has
# further on, or is bounded: no byte is looked at more than a few times.
_ESCAPES: Final = pattern(
    rb"(?P<percent>%(?:25)+)"
    rb"|(?P<octet>%[0-9a-fA-F]{2})"
    rb"|(?P<pair>\\{1,64}u[dD][89abAB][0-9a-fA-F]{2}\\{1,64}u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?P<unit>\\{1,64}u[0-9a-fA-F]{4})"
    rb"|(?P<nothing>\\+[nrtfb]?|[\r\n\t\f\b]+)"
    rb"|(?P<ampersand>&(?:amp;)+)"
    rb"|(?P<decimal>&#[0-9]{1,8};)"
    rb"|(?P<hexadecimal>&#[xX][0-9a-fA-F]{1,7};)"
    rb"|(?P<named>&(?:lt|gt|quot|apos);)"
    rb"|(?P<quote>'\"'\"')"
)
_NAMED: Final = {b"&lt;": b"<", b"&gt;": b">", b"&quot;": b'"', b"&apos;": b"'"}
_LAST_CHARACTER: Final = 0x10FFFF


@dataclass(frozen=True, slots=True)
class _Layer:
    """Where the escapes were that one pass undid: from and to, before and after it."""

    before: tuple[array[int], array[int]] = field(default_factory=lambda: (array("q"), array("q")))
    after: tuple[array[int], array[int]] = field(default_factory=lambda: (array("q"), array("q")))

    def put(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        for kept, places in ((self.before, before), (self.after, after)):
            for column, place in zip(kept, places, strict=True):
                column.append(place)

    def start(self, at: int) -> int:
        """Where what begins `at` began before."""
        last = bisect_right(self.after[0], at) - 1
        if last < 0:
            return at
        if at < self.after[1][last]:
            return self.before[0][last]
        return self.before[1][last] + at - self.after[1][last]

    def end(self, at: int) -> int:
        """Where what ends `at` ended before."""
        last = bisect_left(self.after[0], at) - 1
        if last < 0:
            return at
        return self.before[1][last] + max(at - self.after[1][last], 0)


@dataclass(frozen=True, slots=True)
class Spelled:
    """What was `said`, and the layers of escapes that were around it, the outermost first."""

    said: bytes
    layers: tuple[_Layer, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text as it is spelled stands what is said from `start` to `end`."""
        for layer in reversed(self.layers):
            start, end = layer.start(start), layer.end(end)
        return start, end


def spelled(data: bytes) -> Spelled:
    """What `data` says. It takes time and space in proportion to its length."""
    layers: list[_Layer] = []
    while len(layers) < MOST_LAYERS:
        layer, data = _undone(data)
        if not layer.before[0]:
            break
        layers.append(layer)
    return Spelled(data, tuple(layers))


def _undone(data: bytes) -> tuple[_Layer, bytes]:
    layer, last, size = _Layer(), 0, 0
    told: list[bytes] = []
    for match in _ESCAPES.finditer(data):
        start, end = match.span()
        said = _SAID[match.lastgroup or ""](match)
        size += start - last
        layer.put((start, end), (size, size + len(said)))
        told += (data[last:start], said)
        size += len(said)
        last = end
    return layer, b"".join((*told, data[last:])) if told else data


def _octet(match: Match[bytes]) -> bytes:
    return bytes((int(match[0][1:], 16),))


def _unit(match: Match[bytes]) -> bytes:
    return _character(int(match[0][-4:], 16))


def _pair(match: Match[bytes]) -> bytes:
    high, low = (int(part[:4], 16) for part in match[0].split(b"u")[1:])
    return _character(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _character(number: int) -> bytes:
    return chr(number).encode(errors="surrogatepass") if number <= _LAST_CHARACTER else b""


_SAID: Final[Mapping[str, Callable[[Match[bytes]], bytes]]] = {
    "percent": lambda _match: b"%",
    "octet": _octet,
    "pair": _pair,
    "unit": _unit,
    "nothing": lambda _match: b"",
    "ampersand": lambda _match: b"&",
    "decimal": lambda match: _character(int(match[0][2:-1])),
    "hexadecimal": lambda match: _character(int(match[0][3:-1], 16)),
    "named": lambda match: _NAMED[match[0]],
    "quote": lambda _match: b"'",
}
