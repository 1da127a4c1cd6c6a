"""What a gateway can do, as its profile says and as an exam saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.looks import header
from mockserver.core.timeline import TERMINAL
from mockserver.library.gateways import Support


@dataclass(frozen=True, slots=True)
class Capability:
    """One feature: what the profile says of it, and what was seen."""

    feature: str
    says: Support
    seen: str


_ASKED: Final = {
    "create": Intent.CREATE,
    "get": Intent.LOOK,
    "list": Intent.LIST,
    "cancel": Intent.CANCEL,
    "sync": Intent.CREATE_SYNC,
    "stream": Intent.STREAM,
}


def capabilities(evidence: Evidence) -> Iterator[Capability]:
    """The truth table of a gateway, a row for each feature that was put to the test."""
    for feature, intent in _ASKED.items():
        seen = [_seen(feature, one) for one in evidence.of(intent)]
        told = "works" if "works" in seen else next(iter(seen), "not asked")
        yield Capability(feature, evidence.profile.endpoints[feature], told)
    arrived = f"{len(evidence.hooks)} arrived" if evidence.hooks else "none arrived"
    yield Capability("webhooks", evidence.profile.endpoints["webhooks"], arrived)


def _seen(feature: str, exchange: Exchange) -> str:
    if exchange.error:
        return f"no answer ({exchange.error})"
    if not exchange.went_well:
        return f"refused with {exchange.status}"
    return _WORKS.get(feature, _succeeds)(exchange)


def _succeeds(_exchange: Exchange) -> str:
    return "works"


def _lists(exchange: Exchange) -> str:
    results = exchange.body.get("results")
    return "works" if isinstance(results, list) else "answers without results"


def _cancels(exchange: Exchange) -> str:
    status = exchange.body.get("status")
    return "works" if status in TERMINAL else f"answers {status}"


def _waits(exchange: Exchange) -> str:
    told = header(exchange.raw, "preference-applied")
    brought = exchange.body.get("status") in TERMINAL or exchange.body.get("output") is not None
    return "works" if told or brought else "is not heard"


def _streams(exchange: Exchange) -> str:
    kind = header(exchange.raw, "content-type")
    return "works" if kind.startswith("text/event-stream") else f"answers {kind or 'no type'}"


_WORKS: Final = {"list": _lists, "cancel": _cancels, "sync": _waits, "stream": _streams}
