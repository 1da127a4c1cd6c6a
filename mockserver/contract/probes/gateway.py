"""What upstream answered beside what the client was told: addresses, statuses, pages, streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from mockserver.contract import rules_gateway as rules
from mockserver.contract.evidence import MISTAKES, STRANGERS, Evidence, Exchange, Intent
from mockserver.contract.exam import links
from mockserver.contract.finding import Finding
from mockserver.contract.looks import answered, header
from mockserver.contract.probes import ends, relayed
from mockserver.contract.probes.probe import Probe, found


_UNAUTHORIZED: Final = 401
_TOO_MANY: Final = 429
_REFUSED: Final = 400
_SERVERS: Final = 500
_LONG_MS: Final = 100
"""A stream that ends sooner tells nothing about who kept it."""


def addresses(evidence: Evidence) -> Iterator[Finding]:
    """An answer tells where upstream is: clients cannot use it, and were not to know."""
    names = ends.names_of_upstream(evidence)
    seen: set[str] = set()
    for exchange in ends.through(evidence):
        for at, address in _addresses(exchange):
            host = next((name for name in names if f"//{name}/" in f"{address}/"), None)
            if host is None or at in seen:
                continue
            seen.add(at)
            # Where outputs lie is public, and few gateways move them.
            rule = rules.UPSTREAM_UNSEEN.softly(unless=not at.startswith("/output"))
            expected = urlsplit(evidence.base_url).netloc
            yield found(rule, exchange, at, expected=expected, seen=host)


def _addresses(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Everything in an answer that may be an address, and where it stands."""
    for name in ("location", "content-location", "link"):
        yield name, header(exchange.raw, name)
    if exchange.intent in (Intent.STREAM, Intent.OUTPUT):
        return
    told = answered(exchange.raw)
    if told is None:
        yield "", exchange.raw.response_body.decode(errors="replace")
    for at, value in ends.pointers(told):
        # In a list it is the same for all.
        if isinstance(value, str) and not at.startswith("/input"):
            yield at.removeprefix("/results/0"), value


def rewritten(evidence: Evidence) -> Iterator[Finding]:
    """One of Location and `urls.get` leads to the gateway, the other elsewhere."""
    ours = {urlsplit(evidence.base_url).netloc, ""}
    for made in ends.through(evidence):
        location, address = header(made.raw, "location"), links(made).get("get")
        if made.intent not in ends.MADE or not made.went_well or not location or not address:
            continue
        if (urlsplit(location).netloc in ours) is not (urlsplit(address).netloc in ours):
            rule, seen = rules.REWRITTEN_ALL, f"{_told(location)} beside {_told(address)}"
            yield found(rule, made, "location", expected="both of one host", seen=seen)


def _told(address: str) -> str:
    return urlsplit(address).netloc or "a path"


def statuses(evidence: Evidence) -> Iterator[Finding]:
    """Upstream's status became another, which no document of the gateway says."""
    for exchange in ends.through(evidence):
        answer = ends.answer_behind(exchange)
        if exchange.error or answer is None or answer.status in (0, _UNAUTHORIZED):
            continue
        expected, seen = answer.status, exchange.status
        if max(expected, seen) < _REFUSED or seen in _allowed(evidence, exchange, expected):
            continue
        # Which of the server's failures it is makes little difference to a client.
        rule = rules.STATUS_IS_CARRIED.softly(unless=min(expected, seen) < _SERVERS)
        yield found(rule, exchange, "", expected=expected, seen=seen)


def _allowed(evidence: Evidence, exchange: Exchange, status: int) -> set[int]:
    kinds = evidence.profile.errors.kinds
    named = _KINDS.get(status, ())
    if exchange.intent in MISTAKES | STRANGERS:
        named = (*named, "input_invalid", "body_malformed")
    return {status, *(kinds[name].status for name in named)}


_KINDS: Final[Mapping[int, tuple[str, ...]]] = {
    402: ("insufficient_credit",),
    404: ("not_found", "path_not_found", "model_not_found"),
    405: ("method_not_allowed",),
    422: ("input_invalid",),
    429: ("throttled",),
    500: ("internal",),
}
"""What upstream's statuses are called in a profile, which may have others for them."""


def waits(evidence: Evidence) -> Iterator[Finding]:
    """A refusal told how long to wait, or what is left of a limit: the client never read it."""
    for exchange in ends.through(evidence):
        answer = ends.answer_behind(exchange)
        if answer is None or answer.status < _REFUSED or exchange.status < _REFUSED:
            continue
        for name, sent in answer.response_headers:
            told = header(exchange.raw, name.lower())
            if name.lower() == "retry-after" and _sooner(told, sent):
                yield found(rules.WAIT_IS_TOLD, exchange, "retry-after", expected=sent, seen=told)
            limit = name.lower().startswith("ratelimit-") and answer.status == _TOO_MANY
            if limit and not told:
                rule = rules.WAIT_IS_TOLD.softly()
                yield found(rule, exchange, name.lower(), expected=sent, seen=told)


def _sooner(told: str, sent: str) -> bool:
    """Whether a client would come back sooner than upstream asked."""
    if told.isdecimal() and sent.isdecimal():
        return int(told) < int(sent)
    return not told


def pages(evidence: Evidence) -> Iterator[Finding]:
    """A failure upstream became a page of the proxy."""
    for exchange in ends.through(evidence):
        answer = ends.answer_behind(exchange)
        failed = answer is not None or exchange.intent in ends.FAILED
        if exchange.error or exchange.status < _REFUSED or not failed:
            continue
        if answer is not None and answer.status and answered(answer) is None:
            continue
        if answered(exchange.raw) is None and exchange.raw.request.method != "HEAD":
            kind = header(exchange.raw, "content-type") or "no type"
            seen = f"{exchange.status} {kind}"
            yield found(
                rules.FAILURE_IS_JSON, exchange, "content-type", expected="JSON", seen=seen
            )


def streams(evidence: Evidence) -> Iterator[Finding]:
    """A stream was kept until its end, and then came in one piece.

    Upstream begins every stream at once, so whoever waited for the first byte waited for a proxy.
    """
    for exchange in ends.through(evidence):
        arrivals_ms = exchange.arrivals_ms
        if exchange.intent is not Intent.STREAM or not arrivals_ms or not exchange.behind:
            continue
        first_ms, spread_ms = arrivals_ms[0], arrivals_ms[-1] - arrivals_ms[0]
        took_ms = exchange.took_ms
        if took_ms >= _LONG_MS and first_ms > took_ms / 2 and spread_ms < took_ms / 10:
            seen = f"all of it after {first_ms} of {took_ms} ms"
            rule = rules.STREAM_IS_CARRIED_ON
            yield found(rule, exchange, "time", expected="events as they happen", seen=seen)


PROBES: Final[tuple[Probe, ...]] = (
    *relayed.PROBES,
    addresses,
    rewritten,
    statuses,
    waits,
    pages,
    streams,
)
