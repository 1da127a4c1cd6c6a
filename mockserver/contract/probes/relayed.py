"""What went in beside what arrived: secrets, headers, fields, inputs, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules_gateway as rules
from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import header, posted
from mockserver.contract.probes import ends
from mockserver.contract.probes.probe import Probe, found
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timeline import TERMINAL
from mockserver.library.gateways import Support
from mockserver.library.json_text import members, same


_NOTHING: Final = "nothing"
_TOO_MANY: Final = 429
_SERVERS: Final = 500


def secrets(evidence: Evidence) -> Iterator[Finding]:
    """A secret of the client's came out behind the gateway; the finding tells whose, not which."""
    for exchange in ends.through(evidence):
        for name, secret in evidence.canaries.items():
            for one in exchange.behind:
                place = _place(one.request, secret)
                if place:
                    seen = f"{name} in {place}"
                    yield found(
                        rules.KEY_STAYS_HERE, exchange, place, expected=_NOTHING, seen=seen
                    )


def carried(evidence: Evidence) -> Iterator[Finding]:
    """A create call lost what it asked for besides its input."""
    for exchange in ends.through(evidence):
        arrived = ends.answer_behind(exchange) if exchange.intent in ends.MADE else None
        if arrived is None or not exchange.went_well:
            continue
        yield from _headers(evidence, exchange, arrived.request)
        yield from _members(evidence, exchange, arrived.request)


def inputs(evidence: Evidence) -> Iterator[Finding]:
    """The input that arrived is not the one that was sent."""
    for exchange in ends.through(evidence):
        arrived = ends.answer_behind(exchange) if exchange.intent in ends.MADE else None
        if arrived is None:
            continue
        seen = members(posted(arrived.request).get("input"))
        for name in dict.fromkeys((*exchange.given, *seen)):
            sent, came = exchange.given.get(name, _NOTHING), seen.get(name, _NOTHING)
            if name not in exchange.given or name not in seen or not same(sent, came):
                rule = rules.INPUT_IS_CARRIED
                yield found(rule, exchange, f"/input/{name}", expected=sent, seen=came)


def once(evidence: Evidence) -> Iterator[Finding]:
    """One create call became several predictions upstream."""
    for exchange in ends.through(evidence):
        if exchange.intent in ends.MADE:
            made = [one for one in ends.behind(evidence, exchange) if ends.went_well(one)]
            if len(made) > 1:
                rule, seen = rules.CREATED_ONCE, f"{len(made)} predictions"
                yield found(rule, exchange, "", expected="1 prediction", seen=seen)


def retries(evidence: Evidence) -> Iterator[Finding]:
    """What failed upstream came there again, although the client sent it once."""
    for exchange in ends.through(evidence):
        failed: list[Request] = []
        for one in exchange.behind:
            again = [each for each in failed if _alike(each, one.request)]
            if again:
                safe = one.request.method == "GET"
                rule = rules.SENT_ONCE.softly(unless=not safe)
                seen = f"{one.request.method} again after a failure"
                yield found(rule, exchange, "", expected="once", seen=seen)
                break
            if _failed(one):
                failed.append(one.request)


def asked(evidence: Evidence) -> Iterator[Finding]:
    """A success was told of which upstream knows nothing."""
    for exchange in ends.through(evidence):
        if exchange.error or not exchange.went_well:
            continue
        if exchange.intent in ends.MADE:
            unasked, rule = not ends.behind(evidence, exchange), rules.UPSTREAM_IS_ASKED
        elif exchange.intent in _ASKED:
            unasked = not exchange.behind
            rule = rules.UPSTREAM_IS_ASKED.softly(unless=exchange.intent is Intent.CANCEL)
        else:
            continue
        if unasked:
            yield found(rule, exchange, "", expected="a request upstream", seen=_NOTHING)


_ASKED: Final = frozenset({Intent.LOOK, Intent.FOLLOW, Intent.CANCEL})
"""What only upstream can know; what has ended, and what was made, a gateway may keep."""


def _place(request: Request, secret: str) -> str:
    """Where in a request the secret stands; nowhere is empty."""
    for name, value in request.headers:
        if secret in value:
            return name
    if secret in request.path or secret in request.query:
        return "the address"
    return "the body" if secret.encode() in request.body else ""


def _headers(evidence: Evidence, exchange: Exchange, arrived: Request) -> Iterator[Finding]:
    for name, feature in (("prefer", "sync"), ("cancel-after", "create")):
        sent = exchange.raw.request.header(name)
        if not sent or arrived.header(name) or (name == "prefer" and _waited(exchange)):
            continue
        documented = feature == "sync" and _documented(evidence, feature)
        rule = rules.ASKED_IS_CARRIED.softly(unless=documented)
        yield found(rule, exchange, name, expected=sent, seen=_NOTHING)


def _waited(exchange: Exchange) -> bool:
    """Whether the answer is what the wait was for, whoever waited."""
    ended = exchange.body.get("status") in TERMINAL or exchange.body.get("output") is not None
    return ended or bool(header(exchange.raw, "preference-applied"))


def _members(evidence: Evidence, exchange: Exchange, arrived: Request) -> Iterator[Finding]:
    sent, came = posted(exchange.raw.request), posted(arrived)
    for name, feature in _FEATURES.items():
        if name not in sent:
            continue
        # A gateway may well be told first, and tell its client then.
        fine = bool(came.get(name)) if feature == "webhooks" else same(sent[name], came.get(name))
        if not fine:
            rule = rules.ASKED_IS_CARRIED.softly(unless=_documented(evidence, feature))
            seen = came.get(name, _NOTHING)
            yield found(rule, exchange, f"/{name}", expected=sent[name], seen=seen)


_FEATURES: Final = {
    "webhook": "webhooks",
    "webhook_events_filter": "webhooks",
    "stream": "stream",
}


def _documented(evidence: Evidence, feature: str) -> bool:
    return evidence.profile.endpoints[feature] is Support.DOCUMENTED


def _alike(one: Request, other: Request) -> bool:
    return (one.method, one.path, one.query, one.body) == (
        other.method,
        other.path,
        other.query,
        other.body,
    )


def _failed(one: Interaction) -> bool:
    return one.status >= _SERVERS or one.status in (0, _TOO_MANY)


PROBES: Final[tuple[Probe, ...]] = (secrets, carried, inputs, once, retries, asked)
