"""A call meets its handler: who may, what was refused, and what the journal remembers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from mockserver.core.interaction import Interaction
from mockserver.core.problem import PathNotFound, Problem
from mockserver.core.reply import Answer, Later, Reply, Work, edited
from mockserver.service.journal import Asked
from mockserver.web import faulty, guard, limiting
from mockserver.web.call import Call
from mockserver.web.evolution import Past
from mockserver.web.refusals import control_refusal, refusal
from mockserver.web.routes import CONTROL_PREFIX, Area, Route


_log = logging.getLogger(__name__)

Ask = Callable[[], Answer]
Word = Callable[[Call, Problem], Reply]


def answer(call: Call, route: Route, arguments: Mapping[str, str]) -> Answer:
    """What `route` answers; problems become replies, and the API's answers are journaled."""
    if route.area is Area.CONTROL:
        return _controlled(call, route, arguments)
    call.operation, call.prediction_id = route.operation, arguments.get("prediction_id", "")
    if call.face.past and not _existed(call, route, call.face.past):
        method, path = call.request.method, call.request.path
        return refused(call, PathNotFound(f"{method} {path}", method=method, path=path))

    def handle() -> Answer:
        if route.area is Area.API:
            limiting.admit(call, route)
        return route.handler(call, **arguments)

    def ask() -> Answer:
        return limiting.told(call, _worded(call, handle))

    return journaled(call, _worded(call, lambda: faulty.met(call, route, arguments, ask)))


def refused(call: Call, problem: Problem) -> Answer:
    """The reply to a request that no route wants."""
    if call.path.startswith(CONTROL_PREFIX):
        return control_refusal(problem)
    return journaled(call, refusal(call, problem), unmatched=isinstance(problem, PathNotFound))


def _existed(call: Call, route: Route, past: Past) -> bool:
    """Whether the API had `route`; what else of the call it did not know is not heard."""
    if past.lacks(route.method, route.rule):
        call.notes.append(f"--api-date {past.text}: this operation did not exist yet")
        return False
    call.request, ignored = past.heard(call.request, route.rule)
    call.notes.extend(f"--api-date {past.text}: {name} was not known yet" for name in ignored)
    return True


def _controlled(call: Call, route: Route, arguments: Mapping[str, str]) -> Answer:
    def handle() -> Answer:
        guard.check(call.request, call.fake.settings)
        return route.handler(call, **arguments)

    return _worded(call, handle, lambda _, problem: control_refusal(problem))


def _worded(call: Call, ask: Ask, word: Word = refusal) -> Answer:
    """What `ask` answers, now and later, with every refusal worded for the caller by `word`."""
    try:
        given = ask()
    except Problem as problem:
        return word(call, problem)
    except Exception:  # noqa: BLE001 - a fake that fails still answers, and its log says why
        return word(call, _failed(call))
    match given:
        case Reply():
            return given
        case Later(then=then):
            return replace(given, then=lambda now_ms: _worded(call, lambda: then(now_ms), word))
        case Work(run=run):
            return Work(lambda: _worded(call, run, word))


def _failed(call: Call) -> Problem:
    """What is told of the exception that is being handled; the log tells the rest."""
    _log.exception("%s %s failed", call.request.method, call.request.path)
    return Problem("The fake itself failed; its log says why")


def journaled(call: Call, given: Answer, *, unmatched: bool = False) -> Answer:
    """The same answer, written into a journal as soon as it is known."""
    return edited(given, partial(_write, call, unmatched=unmatched))


def _write(call: Call, reply: Reply, *, unmatched: bool) -> Reply:
    journal, at_ms = call.logbook
    seen = Interaction(call.sent, reply.status, reply.headers, reply.body, at_ms)
    asked = Asked(call.operation, call.prediction_id, call.face.gateway.name)
    notes = tuple(call.notes)
    journal.append(seen, notes, unmatched=unmatched, faults=call.faults, asked=asked)
    return reply
