"""A fact of a derived file: its value, and where a page says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from mockserver.library.documents.tree import Place
from mockserver.library.json_text import same


class Ground(StrEnum):
    """How a page tells something: in a schema or table, in a sentence, by an example."""

    SAID = "said"
    PROSE = "prose"
    SHOWN = "example"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is told: the document, `gateway/model`, and the place in its `page`."""

    document: str
    page: str
    place: Place
    ground: Ground = Ground.SAID

    def wire(self) -> Mapping[str, object]:
        """The origin as JSON."""
        return {
            "document": self.document,
            "page": self.page,
            "line": self.place.line,
            "pointer": self.place.pointer,
            "ground": str(self.ground),
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value; without origins it is assumed, for the reason that is told.

    With them, the reason is what is to be said besides.
    """

    value: object = field(hash=False)
    origins: tuple[Origin, ...] = ()
    reason: str = ""

    @property
    def assumed(self) -> bool:
        """Whether no page says it."""
        return not self.origins

    @property
    def source(self) -> str:
        """Where it is from, as data files write it."""
        return "; ".join((*_told(self.origins), *self._besides))

    @property
    def places(self) -> str:
        """The same in short, as `document:line`."""
        told = dict.fromkeys(f"{one.document}:{one.place.line}" for one in self.origins)
        where = (", ".join(told),) if told else ()
        return "; ".join((*where, *self._besides))

    @property
    def _besides(self) -> tuple[str, ...]:
        """What is said behind the places."""
        if self.origins:
            return (self.reason,) if self.reason else ()
        return (f"{ASSUMED}: {self.reason}" if self.reason else ASSUMED,)


@dataclass(frozen=True, slots=True)
class Saying:
    """One document's word on something."""

    origin: Origin
    value: object = field(hash=False)


class Sayings:
    """What documents say of one thing after another, each by its key."""

    __slots__ = ("_said",)

    def __init__(self) -> None:
        self._said: dict[str, list[Saying]] = {}

    def say(self, key: str, value: object, origin: Origin) -> None:
        """Keep what a document says; of one document the first word counts."""
        known = self._said.setdefault(key, [])
        if all(one.origin.document != origin.document for one in known):
            known.append(Saying(origin, value))

    def drawn(self, key: str) -> Drawn | None:
        """What all who speak of it say; where they do not agree, what the first says."""
        return _drawn(self._said[key]) if key in self._said else None

    def all(self) -> Iterator[tuple[str, Drawn]]:
        """Everything that is said, in the order it was first said in."""
        return ((key, _drawn(said)) for key, said in self._said.items())

    def only_shown(self, key: str) -> bool:
        """Whether nobody says it, but for examples."""
        return all(one.origin.ground is Ground.SHOWN for one in self._said.get(key, ()))

    def disputed(self) -> Iterator[tuple[str, Saying, Saying]]:
        """What two documents say otherwise: the key, the first word, and the other."""
        for key, (first, *others) in self._said.items():
            for one in others:
                if not same(one.value, first.value):
                    yield key, first, one


def _drawn(said: Sequence[Saying]) -> Drawn:
    agreed = [one.origin for one in said if same(one.value, said[0].value)]
    return Drawn(said[0].value, tuple(agreed))


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two documents that say one thing in a file differently; the first is followed."""

    file: str
    key: str
    first: Saying
    other: Saying

    def wire(self) -> Mapping[str, object]:
        """The dispute as JSON."""
        sides = [
            {"value": one.value, "from": one.origin.wire()} for one in (self.first, self.other)
        ]
        return {"file": self.file, "key": self.key, "said": sides}


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact at its `key` (dotted) in the file it is written to."""

    file: str
    key: str
    drawn: Drawn

    def wire(self) -> Mapping[str, object]:
        """The entry as JSON."""
        return {
            "file": self.file,
            "key": self.key,
            "value": self.drawn.value,
            "assumed": self.drawn.reason if self.drawn.assumed else None,
            "from": [one.wire() for one in self.drawn.origins],
        }


ASSUMED: Final = "assumed"


def documents_of(origins: Iterable[Origin]) -> str:
    """The documents and their lines, however it is told there."""
    plain = (replace(one, ground=Ground.SAID) for one in origins)
    return "; ".join(_told(sorted(plain, key=lambda it: it.document)))


def _told(origins: Iterable[Origin]) -> Iterator[str]:
    """One clause for each document and ground, with its lines."""
    found: dict[tuple[str, Ground], set[int]] = {}
    for one in origins:
        found.setdefault((one.document, one.ground), set()).add(one.place.line)
    for (document, ground), lines in found.items():
        numbers = ", ".join(map(str, sorted(lines)))
        how = "" if ground is Ground.SAID else f", {ground}"
        yield f"document {document}, line{'s' if len(lines) > 1 else ''} {numbers}{how}"
