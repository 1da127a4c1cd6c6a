"""Cancels that are not heard, come too late, or are answered with something else than happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Unpack

from mockserver.core.fault import Operation, Phase
from mockserver.core.reply import Reply
from mockserver.core.timeline import Forced, Intervention, Status
from mockserver.core.timestamps import web_timestamp
from mockserver.library.faults.kinds import (
    About,
    Edits,
    EventEdit,
    Kind,
    Strike,
    kind,
    reply_fault,
)
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.predictions import (
    ENDED,
    SUCCEEDED,
    Edit,
    Json,
    in_reply,
    output_name,
    put,
    status,
)
from mockserver.library.faults.wire import begun_at


_CANCEL: Final = frozenset({Operation.CANCEL})


def _cancel_fault(
    name: str, told: Edit | None = None, **about: Unpack[About]
) -> Callable[[EventEdit], Kind]:
    """Makes an edit of what a cancel adds to a prediction a kind; `told` edits how it is told."""
    placed: About = {"on": _CANCEL, "fixed": True, **about}

    def made(edit: EventEdit) -> Kind:
        edits: Edits = {"event": edit}
        if told is not None:
            edits["reply"] = lambda reply, strike: in_reply(reply, told, strike)
        return kind(name, edit, edits, placed)

    return made


def _if_running(told: Json, strike: Strike) -> Json:
    """What runs on, as the fault says that it is told."""
    hidden = strike.word("told") == "canceled" and status(told) not in ENDED
    return _as_canceled(told, strike) if hidden else told


def _if_succeeded(told: Json, strike: Strike) -> Json:
    return _as_canceled(told, strike) if status(told) in SUCCEEDED else told


def _as_canceled(told: Json, strike: Strike) -> Json:
    """The prediction as if it had been canceled now."""
    now = web_timestamp(strike.now_ms)
    return put(told, status="canceled", completed_at=now, **{output_name(told): None})


@_cancel_fault(
    "cancel.ignored",
    _if_running,
    params=(choice("told", "canceled", "running"),),
    tests=("K20",),
)
def ignored(_event: Intervention, _strike: Strike) -> None:
    """A cancel has no effect: the prediction runs on. It is told as canceled, or as it is."""


@_cancel_fault("cancel.late", tests=("K20",))
def late(event: Intervention, _strike: Strike) -> Intervention:
    """A cancel comes too late: the prediction has just succeeded, and is told so."""
    return Forced(Status.SUCCEEDED, event.at_ms)


@_cancel_fault("cancel.race", _if_succeeded, tests=("K20",))
def race(event: Intervention, _strike: Strike) -> Intervention:
    """A cancel is answered with `canceled`, but the prediction has succeeded meanwhile."""
    return Forced(Status.SUCCEEDED, event.at_ms)


@reply_fault("cancel.not_found", on=_CANCEL, phase=Phase.BEFORE, tests=("K10", "K20"))
def not_found(_reply: Reply, strike: Strike) -> Reply:
    """A cancel is refused with 404, although the prediction is there."""
    return strike.refusal(404)


@reply_fault("cancel.conflict", on=_CANCEL, phase=Phase.BEFORE, tests=("K10", "K20"))
def conflict(_reply: Reply, strike: Strike) -> Reply:
    """A cancel is refused with 409, although the prediction runs."""
    return strike.refusal(409)


@reply_fault("cancel.slow", on=_CANCEL, fixed=True, params=(number("ms", 10_000),), tests=("K6",))
def slow(reply: Reply, strike: Strike) -> Reply:
    """A cancel takes effect at once, but is answered `ms` later."""
    return begun_at(reply, strike.now_ms + strike.number("ms"), strike.bell)


@reply_fault("cancel.twice", on=_CANCEL, fixed=True, tests=("K10",))
def twice(reply: Reply, strike: Strike) -> Reply:
    """A second cancel of the same prediction is refused with 409 instead of repeated."""
    return reply if strike.ordinal == 1 else strike.refusal(409)
