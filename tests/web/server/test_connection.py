"""A connection is strict, patient only for so long, and answers in order."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Later, Reply, Work


if TYPE_CHECKING:
    from tests.web.server.conftest import HandBell, Serve

GET = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKS = b"2\r\nab\r\n0\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
MANY_HEADERS = b"".join(b"X-%d: 1\r\n" % number for number in range(5000))
LIMIT_BYTES = 1_000_000


def echo(request: Request) -> Answer:
    """Says what was asked."""
    return Reply(200, (("x-path", request.path),), request.body)


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS, {400}),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n" + CHUNKS, {400}),
        (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", {400}),
        (POST + b"Content-Length: +2\r\n\r\nab", {400}),
        (POST + b"Content-Length: -1\r\n\r\nab", {400}),
        (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", {400, 501}),
        (CHUNKED + b"0x2\r\nab\r\n0\r\n\r\n", {400}),
        (CHUNKED + b"ZZ\r\nab\r\n0\r\n\r\n", {400}),
        (POST + b"X-Name : 1\r\n\r\n", {400}),
        (POST + b"X-Name: 1\r\n  folded\r\n\r\n", {400}),
        (POST + b"X-Name: a\0b\r\n\r\n", {400}),
        (POST + b"X-Name: a\rb\r\n\r\n", {400}),
        (POST + b"Host: y\r\n\r\n", {400}),
        (POST + b"X-Name: " + b"a" * 100_000 + b"\r\n\r\n", {431}),
        (POST + MANY_HEADERS + b"\r\n", {431}),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
        (POST + b"Content-Length: 200000000\r\n\r\n", {413}),
        (CHUNKED + (b"10000\r\n" + b"a" * 65536 + b"\r\n") * 32, {413}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),
    ],
    ids=[
        "CL+TE", "TE+CL", "two CL", "CL +2", "CL -1", "TE chunked, identity", "chunk 0x2",
        "chunk ZZ", "space before colon", "obs-fold", "NUL in value", "CR in value", "two Host",
        "100 KB header", "5000 headers", "100 KB URI", "200 MB declared", "2 MB chunked",
        "TLS hello",
    ],
)  # fmt: skip
def test_abuse_is_refused_and_the_connection_closed(
    serve: Serve, raw: bytes, statuses: set[int]
) -> None:
    """Each refusal reaches its client, and nothing behind it is read."""
    served = serve(echo, body_bytes=LIMIT_BYTES)

    with served.connect() as client:
        answered = client.send(raw + GET % b"smuggled").response()

        assert answered.status in statuses
        assert answered.headers["content-type"] == "application/problem+json"
        assert answered.headers["connection"] == "close"
        assert client.rest() == (b"", "FIN")


def test_pipelined_requests_are_answered_in_order(serve: Serve, bell: HandBell) -> None:
    """A held answer holds the ones behind it, also the refusal that ends them."""

    def answer(request: Request) -> Answer:
        held = Later(None, "it", bell, lambda now_ms: echo(request) if now_ms else held)
        return held if request.path == "/held" else echo(request)

    with serve(answer).connect() as client:
        client.send(GET % b"held" + GET % b"second" + GET % b"third" + b"nonsense\r\n\r\n")
        assert bell.wait_for_listeners(1)
        bell.jump(1)
        answers = [client.response() for _ in range(4)]

    assert [each.headers.get("x-path") for each in answers] == ["/held", "/second", "/third", None]
    assert [each.status for each in answers] == [200, 200, 200, 400]


def test_many_pipelined_requests_are_all_answered(serve: Serve) -> None:
    """Reading ahead is bounded, not the number of requests."""
    with serve(lambda request: Work(lambda: echo(request)), pipelined=2).connect() as client:
        client.send(b"".join(GET % b"%d" % number for number in range(100)))
        paths = [client.response().headers["x-path"] for _ in range(100)]

    assert paths == [f"/{number}" for number in range(100)]


def test_a_kept_connection_serves_the_next_request(serve: Serve) -> None:
    """A body is always consumed, so that the next request starts where it should."""
    with serve(echo).connect() as client:
        first = client.send(POST + b"Content-Length: 2\r\n\r\nab").response()
        second = client.send(CHUNKED + b"2\r\ncd\r\n0\r\n\r\n").response()

    assert (first.body, second.body) == (b"ab", b"cd")


@pytest.mark.parametrize(
    "raw",
    [b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"],
)
def test_a_client_that_asks_for_it_is_closed(serve: Serve, raw: bytes) -> None:
    """What stands behind the last request is not read."""
    with serve(echo).connect() as client:
        answered = client.send(raw).response()

        assert answered.headers["connection"] == "close"
        assert client.rest() == (b"", "FIN")


def test_head_has_the_length_but_not_the_body(serve: Serve) -> None:
    """HEAD is answered like GET without the bytes."""
    with serve(lambda _: Reply(200, (), b"12345")).connect() as client:
        head = client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").head()
        whole = client.send(GET % b"").response()

    assert (head.headers["content-length"], whole.body) == ("5", b"12345")


def test_a_client_that_expects_it_is_told_to_continue(serve: Serve) -> None:
    """The body is asked for before it is sent."""
    with serve(echo).connect() as client:
        client.send(POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.head().status == 100

        assert client.send(b"ab").response().body == b"ab"


def test_continue_waits_for_the_answer_before_it(serve: Serve, bell: HandBell) -> None:
    """An interim answer never stands amid another request's."""
    held = Later(None, "it", bell, lambda now_ms: Reply(200) if now_ms else held)

    with serve(lambda request: held if request.method == "GET" else echo(request)).connect() as c:
        c.send(GET % b"" + POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert bell.wait_for_listeners(1)
        bell.jump(1)

        assert [c.head().status, c.head().status] == [200, 100]
        assert c.send(b"ab").response().body == b"ab"


def test_too_large_a_body_is_not_asked_for(serve: Serve) -> None:
    """A client that asks first is spared the sending."""
    with serve(echo, body_bytes=1).connect() as client:
        client.send(POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")

        assert client.response().status == 413


@pytest.mark.parametrize(
    ("raw", "ending"),
    [
        (b"", b""),
        (GET % b"", b""),
        (b"GET / HT", b"408"),
        (POST + b"Content-Length: 2\r\n\r\na", b"408"),
    ],
    ids=["nothing", "idle", "half a head", "half a body"],
)
def test_who_sends_too_slowly_is_closed(serve: Serve, raw: bytes, ending: bytes) -> None:
    """Half a request is told why; one who owes nothing is not."""
    served = serve(echo, header_s=0.04, body_idle_s=0.04, idle_s=0.04)

    with served.connect() as client:
        data, how = client.send(raw).rest()

    assert how == "FIN"
    assert ending in data.rpartition(b"HTTP/1.1 ")[2]


def test_a_held_request_is_not_too_slow(serve: Serve, bell: HandBell) -> None:
    """It is the server that takes its time."""
    held = Later(None, "it", bell, lambda now_ms: Reply(200) if now_ms else held)
    served = serve(lambda request: held if request.path == "/held" else echo(request), idle_s=0.04)

    with served.connect() as client, served.connect() as idler:
        client.send(GET % b"held")
        assert bell.wait_for_listeners(1)
        idler.send(GET % b"").response()
        assert idler.rest() == (b"", "FIN")
        bell.jump(1)

        assert client.response().status == 200


def test_half_open_connections_do_not_keep_others_waiting(serve: Serve) -> None:
    """A slow loris costs a socket, nothing more."""
    served = serve(echo)

    with ExitStack() as stack:
        for _ in range(150):
            stack.enter_context(served.connect()).send(b"GET / HTTP/1.1\r\nX-Slow:")
        client = stack.enter_context(served.connect())

        assert client.send(GET % b"").response().status == 200


def test_one_connection_too_many_is_told_so(serve: Serve) -> None:
    """It learns when to come back, and who was there first stays."""
    served = serve(echo, connections=1)

    with served.connect() as first, served.connect() as second:
        first.send(GET % b"").response()
        refused = second.response()

        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert first.send(GET % b"").response().status == 200


def test_who_does_not_read_is_not_read_from(serve: Serve) -> None:
    """Answers to a client that reads nothing do not pile up, and it is not waited for."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Reply(200, (), bytes(10 * LIMIT_BYTES))

    served = serve(answer, write_idle_s=0.04, header_s=0.4)
    with served.connect() as client, served.connect() as clock:
        client.send(b"".join(GET % b"%d" % number for number in range(100)))
        clock.rest()

        assert asked == ["/0"]
        assert len(client.rest()[0]) < 10 * LIMIT_BYTES


def test_an_exception_is_logged_and_answered_without_details(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """The client learns that it was not its fault, the log learns the rest."""

    def answer(_: Request) -> Answer:
        raise LookupError("a secret")

    with caplog.at_level(logging.ERROR), serve(answer).connect() as client:
        answered = client.send(GET % b"").response()

    assert answered.status == 500
    assert b"secret" not in answered.body
    assert "a secret" in caplog.text
