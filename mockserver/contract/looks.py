"""What answers tell of predictions: the looks that the oracle judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from re import compile as pattern
from typing import Final

from mockserver.core.interaction import Interaction, Request
from mockserver.library.json_text import JsonError, loads, members, object_in


@dataclass(frozen=True, slots=True)
class Look:
    """A prediction as one answer tells it, and the exchange that did, where there was one."""

    body: Mapping[str, object] = field(hash=False)
    exchange: Interaction | None = None

    @property
    def id(self) -> str:
        """Which prediction it tells of: the one that was asked for, whatever id it is told by."""
        asked = ASKED.search(self.exchange.request.path) if self.exchange else None
        return asked[1] if asked else str(self.body.get("id"))


ASKED: Final = pattern(r"/predictions/([^/]+)(/cancel|/result)?$")
"""Paths that name one prediction, and what of it. Source: the gateways' profiles."""


def answered(exchange: Interaction) -> object:
    """The JSON value of an answer, or None where it has none."""
    if "json" not in header(exchange, "content-type"):
        return None
    try:
        return loads(exchange.response_body)
    except JsonError:
        return None


def header(exchange: Interaction, name: str) -> str:
    """The first value of the answer's header `name` (given in lower case), or nothing."""
    for known, value in exchange.response_headers:
        if known.lower() == name:
            return value
    return ""


def posted(request: Request) -> Mapping[str, object]:
    """The JSON object of a request's body; one without members where there is none."""
    return object_in(request.body)


def histories(exchanges: Iterable[Interaction]) -> Mapping[str, list[Look]]:
    """All looks at each prediction, in order.

    The answer of the create call comes first, even if it was held back until after other looks:
    it tells the beginning.
    """
    found: dict[str, list[Look]] = {}
    for exchange in sorted(exchanges, key=_asked_to_look):
        for look in looks(exchange):
            found.setdefault(look.id, []).append(look)
    return found


def looks(exchange: Interaction) -> Iterator[Look]:
    """The predictions that one answer tells of: one, a page of them, or none."""
    told = members(answered(exchange))
    results = told.get("results")
    for body in results if isinstance(results, list) else [told]:
        if "id" in members(body) and "status" in members(body):
            yield Look(body, exchange)


def _asked_to_look(exchange: Interaction) -> bool:
    request = exchange.request
    return not (request.method == "POST" and request.path.endswith("/predictions"))
