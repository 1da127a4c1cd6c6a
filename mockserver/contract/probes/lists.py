"""Lists: what one page has to hold, and whether the pages beside it lead to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Evidence, Exchange, Intent
from mockserver.contract.exam import neighbours, origin
from mockserver.contract.finding import Finding
from mockserver.contract.probes.probe import Probe, found
from mockserver.library.json_text import members, same


def whole(evidence: Evidence) -> Iterator[Finding]:
    """A list lacks what was made before, tells it twice, or not the newest first."""
    made = [one.prediction_id for one in evidence.of(*CREATES) if one.prediction_id]
    for exchange in evidence.of(Intent.LIST):
        told = _ids(exchange)
        if told is None:
            continue
        ours = [one for one in told if one in made]
        before = _before(evidence, exchange)
        if ours != before[::-1] or len(set(told)) != len(told):
            rule = rules.LIST_NEWEST_FIRST
            yield found(rule, exchange, "/results", expected=before[::-1], seen=ours)


def twins(evidence: Evidence) -> Iterator[Finding]:
    """A list tells of a prediction that no call was told of, and that was not there before them.

    It has the input of a create call that was made since an earlier list. Only whoever asks the
    same of the same account at the same time is taken for one.
    """
    told: set[str] | None = None
    calls: list[Exchange] = []
    for exchange in evidence.of(Intent.LIST_BEFORE, *CREATES, Intent.LIST):
        if exchange.intent in CREATES:
            calls.append(exchange)
            continue
        page = _results(exchange)
        if page is None:
            continue
        known = {one.prediction_id for one in calls} | (told or set())
        for one in page if told is not None else ():
            if str(one.get("id")) not in known and _is_twin(one, calls):
                rule, expected = rules.CREATED_ANEW, "one prediction for each create call"
                yield found(rule, exchange, "/results", expected=expected, seen=one.get("id"))
        told = (told or set()) | {str(one.get("id")) for one in page}


def _is_twin(one: Mapping[str, object], calls: list[Exchange]) -> bool:
    """Whether a prediction is what one of these calls asked for."""
    return any(same(one.get("input"), call.given) for call in calls)


def pages(evidence: Evidence) -> Iterator[Finding]:
    """`next` leads to no other page, or `previous` of that one does not lead back."""
    page: Exchange | None = None
    for exchange in evidence.of(Intent.LIST, Intent.LIST_NEXT, Intent.LIST_PREVIOUS):
        if exchange.intent is Intent.LIST:
            page = exchange if _ids(exchange) else None
        elif page is not None and not exchange.error:
            follows = exchange.intent is Intent.LIST_NEXT
            yield from (_next if follows else _previous)(evidence, page, exchange)


def _next(evidence: Evidence, page: Exchange, exchange: Exchange) -> Iterator[Finding]:
    """What is wrong with the page that `next` led to."""
    rule, first, told = rules.NEIGHBOURS_LEAD_BACK, _ids(page) or [], _ids(exchange)
    twice = [one for one in told or () if one in first]
    if not told or twice:
        seen = f"{exchange.status}, {twice} again" if twice else f"{exchange.status}, no page"
        yield found(rule, exchange, "/next", expected="the page that follows", seen=seen)
        return
    paging = evidence.profile.paging
    names_one = paging is None or bool(paging.told("previous"))
    if names_one and "previous" not in neighbours(exchange):
        yield found(rule, exchange, "/previous", expected="the page before", seen=None)


def _previous(_evidence: Evidence, page: Exchange, exchange: Exchange) -> Iterator[Finding]:
    """What is wrong with the page that `previous` led to; newer ones may have come meanwhile."""
    first, told = _ids(page) or [], _ids(exchange)
    if not told or told[-1:] != first[-1:]:
        rule, expected = rules.NEIGHBOURS_LEAD_BACK, first[-1:]
        seen = told[-1:] if told else f"{exchange.status}, no page"
        yield found(rule, exchange, "/previous", expected=expected, seen=seen)


def addresses(evidence: Evidence) -> Iterator[Finding]:
    """`next` or `previous` leads where the same token is of no use."""
    ours = origin(evidence.base_url)
    for exchange in evidence.of(Intent.LIST, Intent.LIST_NEXT):
        for name, address in neighbours(exchange).items():
            if origin(address) != ours:
                yield found(
                    rules.URLS_USABLE, exchange, f"/{name}", expected=ours, seen=origin(address)
                )


def _ids(exchange: Exchange) -> list[str] | None:
    """The ids of a page; None where the answer is none."""
    page = _results(exchange)
    return None if page is None else [str(one.get("id")) for one in page]


def _results(exchange: Exchange) -> list[Mapping[str, object]] | None:
    """What a page tells of; None where the answer is none."""
    results = exchange.body.get("results")
    if not exchange.went_well or not isinstance(results, list):
        return None
    return [members(one) for one in results]


def _before(evidence: Evidence, exchange: Exchange) -> list[str]:
    """Those that were made before the list was asked for, in their order."""
    seen = evidence.exchanges[: evidence.exchanges.index(exchange)]
    return [one.prediction_id for one in seen if one.intent in CREATES and one.prediction_id]


PROBES: Final[tuple[Probe, ...]] = (whole, twins, pages, addresses)
