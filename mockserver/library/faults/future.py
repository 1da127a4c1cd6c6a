"""What the API may tell tomorrow: members, statuses, values and events that nobody knows today.

Nothing here breaks a promise of the API; a client that fails has read it too strictly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.core import sse
from mockserver.core.fault import Operation
from mockserver.core.letter import Letter
from mockserver.core.reply import Reply, Script
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import API, Events, Strike, kind, reply_fault
from mockserver.library.faults.params import choice
from mockserver.library.faults.predictions import (
    Json,
    in_letter,
    in_object,
    put,
    shape_fault,
    with_body,
)
from mockserver.library.faults.streams import sent


_TOLERANT: Final = ("K11",)
_REPLACED: Final[Mapping[str, str]] = {"queued": "starting", "paused": "processing"}
"""Which status of today an unknown one stands for."""


@shape_fault("future.unknown_member", tests=_TOLERANT)
def unknown_member(told: Json, _strike: Strike) -> Json:
    """Predictions have members more, also among their `urls` and `metrics`."""
    inner = {
        name: {**told[name], more: value}
        for name, more, value in _MORE
        if isinstance(told.get(name), dict)
    }
    return {**told, **inner, "queue_position": 3, "region": {"name": "eu-1", "zone": None}}


_MORE: Final[tuple[tuple[str, str, Any], ...]] = (
    ("urls", "logs", "https://logs.example/"),
    ("metrics", "queue_time", 0.25),
)


@shape_fault("future.unknown_status", params=(choice("status", *_REPLACED),), tests=("K5", "K11"))
def unknown_status(told: Json, strike: Strike) -> Json:
    """A status that is new, for what today is called `starting` or `processing`: no end is."""
    status = strike.word("status")
    return {**told, "status": status} if told.get("status") == _REPLACED[status] else told


@shape_fault("future.unknown_value", tests=_TOLERANT)
def unknown_value(told: Json, _strike: Strike) -> Json:
    """Members with few known values have a new one: `source`, and the name of the version."""
    return {**put(told, version="2027-01-preview"), "source": "agent"}


@reply_fault("future.unknown_error_member", fixed=True, tests=("K10", "K11"))
def unknown_error_member(reply: Reply, _strike: Strike) -> Reply:
    """Refusals have members more: a code for programs, and where to read about it."""
    if not wire.is_refusal(reply) or not wire.is_whole(reply):
        return reply
    more = {"docs": "https://docs.example/errors/E1001", "causes": [{"code": "E1001"}]}
    return with_body(reply, in_object(reply.body, lambda told: {**told, **more}))


@reply_fault(
    "future.deprecated", on=API - {Operation.STREAM}, fixed=True, source="RFC 9745, RFC 8594"
)
def deprecated(reply: Reply, _strike: Strike) -> Reply:
    """Answers say in headers that this version of the API will end, and when."""
    if reply.raw:
        return reply
    return reply.with_headers(
        ("Deprecation", "@1798761600"),
        ("Sunset", "Fri, 31 Dec 2027 23:59:59 GMT"),
        ("Link", '<https://docs.example/v2>; rel="successor-version"'),
    )


def _unknown_events(new: Events, before: Events, _strike: Strike) -> Script:
    """Streams bring an event of a new name first, and webhooks say of which event they tell."""
    told = sse.event("progress", '{"fraction": 0.5}', "0:0")
    return sent(*(() if before or not new else (told,)), *new)


def _unknown_event(letter: Letter, strike: Strike) -> Letter:
    return in_letter(letter, lambda told, _: {**told, "event": "progress"}, strike)


unknown_event = kind(
    "future.unknown_event",
    _unknown_events,
    {"stream": _unknown_events, "letter": _unknown_event},
    {
        "on": frozenset({Operation.STREAM, Operation.WEBHOOK}),
        "fixed": True,
        "tests": _TOLERANT,
    },
)
