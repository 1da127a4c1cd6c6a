"""Pages of predictions that miss some, repeat some, or lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Unpack

from mockserver.core import ids
from mockserver.core.fault import Operation
from mockserver.core.reply import Reply
from mockserver.library.faults.kinds import About, Kind, Strike, kind
from mockserver.library.faults.params import number
from mockserver.library.faults.places import foreign
from mockserver.library.faults.predictions import (
    Edit,
    Json,
    editable,
    in_object,
    with_body,
)


Predictions = list[Json]


def _page_fault(name: str, **about: Unpack[About]) -> Callable[[Edit], Kind]:
    """Makes an edit of a page, whose predictions are its `results`, a kind."""
    placed: About = {"on": frozenset({Operation.LIST}), "fixed": True, **about}

    def made(edit: Edit) -> Kind:
        return kind(name, edit, {"reply": lambda reply, strike: _in(reply, edit, strike)}, placed)

    return made


@_page_fault("list.missing_new", params=(number("ms", 10_000),), tests=("K16",))
def missing_new(page: Json, strike: Strike) -> Json:
    """A list does not know yet what was created in the last `ms`."""
    since_ms = strike.now_ms - strike.number("ms")
    old = [one for one in page["results"] if (ids.carried_ms(one["id"]) or 0) <= since_ms]
    return page | {"results": old}


@_page_fault("list.duplicate_across_pages", tests=("K11",))
def duplicate_across_pages(page: Json, strike: Strike) -> Json:
    """The last prediction of a page is the first of the next one, too: something was added."""
    before = strike.memory.get("last")
    results = [before, *page["results"]] if strike.request.query and before else page["results"]
    if page["results"]:
        strike.memory["last"] = page["results"][-1]
    return page | {"results": results}


@_page_fault("list.reordered", tests=("K11",))
def reordered(page: Json, _strike: Strike) -> Json:
    """A page tells the oldest first."""
    return page | {"results": page["results"][::-1]}


@_page_fault("list.next_loop", tests=("K6",))
def next_loop(page: Json, strike: Strike) -> Json:
    """The next page is this page, for ever."""
    return _with_next(page, _here(strike))


@_page_fault("list.next_foreign", tests=("K9",))
def next_foreign(page: Json, strike: Strike) -> Json:
    """The next page lies at another origin: no token may go there."""
    return _with_next(page, foreign(str(page.get("next") or _here(strike))))


@_page_fault("list.next_string_null", tests=("K11",))
def next_string_null(page: Json, _strike: Strike) -> Json:
    """The next page of the last one is the text `null`."""
    return page if page.get("next") else _with_next(page, "null")


@_page_fault("list.empty_page_with_next", tests=("K11",))
def empty_page_with_next(page: Json, strike: Strike) -> Json:
    """A page is empty, but there is a next one; asked again, it tells what it holds."""
    if not strike.ordinal % 2:
        return page
    return _with_next(page, page.get("next") or _here(strike)) | {"results": []}


def _in(reply: Reply, edit: Edit, strike: Strike) -> Reply:
    """The reply with `edit` made to its page, whatever that calls its predictions."""
    if not editable(reply):
        return reply
    return with_body(reply, in_object(reply.body, lambda told: _paged(told, edit, strike)))


def _paged(told: Json, edit: Edit, strike: Strike) -> Json:
    """The page edited, where `told` is one or is wrapped around one."""
    own = _name(told)
    if own:
        page = edit({_RESULTS if name == own else name: told[name] for name in told}, strike)
        return {own if name == _RESULTS else name: value for name, value in page.items()}
    return {
        name: _paged(value, edit, strike) if isinstance(value, dict) else value
        for name, value in told.items()
    }


def _name(told: Json) -> str:
    """The member that holds the predictions of a page; nothing where it is none."""
    if _RESULTS in told:
        return _RESULTS if _are_predictions(told[_RESULTS]) else ""
    return next((name for name, value in told.items() if _are_predictions(value)), "")


_RESULTS: Final = "results"


def _are_predictions(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and "id" in one for one in value)


def _with_next(page: Json, address: str) -> Json:
    """The page with another next one; where pages are asked for by number, none is told."""
    return page | {"next": address} if "next" in page else page


def _here(strike: Strike) -> str:
    """The address that is asked, as the client calls it."""
    query = strike.request.query
    return f"{strike.base_url}/predictions{'?' if query else ''}{query}"
