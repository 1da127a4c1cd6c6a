"""Bytes become requests: the same ones however they are cut, the strict ones only."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.web.server.framing import Exchange
from mockserver.web.server.limits import Limits, Refused
from mockserver.web.server.reading import Reader


POST = (
    b"POST /v1/p%20q?a=1&b=%2F HTTP/1.1\r\nHost: x\r\nX-Name: caf\xe9 \r\n"
    b"Content-Length: 4\r\n\r\nbody"
)
CHUNKED = (
    b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;note=1\r\nabc\r\n1\r\nd\r\n0\r\nX-Trailer: 1\r\n\r\n"
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def read(*parts: bytes, limits: Limits | None = None) -> list[Exchange | Refused]:
    """What a fresh reader hands on for `parts`."""
    handed: list[Exchange | Refused] = []
    reader = Reader(limits or Limits(), handed.append, lambda: None)
    for part in parts:
        reader.feed(part)
    return handed


def one(raw: bytes) -> Exchange:
    """The only request in `raw`."""
    (exchange,) = read(raw)
    assert isinstance(exchange, Exchange)
    return exchange


def refusal(*parts: bytes, limits: Limits | None = None) -> int:
    """The status of the refusal that `parts` end in."""
    last = read(*parts, limits=limits)[-1]
    assert isinstance(last, Refused)
    return last.status


@given(cuts=st.sets(st.integers(1, len(POST + CHUNKED + GET) - 1)))
def test_a_request_is_the_same_however_its_bytes_are_cut(cuts: set[int]) -> None:
    """Segments of TCP carry no meaning."""
    raw = POST + CHUNKED + GET
    edges = [0, *sorted(cuts), len(raw)]

    handed = read(*(raw[a:b] for a, b in pairwise(edges)))

    assert handed == [one(POST), one(CHUNKED), one(GET)]


def test_a_request_keeps_its_wire_form() -> None:
    """Path and query stay percent-encoded, names are lowered, values are Latin-1."""
    request = one(POST).request

    assert (request.method, request.path, request.query) == ("POST", "/v1/p%20q", "a=1&b=%2F")
    assert request.headers == (("host", "x"), ("x-name", "café"), ("content-length", "4"))
    assert request.body == b"body"


def test_chunks_are_joined_and_trailers_dropped() -> None:
    """Chunk extensions and trailers carry nothing a handler needs."""
    request = one(CHUNKED).request

    assert request.body == b"abcd"
    assert request.header("x-trailer") == ""


@pytest.mark.parametrize(
    ("target", "path", "query", "host"),
    [
        (b"http://h:81/p?q", "/p", "q", "h:81"),
        (b"HTTP://h", "/", "", "h"),
        (b"http://h?q", "/", "q", "h"),
        (b"*", "*", "", "x"),
    ],
)
def test_other_forms_of_the_target(target: bytes, path: str, query: str, host: str) -> None:
    """An absolute target brings its own Host (RFC 9112, 3.2.2)."""
    request = one(b"OPTIONS %b HTTP/1.1\r\nHost: x\r\n\r\n" % target).request

    assert (request.path, request.query, request.header("host")) == (path, query, host)


@pytest.mark.parametrize(
    ("head", "keeps"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_the_connection_is_kept_as_the_version_says(head: bytes, keeps: bool) -> None:  # noqa: FBT001  # a column
    """HTTP/1.1 keeps unless told otherwise, HTTP/1.0 closes unless told otherwise."""
    assert one(head).keep_alive is keeps


def test_an_offer_to_switch_protocols_is_ignored() -> None:
    """What offers h2c or a websocket is answered in HTTP/1.1, and may go on in it."""
    offer = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

    assert len([each for each in read(offer, GET, offer) if isinstance(each, Exchange)]) == 3


def test_bytes_behind_an_offer_are_refused() -> None:
    """They could be of either protocol."""
    offer = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

    assert refusal(offer + GET) == 400


@pytest.mark.parametrize(
    "parts",
    [
        (b"GET / HTTP/1.1\r\nX: ", *[b"a" * 1000] * 9),
        (CHUNKED.partition(b"X-Trailer")[0], *[b"X" * 1000] * 9),
    ],
    ids=["header", "trailer"],
)
def test_a_line_that_does_not_end_is_refused_before_it_does(parts: tuple[bytes, ...]) -> None:
    """The memory a half line takes is bounded."""
    assert refusal(*parts, limits=Limits(header_bytes=8000)) == 431


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET /#top HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417),
    ],
)
def test_what_the_parser_lets_through_is_refused(raw: bytes, status: int) -> None:
    """Our own rules beside the parser's."""
    assert refusal(raw) == status
