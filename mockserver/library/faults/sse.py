"""Streams that break off, stall, repeat themselves, or tell what is not so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mockserver.core import sse
from mockserver.core.fault import Operation, Phase
from mockserver.core.interaction import Request
from mockserver.core.reply import Action, Close, Reply, Reset, Script, Send, Stall
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import (
    Events,
    Last,
    Needs,
    Strike,
    kind,
    reply_fault,
    stream_fault,
)
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.streams import field, is_stream, name_of, sent


_STREAM: Final = frozenset({Operation.STREAM})
_AFTER: Final = number("after", 3, 0, 100_000)
"""Behind how many events; at `done` where there are not so many."""
_RESUMED: Final = "last-event-id"


@stream_fault("sse.no_done", tests=("K13",))
def no_done(new: Events, _before: Events, _strike: Strike) -> Script:
    """The stream ends in order, but the event `done` never came."""
    return sent(*(event for event in new if name_of(event) != "done"))


@stream_fault("sse.cut_event", tests=("K13",), params=(_AFTER,))
def cut_event(new: Events, before: Events, strike: Strike) -> Script | Last:
    """The stream ends in the middle of an event, and to HTTP this is an end in order."""
    return _broken(new, before, strike, lambda event: (Send(_half(event)),))


@stream_fault("sse.reset", needs=Needs.BYTES, tests=("K13",), params=(_AFTER,))
def reset(new: Events, before: Events, strike: Strike) -> Script | Last:
    """The connection is reset (RST) behind some of the events."""
    return _broken(new, before, strike, lambda _: (Reset(),))


@stream_fault("sse.close", needs=Needs.BYTES, tests=("K13",), params=(_AFTER,))
def close(new: Events, before: Events, strike: Strike) -> Script | Last:
    """The connection is closed (FIN) behind some of the events, before the last chunk."""
    return _broken(new, before, strike, lambda _: (Close(),))


@stream_fault("sse.stall", tests=("K6", "K19"), params=(_AFTER,))
def stall(new: Events, before: Events, strike: Strike) -> Script | Last:
    """Behind some of the events nothing comes any more, and the connection stays open."""
    return _broken(new, before, strike, lambda _: (Stall(),))


_WAITS: Final = {
    "1s": "retry: 1000",
    "0": "retry: 0",
    "1d": "retry: 86400000",
    "negative": "retry: -1",
    "text": "retry: soon",
}


@stream_fault("sse.retry", tests=("K4", "K13"), params=(choice("wait", *_WAITS), _AFTER))
def retry(new: Events, before: Events, strike: Strike) -> Script | Last:
    """The stream says how long to wait before coming back, and ends without `done`."""
    told = _broken(new, before, strike, lambda _: ())
    if before:
        return told
    opening: Action = Send(f"{_WAITS[strike.word('wait')]}\n\n".encode())
    if isinstance(told, Last):
        return Last((opening, *told.script))
    return (opening, *told)


@stream_fault(
    "sse.error_event", tests=("K10", "K13"), params=(choice("form", "json", "text"), _AFTER)
)
def error_event(new: Events, before: Events, strike: Strike) -> Script | Last:
    """Amid the events come an `error` and `done`, though the prediction goes on and succeeds."""
    text = "The stream was interrupted"
    told = f'{{"detail":"{text}"}}' if strike.word("form") == "json" else text
    heard = (*before, *new)[: strike.number("after")]
    event_id = field(heard[-1], "id") if heard else f"{strike.now_ms // 1000}:0"
    failed = sse.event("error", told, event_id) + sse.event("done", '{"reason":"error"}', event_id)
    return _broken(new, before, strike, lambda _: (Send(failed),))


@stream_fault("sse.done_reason", params=(choice("reason", "canceled", "error"),))
def done_reason(new: Events, _before: Events, strike: Strike) -> Script:
    """`done` says that the prediction was canceled or failed, though all of it was told."""
    told = f'{{"reason":"{strike.word("reason")}"}}'
    return sent(*(_retold(event, told) if name_of(event) == "done" else event for event in new))


@stream_fault("sse.output_shrinks", tests=("K7",))
def output_shrinks(new: Events, before: Events, _strike: Strike) -> Script:
    """Before `done` an output is told that the prediction has not: a look at it shows fewer."""
    if not any(name_of(event) == "done" for event in new):
        return sent(*new)
    more = _surplus((*before, *new))
    return sent(*(more + event if name_of(event) == "done" else event for event in new))


@stream_fault("sse.resume_lost", tests=("K13",), params=(number("events", 2, 1, 100_000),))
def resume_lost(new: Events, before: Events, strike: Strike) -> Script:
    """A stream that is resumed has forgotten the next events: it goes on behind a gap."""
    if not strike.request.header(_RESUMED):
        return sent(*new)
    lost = max(0, strike.number("events") - len(before))
    return sent(*(e for place, e in enumerate(new) if place >= lost or name_of(e) == "done"))


def _from_start(request: Request, strike: Strike) -> Request:
    if strike.word("form") != "resumed":
        return request
    return replace(request, headers=wire.without(request.headers, _RESUMED))


def _twice(new: Events, _before: Events, strike: Strike) -> Script:
    """Events come again with the ids they had: all of them on the way back, or each at once."""
    if strike.word("form") == "resumed":
        return sent(*new)
    return sent(*(event if name_of(event) == "done" else event * 2 for event in new))


dup_ids: Final = kind(
    "sse.dup_ids",
    _twice,
    {"request": _from_start, "stream": _twice},
    {
        "on": _STREAM,
        "fixed": True,
        "tests": ("K13",),
        "params": (choice("form", "resumed", "twice"),),
    },
)

_TYPES: Final = {
    "json": "application/json",
    "plain": "text/plain; charset=utf-8",
    "html": "text/html",
    "octets": "application/octet-stream",
    "none": "",
}


@reply_fault(
    "sse.wrong_type", on=_STREAM, fixed=True, tests=("K10",), params=(choice("type", *_TYPES),)
)
def wrong_type(reply: Reply, strike: Strike) -> Reply:
    """The events come under a `Content-Type` that is not that of a stream, or under none."""
    told = _TYPES[strike.word("type")]
    if not is_stream(reply):
        return reply
    if not told:
        return replace(reply, headers=wire.without(reply.headers, "content-type"))
    return wire.with_header(reply, "Content-Type", told)


@reply_fault("sse.html502", on=_STREAM, phase=Phase.BEFORE, fixed=True, tests=("K10", "K16"))
def html502(_reply: Reply, _strike: Strike) -> Reply:
    """A proxy answers 502 with a page in the place of the stream."""
    return Reply(502, (("Content-Type", "text/html"),), _PAGE)


@reply_fault("sse.not_found", on=_STREAM, phase=Phase.BEFORE, fixed=True, tests=("K10", "K16"))
def not_found(_reply: Reply, strike: Strike) -> Reply:
    """The stream is not found (404), though the prediction is there."""
    return strike.refusal(404)


_PAGE: Final = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


def _broken(
    new: Events, before: Events, strike: Strike, end: Callable[[bytes], Script]
) -> Script | Last:
    """The events up to where the fault strikes, then `end` of the next one, and nothing more."""
    left = strike.number("after") - len(before)
    names = [name_of(event) for event in new]
    done = names.index("done") if "done" in names else len(new)
    place = min(max(0, left), done)
    if place >= len(new):
        return sent(*new)
    return Last((*sent(*new[:place]), *end(new[place])))


def _half(event: bytes) -> bytes:
    """The event up to the middle of what it tells."""
    begun, _, told = event.rstrip(b"\n").partition(b"\ndata: ")
    return begun + b"\ndata: " + told[: len(told) // 2]


def _retold(event: bytes, data: str) -> bytes:
    return sse.event(name_of(event), data, field(event, "id"))


def _surplus(told: Events) -> bytes:
    """One output too many, for the end of a stream that told any.

    Its id is one of its own, but has the number of the last: a way back leads to `done`.
    """
    outputs = [one for one in told if name_of(one) == "output"]
    if not outputs:
        return b""
    second, _, number_ = field(outputs[-1], "id").partition(":")
    later = f"{int(second) + 1}:{number_}" if second.isdecimal() else f"{second}+"
    return sse.event("output", field(outputs[-1], "data"), later)
