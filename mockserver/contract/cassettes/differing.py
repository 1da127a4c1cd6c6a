"""Two recordings of the same requests: what the gateway answers otherwise than it did.

Ids, instants and outputs are another every time. What is compared is what programs rely on: which
statuses there are, which members, of which types, and by which way a life goes to which end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from mockserver.contract.cassettes.matching import Asked, matches
from mockserver.contract.cassettes.sights import Role, Seen
from mockserver.contract.looks import answered, header
from mockserver.core.cassette import Cassette, Job, Recorded


NOTHING: Final = "nothing"
_KEPT_HEADERS: Final = ("location", "preference-applied", "retry-after")


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is otherwise: of which request, where, and what it was and is."""

    request: str
    at: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.request}: {self.at}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two recordings, and what its interactions are."""

    cassette: Cassette
    roles: tuple[Seen, ...]

    def job_of(self, place: int) -> Job | None:
        """The life that the create call at this place began."""
        return next((job for job in self.cassette.jobs if place in job.creates), None)


def drifts(before: Side, after: Side) -> Iterator[Drift]:
    """What differs, request by request; looks at a life are compared as a life."""
    left = list(_compared(after))
    for place in _compared(before):
        one = before.cassette.recorded[place]
        other = next((at for at in left if _same(one, after.cassette.recorded[at])), None)
        name = f"{one.request.method} {one.request.path}"
        if other is None:
            yield Drift(name, "the request", "asked", "not asked")
            continue
        left.remove(other)
        yield from _answers(name, one, after.cassette.recorded[other])
        yield from _lives(name, before.job_of(place), after.job_of(other))
    for at in left:
        request = after.cassette.recorded[at].request
        yield Drift(f"{request.method} {request.path}", "the request", "not asked", "asked")


def _compared(side: Side) -> Iterator[int]:
    """The places of what was not asked of one life, whose id is another every time."""
    for place, seen in enumerate(side.roles):
        if seen.role in (Role.CREATE, Role.OTHER) and "." not in _last(side, place):
            yield place


def _last(side: Side, place: int) -> str:
    """The last part of a path: one with a dot names an output."""
    return side.cassette.recorded[place].request.path.rpartition("/")[2]


def _same(one: Recorded, other: Recorded) -> bool:
    return matches(*(Asked(each.request, each.request.path) for each in (one, other)))


def _answers(name: str, one: Recorded, other: Recorded) -> Iterator[Drift]:
    yield from _differ(name, "status", one.seen.status, other.seen.status)
    for header_name in ("content-type", *_KEPT_HEADERS):
        before, after = header(one.seen, header_name), header(other.seen, header_name)
        if header_name in _KEPT_HEADERS:
            before, after = bool(before) * "there", bool(after) * "there"
        yield from _differ(name, header_name, before or NOTHING, after or NOTHING)
    yield from _shapes(name, answered(one.seen), answered(other.seen))


def _lives(name: str, one: Job | None, other: Job | None) -> Iterator[Drift]:
    if one is None or other is None:
        return
    yield from _differ(name, "its life", _way(one), _way(other))
    yield from _shapes(f"{name}, its end", one.states[-1].body, other.states[-1].body)
    yield from _differ(name, "error", one.states[-1].error, other.states[-1].error)


def _way(job: Job) -> str:
    return " → ".join(status for status, _ in groupby(str(state.status) for state in job.states))


def _shapes(name: str, before: object, after: object) -> Iterator[Drift]:
    """Members that came, went, or are of another type."""
    one, other = dict(_types("", before)), dict(_types("", after))
    for at in sorted(one.keys() | other.keys()):
        # What is inside something that changed itself is no news.
        parent = at.rpartition("/")[0]
        if one.get(parent, NOTHING) == other.get(parent, NOTHING) or not at:
            yield from _differ(name, at or "/", one.get(at, NOTHING), other.get(at, NOTHING))


# Bodies are whatever JSON holds.
def _types(at: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each place in a body and the type of what is there; all items of a list are one place."""
    yield at, _TYPES.get(type(value), "object")
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _types(f"{at}/{name}", one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            yield from _types(f"{at}/*", one)


_TYPES: Final = {
    type(None): "null",
    bool: "true or false",
    int: "number",
    float: "number",
    str: "text",
    list: "list",
    tuple: "list",
}


def _differ(name: str, at: str, before: object, after: object) -> Iterator[Drift]:
    if before != after:
        yield Drift(name, at, str(before), str(after))
