"""Whether a request is one that was recorded, and if not, in what it differs from the nearest.

What stands for a secret on a cassette is matched by any text. What only chooses the channel by
which the end is told (a webhook, a stream, a wait) is not compared: a life is told by all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import compile as pattern
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from mockserver.core.interaction import Request
from mockserver.core.redaction import STANDS_FOR, concealed
from mockserver.library.json_text import JsonError, loads, same


CHANNELS: Final = frozenset({"webhook", "webhook_events_filter", "webhook_completed", "stream"})
"""Members of a create call's body that say how its life is told."""
PLACEHOLDER: Final = pattern(STANDS_FOR)
"""What stands on a cassette for a secret: a name and a number, or a fingerprint."""
_BOUNDARY: Final = pattern(r'boundary="?([^";,\s]{1,100})')
_SHOWN_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is matched: its path without what stands in front of the API's own."""

    request: Request
    path: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a request is not the recorded one; `at` is a JSON pointer in a body."""

    at: str
    recorded: object
    asked: object

    def __str__(self) -> str:
        return f"{self.at}: recorded {_shown(self.recorded)}, asked {_shown(self.asked)}"


def matches(recorded: Asked, asked: Asked) -> bool:
    """Whether `asked` is what was recorded."""
    return next(differences(recorded, asked), None) is None


def differences(recorded: Asked, asked: Asked) -> Iterator[Difference]:
    """In what the two differ: method, path, query, body."""
    if recorded.request.method != asked.request.method:
        yield Difference("method", recorded.request.method, asked.request.method)
    if not alike(recorded.path, asked.path):
        yield Difference("path", recorded.path, asked.path)
    yield from _query(recorded.request.query, asked.request.query)
    yield from _body(recorded.request, asked.request)


def nearest(recorded: Sequence[Asked], asked: Asked) -> tuple[int, tuple[Difference, ...]] | None:
    """The recorded request that differs least, by its place; None where nothing was recorded."""
    found = [(place, tuple(differences(one, asked))) for place, one in enumerate(recorded)]
    return min(found, key=lambda one: _distance(one[1]), default=None)


def alike(recorded: str, asked: str) -> bool:
    """Whether two texts are the same, placeholders aside."""
    if recorded == asked:
        return True
    if "%3C" in recorded.upper():
        recorded, asked = unquote(recorded), unquote(asked)
    if not PLACEHOLDER.search(recorded):
        return recorded == asked
    return _holds(PLACEHOLDER.split(recorded), asked)


def _holds(parts: Sequence[str], text: str) -> bool:
    """Whether `text` is these parts with something between each two of them.

    Taking the first place of each is enough, and takes no longer than reading the text.
    """
    first, *middle, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        at = text.find(part, at + 1)
        if at < 0:
            return False
        at += len(part)
    return len(text) - len(last) > at and text.endswith(last)


_FAR: Final = {"method": 100, "path": 100}


def _distance(found: Sequence[Difference]) -> int:
    return sum(_FAR.get(one.at, 1) for one in found)


def _query(recorded: str, asked: str) -> Iterator[Difference]:
    before, after = (_parameters(text) for text in (recorded, asked))
    for name in sorted(before.keys() | after.keys()):
        one, two = before.get(name), after.get(name)
        if one is None or two is None or len(one) != len(two) or not all(map(alike, one, two)):
            yield Difference(f"query {name}", one, two)


def _parameters(text: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        # How a life is told is no part of what is asked.
        if name not in CHANNELS:
            found.setdefault(name, []).append(value)
    return found


def _body(recorded: Request, asked: Request) -> Iterator[Difference]:
    try:
        before, after = loads(recorded.body), loads(asked.body)
    except JsonError:
        one, two = _unbounded(recorded), _unbounded(asked)
        if not alike(one, two):
            yield Difference("body", one, two)
        return
    yield from _values("", _told(before), _told(after))


def _told(body: object) -> object:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if name not in CHANNELS}


# Bodies are whatever JSON holds.
def _values(at: str, recorded: Any, asked: Any) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(asked, Mapping):
        for name in dict.fromkeys((*recorded, *asked)):
            where = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            yield from _values(where, recorded.get(name, _NOTHING), asked.get(name, _NOTHING))
    elif isinstance(recorded, list) and isinstance(asked, list) and len(recorded) == len(asked):
        for place, (one, two) in enumerate(zip(recorded, asked, strict=True)):
            yield from _values(f"{at}/{place}", one, two)
    elif isinstance(recorded, str) and isinstance(asked, str):
        if not alike(recorded, asked):
            yield Difference(at or "body", recorded, asked)
    elif not same(recorded, asked):
        yield Difference(at or "body", recorded, asked)


class _Nothing:
    """What stands where there is no member."""

    def __repr__(self) -> str:
        return "nothing"


_NOTHING: Final = _Nothing()


def _unbounded(request: Request) -> str:
    """A body as text; of a form, without the boundary that its client drew."""
    text = request.body.decode(errors="surrogateescape")
    named = _BOUNDARY.search(request.header("content-type"))
    if named:
        return text.replace(named[1], "boundary")
    # The type may say nothing of it any more.
    first = text.partition("\n")[0].strip()
    return text.replace(first.removeprefix("--"), "boundary") if first[:2] == "--" else text


def _shown(value: object) -> str:
    text = concealed(value) if isinstance(value, str) else concealed(repr(value))
    shown = repr(text) if isinstance(value, str) else text
    return shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
