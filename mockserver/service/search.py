"""Finding by words: how much of what is asked for stands in what is known of a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from re import compile as pattern
from typing import Final

from mockserver.service.registry import Entry


_WORD: Final = pattern(r"[\w.]+")


def score(asked: str, *texts: str | None) -> float:
    """The part of the words of `asked` that stand in `texts`: 0 to 1; no words are in anything."""
    words = _WORD.findall(asked.lower())
    told = " ".join(text for text in texts if text).lower()
    return sum(word in told for word in words) / len(words) if words else 1.0


def ranked(entries: Iterable[Entry], asked: str) -> list[tuple[float, Entry]]:
    """Those models that have to do with `asked`, with their scores, the best first."""
    scored = [(score(asked, *_texts(entry)), entry) for entry in entries]
    found = [one for one in scored if one[0]]
    return sorted(found, key=lambda one: (-one[0], -one[1].card.run_count))


def _texts(entry: Entry) -> Iterator[str | None]:
    yield entry.full_name
    yield entry.description
    yield from entry.card.tags
    if entry.model is not None:
        yield entry.model.title
