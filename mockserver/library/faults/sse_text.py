"""Streams spelled in every way that the specification allows, and in some that it does not.

Source: the HTML standard, "Server-sent events", sections 9.2.5 and 9.2.6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from mockserver.core.fault import Operation
from mockserver.core.reply import Reply, Script, Send
from mockserver.library.faults.kinds import Events, Strike, reply_fault, stream_fault
from mockserver.library.faults.params import choice
from mockserver.library.faults.streams import is_stream, name_of, respelt, rewritten, sent


_STREAM: Final = frozenset({Operation.STREAM})
_TEXTS: Final = frozenset({"output", "logs"})
"""Events whose data may be a text that somebody reads."""
_LINE_SIGNS: Final = {
    "u2028": "\u2028",
    "u2029": "\u2029",
    "u0085": "\u0085",
    "vt": "\v",
    "ff": "\f",
}
_BAD_BYTES: Final = {
    "lone": b"\xff",
    "cut": b"\xe2\x82",
    "overlong": b"\xc0\xaf",
    "surrogate": b"\xed\xa0\x80",
}

Spell = Callable[[str], str]


@reply_fault("sse.bom", on=_STREAM, fixed=True)
def bom(reply: Reply, _strike: Strike) -> Reply:
    """The stream begins with a byte order mark, which a reader passes over."""
    return replace(reply, body=b"\xef\xbb\xbf" + reply.body) if is_stream(reply) else reply


@reply_fault("sse.crlf", on=_STREAM, fixed=True)
def crlf(reply: Reply, _strike: Strike) -> Reply:
    """Every line ends with CR and LF."""
    return respelt(reply, lambda data: data.replace(b"\n", b"\r\n"))


@reply_fault("sse.cr_only", on=_STREAM, fixed=True)
def cr_only(reply: Reply, _strike: Strike) -> Reply:
    """Every line ends with CR alone."""
    return respelt(reply, lambda data: data.replace(b"\n", b"\r"))


@stream_fault("sse.no_id", tests=("K11",))
def no_id(new: Events, _before: Events, _strike: Strike) -> Script:
    """The events have no ids."""
    return sent(*(_without_id(event) for event in new))


@stream_fault("sse.unknown_event", tests=("K11",), params=(choice("form", "named", "unnamed"),))
def unknown_event(new: Events, before: Events, strike: Strike) -> Script:
    """Behind the first event comes one of a kind that nobody knows, or without a name."""
    if before or not new:
        return sent(*new)
    kept = b"".join(line + b"\n" for line in new[0].split(b"\n") if line.startswith(b"id: "))
    name = b"event: heartbeat\n" if strike.word("form") == "named" else b""
    return sent(new[0], name + kept + b'data: {"beat":1}\n\n', *new[1:])


@stream_fault("sse.comments")
def comments(new: Events, _before: Events, _strike: Strike) -> Script:
    """Comments stand between the events, and between the lines of each of them."""
    return sent(*(b": ping\n\n" + event.replace(b"\n", b"\n:\n", 1) for event in new))


@stream_fault("sse.u2028", params=(choice("sign", *_LINE_SIGNS),))
def u2028(new: Events, _before: Events, strike: Strike) -> Script:
    """Texts hold a sign that ends a line in Unicode, but none in a stream."""
    sign = _LINE_SIGNS[strike.word("sign")]
    return sent(*(_within(event, lambda text: _amid(text, sign)) for event in new))


@stream_fault("sse.multiline")
def multiline(new: Events, _before: Events, _strike: Strike) -> Script:
    """Texts hold a line break, and JSON is broken between two signs: their data has two lines."""
    return sent(*(_in_lines(event) for event in new))


@stream_fault("sse.bad_utf8", tests=("K10",), params=(choice("bytes", *_BAD_BYTES),))
def bad_utf8(new: Events, _before: Events, strike: Strike) -> Script:
    """Texts hold bytes that are no UTF-8."""
    bad = _BAD_BYTES[strike.word("bytes")]
    marked = (_within(event, lambda text: _amid(text, _MARK)) for event in new)
    return sent(*(event.replace(_MARK.encode(), bad) for event in marked))


@reply_fault("sse.split_utf8", on=_STREAM, fixed=True)
def split_utf8(reply: Reply, _strike: Strike) -> Reply:
    """What is written at once ends in the middle of characters; a comment always holds some."""
    if not is_stream(reply):
        return reply
    opening = tuple(Send(part) for part in _split(": ¡hola!\n\n".encode()))
    script = rewritten(reply.script, lambda new, _: tuple(map(Send, _split(b"".join(new)))))
    return replace(reply, script=(*opening, *script))


_MARK: Final = "\ue000"
"""A sign of nobody's, in whose place bytes are put."""
_LEADS: Final = 0b1100_0000
"""The least byte that begins a character of several. Source: RFC 3629, section 3."""
_ADDRESSES: Final = ("http://", "https://", "data:")


def _without_id(event: bytes) -> bytes:
    return b"\n".join(line for line in event.split(b"\n") if not line.startswith(b"id: "))


def _within(event: bytes, spell: Spell) -> bytes:
    """The event with the first line of its text spelled anew; addresses and JSON as they are."""
    if name_of(event) not in _TEXTS:
        return event
    head, data, rest = event.partition(b"\ndata: ")
    line, end, more = rest.partition(b"\n")
    text = line.decode(errors="replace")
    if not text or text.startswith((*_ADDRESSES, "{", "[")):
        return event
    return head + data + spell(text).encode() + end + more


def _amid(text: str, sign: str) -> str:
    place = (len(text) + 1) // 2
    return text[:place] + sign + text[place:]


def _in_lines(event: bytes) -> bytes:
    if name_of(event) in _TEXTS:
        return _within(event, lambda text: _amid(text, "\ndata: "))
    return event.replace(b"\ndata: {", b"\ndata: {\ndata: ", 1)


def _split(data: bytes) -> tuple[bytes, ...]:
    """`data` in pieces, each of which begins in the middle of a character, but the first."""
    starts = [place for place, octet in enumerate(data) if octet >= _LEADS]
    edges = (0, *(place + 1 for place in starts), len(data))
    return tuple(data[start:stop] for start, stop in pairwise(edges) if start < stop)
