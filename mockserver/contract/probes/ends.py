"""The two ends of one exchange: what the client said, and what arrived behind the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from mockserver.contract.evidence import CREATES, MISTAKES, STRANGERS, Evidence, Exchange, Intent
from mockserver.contract.exam import origin
from mockserver.core.interaction import Interaction


MADE: Final = CREATES | {Intent.EXACT}
"""What has to make one prediction upstream."""
FAILED: Final = frozenset({Intent.UPSTREAM_FAILS, Intent.UPSTREAM_FAILS_LOOK})
_POSTS: Final = MADE | MISTAKES | STRANGERS | {Intent.UNKNOWN_MODEL, Intent.UPSTREAM_FAILS}
"""What asks to create, whether or not it may."""

_REFUSED: Final = 400
_BROKEN: Final = 0


def through(evidence: Evidence) -> Iterator[Exchange]:
    """The exchanges with the gateway itself, where both of its ends were seen."""
    here = origin(evidence.base_url)
    for exchange in evidence.exchanges if evidence.both_ends else ():
        if origin(exchange.url) == here:
            yield exchange


def creates(seen: Iterator[Interaction] | tuple[Interaction, ...]) -> list[Interaction]:
    """Those that ask upstream for a prediction."""
    return [
        one
        for one in seen
        if one.request.method == "POST" and one.request.path.rstrip("/").endswith("/predictions")
    ]


def behind(evidence: Evidence, made: Exchange) -> list[Interaction]:
    """The create calls upstream that belong to a create call, those that came later included.

    A gateway may answer first and ask upstream then; the next create call ends what is this one's.
    """
    place = evidence.exchanges.index(made)
    found = creates(made.behind)
    for exchange in evidence.exchanges[place + 1 :]:
        if exchange.intent in _POSTS:
            break
        found += creates(exchange.behind)
    return found


def answer_behind(exchange: Exchange) -> Interaction | None:
    """The answer of upstream that the gateway's was made of: the last of the same sort."""
    asked = creates(exchange.behind) if exchange.intent in _POSTS else exchange.behind
    same = [one for one in asked if one.request.method == exchange.raw.request.method]
    return same[-1] if same else None


def went_well(interaction: Interaction) -> bool:
    """Whether upstream answered with a success."""
    return _BROKEN < interaction.status < _REFUSED


def names_of_upstream(evidence: Evidence) -> set[str]:
    """What upstream is called where it is asked, as hosts with their ports."""
    hosts = {one.request.header("host") for each in through(evidence) for one in each.behind}
    hosts.add(urlsplit(evidence.upstream_url).netloc)
    return hosts - {urlsplit(evidence.base_url).netloc, ""}


def pointers(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a JSON tree that has no others in it, and where it stands; once per list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from pointers(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for inner in value[:1]:
            yield from pointers(inner, f"{at}/0")
    else:
        yield at, value
