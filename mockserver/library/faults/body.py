"""Bodies that are not the JSON they say they are, or that are too much of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mockserver.core.fault import Operation
from mockserver.core.reply import Reply, Send
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import API, Needs, Strike, reply_fault
from mockserver.library.faults.params import number


_WHERE: Final = API - {Operation.STREAM}
"""A stream has no body that is all there."""
_JSON: Final = API - {Operation.STREAM, Operation.OUTPUT}
"""Where JSON is answered."""


def _edited(reply: Reply, strike: Strike, edit: Callable[[bytes], bytes]) -> Reply:
    """The reply with another body, if it has one that goes out."""
    if not wire.bodied(reply, strike.request):
        return reply
    headers = wire.without(reply.headers, "content-length")
    return replace(reply, headers=headers, body=edit(reply.body))


@reply_fault(
    "body.truncated_json",
    on=_JSON,
    params=(number("percent", 50, 0, 99),),
    tests=("K1", "K10", "K13"),
)
def truncated_json(reply: Reply, strike: Strike) -> Reply:
    """The body ends after `percent` percent of it, although its length is right for that."""
    part = strike.number("percent")
    return _edited(reply, strike, lambda body: body[: len(body) * part // 100])


@reply_fault("body.empty", on=_WHERE, tests=("K1", "K10", "K15"))
def empty(reply: Reply, strike: Strike) -> Reply:
    """The body has no bytes."""
    return _edited(reply, strike, lambda _body: b"")


@reply_fault("body.null", on=_JSON, tests=("K10", "K11"))
def null(reply: Reply, strike: Strike) -> Reply:
    """The body is `null`."""
    return _edited(reply, strike, lambda _body: b"null")


@reply_fault("body.array", on=_JSON, tests=("K10", "K11"))
def array(reply: Reply, strike: Strike) -> Reply:
    """The body stands in a list, as its only member."""
    return _edited(reply, strike, lambda body: b"[%b]" % body)


@reply_fault("body.bom", on=_JSON, tests=("K10", "K11"), source="RFC 8259, 8.1")
def bom(reply: Reply, strike: Strike) -> Reply:
    """The body begins with a byte order mark, which a parser may ignore or refuse."""
    return _edited(reply, strike, lambda body: b"\xef\xbb\xbf" + body)


@reply_fault("body.nan", on=_JSON, tests=("K10", "K11"))
def nan(reply: Reply, strike: Strike) -> Reply:
    """The body has numbers that JSON has no words for: `NaN` and `Infinity`."""
    return _edited(reply, strike, lambda body: _with(body, b'"score":NaN,"limit":-Infinity'))


@reply_fault("body.dup_keys", on=_JSON, tests=("K10", "K12"))
def dup_keys(reply: Reply, strike: Strike) -> Reply:
    """The body has the keys `id` and `status` twice, with other values the first time."""
    return _edited(reply, strike, lambda body: _with(body, b'"id":"another","status":"failed"'))


@reply_fault("body.utf16", on=_JSON, tests=("K10",))
def utf16(reply: Reply, strike: Strike) -> Reply:
    """The body is encoded in UTF-16."""
    return _edited(reply, strike, lambda body: body.decode("utf-8", "replace").encode("utf-16"))


@reply_fault("body.bad_utf8", on=_JSON, tests=("K10",))
def bad_utf8(reply: Reply, strike: Strike) -> Reply:
    """A text in the body has bytes that are no UTF-8."""
    return _edited(reply, strike, lambda body: _with(body, b'"note":"\xff\xfe\xc3("'))


@reply_fault(
    "body.deep", on=_JSON, params=(number("levels", 100_000, 1, 10_000_000),), tests=("K10",)
)
def deep(reply: Reply, strike: Strike) -> Reply:
    """The body has lists in lists, `levels` deep, in a member that nobody needs."""
    levels = strike.number("levels")
    nested = b'"nested":' + b"[" * levels + b"]" * levels
    return _edited(reply, strike, lambda body: _with(body, nested))


_PIECE: Final = b"0" * 65_536


@reply_fault(
    "body.huge",
    on=_JSON,
    params=(number("bytes", 100_000_000, 1, 100_000_000_000),),
    tests=("K10", "K19"),
)
def huge(reply: Reply, strike: Strike) -> Reply:
    """The body is JSON of `bytes` bytes, nearly all of them in a member that nobody needs."""
    if not wire.bodied(reply, strike.request):
        return reply
    begin, end = _around(reply.body)
    pieces, rest = divmod(max(0, strike.number("bytes") - len(begin) - len(end)), len(_PIECE))
    # The same bytes again and again: nothing of this size is ever in memory.
    script = (*[Send(_PIECE)] * pieces, Send(_PIECE[:rest] + end))
    length = len(begin) + pieces * len(_PIECE) + rest + len(end)
    told = wire.with_header(reply, "Content-Length", str(length))
    return replace(told, body=begin, script=script)


@reply_fault(
    "body.length_short", on=_WHERE, needs=Needs.BYTES, params=(number("bytes", 10, 1),),
    tests=("K1", "K13"),
)  # fmt: skip
def length_short(reply: Reply, strike: Strike) -> Reply:
    """The body has `bytes` bytes less than `Content-Length` says, and the connection is closed."""
    return _measured(reply, strike, len(reply.body) + strike.number("bytes"))


@reply_fault(
    "body.length_long", on=_WHERE, needs=Needs.BYTES, params=(number("bytes", 10, 1),),
    tests=("K1", "K13"),
)  # fmt: skip
def length_long(reply: Reply, strike: Strike) -> Reply:
    """The body has `bytes` bytes more than `Content-Length` says."""
    return _measured(reply, strike, max(0, len(reply.body) - strike.number("bytes")))


def _measured(reply: Reply, strike: Strike, length: int) -> Reply:
    if not wire.bodied(reply, strike.request):
        return reply
    head = wire.last_head(reply, ("Content-Length", str(length)))
    return wire.last(head + reply.body, reply)


def _with(body: bytes, members: bytes) -> bytes:
    """A JSON object with these members in front of its own; around what is no object, one."""
    inner = body.strip()
    if not inner.startswith(b"{"):
        return b'{%b,"value":%b}' % (members, inner or b"null")
    own = inner[1:].lstrip()
    return b"{%b%b%b" % (members, b"" if own.startswith(b"}") else b",", own)


def _around(body: bytes) -> tuple[bytes, bytes]:
    """A JSON object with a text as its first member, before and behind that text."""
    begin, _, end = _with(body, b'"padding":"\0"').partition(b"\0")
    return begin, end
