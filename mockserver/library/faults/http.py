"""Answers that are HTTP, but not what was asked for: refusals, and pages of somebody between."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from mockserver.core.fault import Operation, Phase
from mockserver.core.reply import Answer, Reply
from mockserver.library.faults import cdn, wire
from mockserver.library.faults.kinds import Ask, Needs, Strike, ask_fault, reply_fault
from mockserver.library.faults.params import choice, number
from mockserver.library.http_status import BODILESS


_STATUSES: Final = (
    *("503", "400", "401", "402", "403", "404", "405", "408", "409", "410", "413", "415"),
    *("422", "429", "500", "502", "504", "520", "521", "522", "523", "524", "529"),
)


@reply_fault(
    "http.status",
    phase=Phase.BEFORE,
    params=(choice("status", *_STATUSES),),
    tests=("K1", "K10", "K16"),
)
def status(_reply: Reply, strike: Strike) -> Reply:
    """The request is refused with this `status`, worded as the gateway words such refusals."""
    return strike.refusal(int(strike.word("status")))


_JSON: Final = "application/json"
_HTML: Final = "text/html; charset=utf-8"
_PAGE: Final = b"<html><body><h1>Something went wrong</h1></body></html>\n"
_LONG_BYTES: Final = 1_000_000
_BODIES: Final = {
    "list": (_JSON, b"[]"),
    "text": (_JSON, b'"something went wrong"'),
    "null": (_JSON, b"null"),
    "number": (_JSON, b"12"),
    "empty": (_JSON, b'""'),
    "html": (_HTML, _PAGE),
    "long": ("text/plain", b"something went wrong\n" * (_LONG_BYTES // 21)),
    "detail_object": (_JSON, b'{"detail": {}}'),
    "title_number": (_JSON, b'{"title": 12, "detail": "something went wrong", "status": 500}'),
}


@reply_fault(
    "http.error_body",
    phase=Phase.BEFORE,
    params=(choice("form", *_BODIES), number("status", 500, 400, 599)),
    tests=("K10",),
)
def error_body(_reply: Reply, strike: Strike) -> Reply:
    """The request is refused with a body of a form that no refusal is documented to have."""
    media_type, body = _BODIES[strike.word("form")]
    return Reply(strike.number("status"), (("Content-Type", media_type),), body)


@reply_fault(
    "http.cdn_html",
    phase=Phase.BEFORE,
    params=(choice("page", *cdn.PAGES),),
    tests=("K10", "K16"),
    source="the form of the pages that Cloudflare puts in front of an origin",
)
def cdn_html(_reply: Reply, strike: Strike) -> Reply:
    """A network in front of the API answers with a page of its own, once even with status 200."""
    return cdn.page(strike.word("page"), strike.draw, strike.now_ms)


_TYPES: Final = {
    "html": ("text/html",),
    "none": (),
    "octet_stream": ("application/octet-stream",),
    "gbk": ("application/json; charset=gbk",),
    "two": ("application/json", "text/html"),
}


@reply_fault("http.wrong_type", params=(choice("form", *_TYPES),), tests=("K10", "K11"))
def wrong_type(reply: Reply, strike: Strike) -> Reply:
    """The body is right, but its `Content-Type` says otherwise, is missing, or is there twice."""
    if reply.raw:
        return reply
    told = tuple(("Content-Type", one) for one in _TYPES[strike.word("form")])
    return replace(reply, headers=(*told, *wire.without(reply.headers, "content-type")))


_AGAIN: Final = "redirected=1"
"""Stands in the query of a request that has followed."""


@ask_fault(
    "http.redirect",
    phase=Phase.BEFORE,
    params=(
        choice("status", "307", "301", "302", "303", "308"),
        choice("to", "same", "other_origin", "loop", "relative", "nowhere"),
    ),
    tests=("K9", "K17"),
)
def redirect(ask: Ask, strike: Strike) -> Answer:
    """The request is sent elsewhere: on the same origin, to another, or to itself for ever.

    It is answered where it was sent on the `same` origin; `relative` is the same told without an
    origin, `nowhere` has no `Location`. At the other origin nobody listens.
    """
    target, request = strike.word("to"), strike.request
    if target in ("same", "relative") and _AGAIN in request.query:
        return ask()
    here = urlsplit(strike.base_url)
    query = f"?{request.query}" if request.query else ""
    again = f"{request.path}{query}{'&' if query else '?'}{_AGAIN}"
    places = {
        "same": f"{here.scheme}://{here.netloc}{again}",
        "other_origin": f"http://localhost:1{request.path}{query}",
        "loop": f"{here.scheme}://{here.netloc}{request.path}{query}",
        "relative": again,
    }
    where = (("Location", places[target]),) if target in places else ()
    return Reply(int(strike.word("status")), where)


@reply_fault(
    "http.status_odd",
    on=frozenset({Operation.CREATE}),
    possible=frozenset({Operation.CREATE, Operation.GET, Operation.LIST, Operation.CANCEL}),
    params=(choice("status", "200", "202", "204", "206", "299"),),
    tests=("K1", "K8"),
)
def status_odd(reply: Reply, strike: Strike) -> Reply:
    """What succeeded is told with another status that means success; with 204, without a body."""
    if reply.raw or not wire.succeeded(reply):
        return reply
    odd = int(strike.word("status"))
    if odd not in BODILESS:
        return replace(reply, status=odd)
    headers = wire.without(reply.headers, "content-type", "content-length")
    return Reply(odd, headers)


@reply_fault("http.early_hints", needs=Needs.BYTES, tests=("K11",), source="RFC 8297")
def early_hints(reply: Reply, strike: Strike) -> Reply:
    """`103 Early Hints` comes before the answer, which a client has to pass over."""
    if not wire.is_whole(reply):
        return reply
    hints = wire.head(103, (("Link", "</style.css>; rel=preload; as=style"),))
    return wire.last(hints + wire.as_bytes(reply, strike.request), reply)


@reply_fault("http.version_1_0", needs=Needs.BYTES, tests=("K11",))
def version_1_0(reply: Reply, strike: Strike) -> Reply:
    """The answer is of HTTP/1.0, as those of old proxies are."""
    if not wire.is_whole(reply):
        return reply
    return wire.last(wire.as_bytes(reply, strike.request, "HTTP/1.0"), reply)


@reply_fault(
    "http.dup_header",
    needs=Needs.BYTES,
    params=(choice("form", "equal_lengths", "differing_lengths", "two_types", "cookies"),),
    tests=("K1", "K10"),
)
def dup_header(reply: Reply, strike: Strike) -> Reply:
    """A header stands there more than once: two lengths, equal or not, two types, 50 cookies."""
    if not wire.is_whole(reply):
        return reply
    size = len(reply.body)
    more = {
        "equal_lengths": (("Content-Length", str(size)),),
        "differing_lengths": (("Content-Length", str(size + 1)),),
        "two_types": (("Content-Type", "text/html"),),
        "cookies": tuple(("Set-Cookie", f"c{place}={place}; Path=/") for place in range(50)),
    }[strike.word("form")]
    told, end, body = wire.as_bytes(reply, strike.request).partition(b"\r\n\r\n")
    lines = "".join(f"\r\n{name}: {value}" for name, value in more).encode()
    return wire.last(told + lines + end + body, reply)
