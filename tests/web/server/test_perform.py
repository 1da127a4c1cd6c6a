"""Answers are performed as they say: at their time, on the wire, without a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import (
    Action,
    Answer,
    Close,
    Hold,
    Later,
    Reply,
    Reset,
    Script,
    Send,
    Stall,
    Work,
)


if TYPE_CHECKING:
    from tests.web.server.conftest import HandBell, Serve

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
NEVER_MS = 1_000_000


def held(bell: HandBell, at_ms: int | None = 1) -> Later:
    """Answers with the time, once that is not 0."""
    later = Later(at_ms, "it", bell, lambda now: Reply(200, (), b"%d" % now) if now else later)
    return later


def always(answer: Answer) -> Callable[[Request], Answer]:
    """Gives every request this answer."""
    return lambda _: answer


def test_a_held_request_is_answered_when_the_bell_rings(serve: Serve, bell: HandBell) -> None:
    """It is asked again whenever its world changed, from whatever thread."""
    with serve(always(held(bell, None))).connect() as client:
        client.send(GET)
        assert bell.wait_for_listeners(1)
        bell.ring()
        bell.jump(7)

        assert client.response().body == b"7"
        assert bell.wait_for_listeners(0)


@pytest.mark.parametrize("script", [None, (Stall(5),), (Send(b"late", 5),)])
def test_who_leaves_is_forgotten(serve: Serve, bell: HandBell, script: Script | None) -> None:
    """A client that goes takes its subscription with it."""
    answer = held(bell) if script is None else Reply(200, (), b"", script, bell)

    with serve(always(answer)).connect() as client:
        client.send(GET)
        assert bell.wait_for_listeners(1)

    assert bell.wait_for_listeners(0)


def test_work_is_done_beside_the_loop(serve: Serve) -> None:
    """A slow picture does not delay the request behind it."""
    drawn = threading.Event()

    def draw() -> Answer:
        assert drawn.wait(10)
        return Reply(200, (), threading.current_thread().name.encode())

    served = serve(lambda request: Work(draw) if request.path == "/" else Reply(204))
    with served.connect() as slow, served.connect() as quick:
        slow.send(GET)
        assert quick.send(GET.replace(b"/ ", b"/quick ")).response().status == 204
        drawn.set()

        assert slow.response().body.startswith(b"mockserver-work")


def test_work_is_delivered_to_a_client_that_has_finished_sending(serve: Serve) -> None:
    """Closing the sending half says only that no more requests follow."""
    with serve(always(Work(lambda: Reply(200, (), b"done")))).connect() as client:
        client.send(GET).socket.shutdown(1)

        assert client.response().body == b"done"
        assert client.rest() == (b"", "FIN")


def test_a_script_is_sent_in_chunks(serve: Serve) -> None:
    """Nobody knows its length in advance."""
    script = (Send(b"two"), Send(b""), Send(b"three"))

    with serve(always(Reply(200, (), b"one", script))).connect() as client:
        head = client.send(GET).head()
        body = client.until(b"\r\n0\r\n\r\n")
        assert client.send(GET).head().status == 200

    assert head.headers["transfer-encoding"] == "chunked"
    assert body == b"3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"


def test_a_script_for_http_1_0_ends_with_the_connection(serve: Serve) -> None:
    """HTTP/1.0 knows no chunks."""
    with serve(always(Reply(200, (), b"one", (Send(b"two"),)))).connect() as client:
        client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

        assert client.head().headers["connection"] == "close"
        assert client.rest() == (b"onetwo", "FIN")


@pytest.mark.parametrize(("length", "kept"), [("6", True), ("7", False), ("5", False)])
def test_a_promised_length_is_not_corrected(serve: Serve, length: str, kept: bool) -> None:  # noqa: FBT001  # a column
    """The bytes go out raw; a promise not kept ends the connection."""
    reply = Reply(200, (("content-length", length),), b"one", (Send(b"two"),))

    with serve(always(reply)).connect() as client:
        head = client.send(GET + GET[:-2] + b"Connection: close\r\n\r\n").head()
        data, _ = client.rest()

    assert head.headers["content-length"] == length
    assert data.count(b"onetwo") == 1 + kept


def test_timed_bytes_wait_for_the_clock(serve: Serve, bell: HandBell) -> None:
    """Each `Send` goes out when the world says so, in order."""
    reply = Reply(200, (), b"a", (Send(b"b", 10), Stall(20), Send(b"c")), bell)

    with serve(always(reply)).connect() as client:
        client.send(GET)
        client.until(b"1\r\na\r\n")
        assert bell.wait_for_listeners(1)
        bell.jump(10)
        client.until(b"1\r\nb\r\n")
        bell.jump(20)

        assert client.until(b"0\r\n\r\n") == b"1\r\nc\r\n0\r\n\r\n"


@pytest.mark.parametrize("script", [(), (Send(b"b"),)])
def test_a_reply_begins_when_it_may(serve: Serve, bell: HandBell, script: Script) -> None:
    """Not a byte of it before; the connection is kept as ever."""
    reply = Reply(200, (), b"a", script, bell, at_ms=10)

    with serve(always(reply)).connect() as client:
        client.send(GET)
        assert bell.wait_for_listeners(1)
        client.socket.setblocking(False)  # noqa: FBT003 - the only name it has
        with pytest.raises(BlockingIOError):
            client.socket.recv(1)
        client.socket.settimeout(10)
        bell.jump(10)
        first = client.until(b"0\r\n\r\n" if script else b"\r\n\r\na")
        client.send(GET)

        assert first.startswith(b"HTTP/1.1 200 OK\r\n")
        assert client.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_hold_is_asked_for_what_comes_next(serve: Serve, bell: HandBell) -> None:
    """A stream grows as its world does, and ends when its `then` says no more."""

    def then(now_ms: int) -> Script:
        again = Hold(None, "it", bell, then)
        return {0: (again,), 1: (Send(b"one"), again)}.get(now_ms, (Send(b"two"),))

    with serve(always(Reply(200, (), b"", (Hold(None, "it", bell, then),)))).connect() as client:
        client.send(GET)
        assert bell.wait_for_listeners(1)
        bell.jump(1)
        client.until(b"3\r\none\r\n")
        bell.jump(2)

        assert client.until(b"0\r\n\r\n") == b"3\r\ntwo\r\n0\r\n\r\n"
        assert bell.wait_for_listeners(0)


def test_a_hold_is_not_asked_without_reason(serve: Serve, bell: HandBell) -> None:
    """A `then` that always has something to say does not flood its client."""
    asked: list[int] = []

    def then(now_ms: int) -> Script:
        asked.append(now_ms)
        return (Send(b"beat"), Hold(NEVER_MS, "it", bell, then))

    with serve(always(Reply(200, (), b"", (Hold(NEVER_MS, "it", bell, then),)))).connect() as one:
        one.send(GET)
        one.until(b"beat\r\n")
        bell.ring()
        one.until(b"beat\r\n")

    assert bell.wait_for_listeners(0)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("action", "how"), [(Close(), "FIN"), (Reset(), "RST"), (Close(5), "FIN"), (Reset(5), "RST")]
)
def test_a_connection_ends_as_scripted(
    serve: Serve, bell: HandBell, action: Action, how: str
) -> None:
    """In order or broken, whatever was promised, and nothing after it."""
    bell.jump(5)
    with serve(
        always(Reply(200, (), b"half", (action, Send(b"never")), bell))
    ).connect() as client:
        client.send(GET)
        client.head()

        assert client.rest() == (b"4\r\nhalf\r\n", how)


def test_head_hears_nothing_of_a_script_but_its_end(serve: Serve, bell: HandBell) -> None:
    """There is no body to time, yet a broken connection breaks."""
    script = (Send(b"never", 5), Reset())
    with serve(always(Reply(200, (), b"half", script, bell))).connect() as client:
        client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")

        assert client.head().headers["transfer-encoding"] == "chunked"
        assert client.rest() == (b"", "RST")


def test_a_slow_reader_pauses_the_script(serve: Serve) -> None:
    """Bytes are not made before there is room for them, and none is lost."""
    piece = bytes(100_000)
    reply = Reply(200, (("content-length", "5000000"),), b"", (Send(piece),) * 50)
    with serve(always(reply)).connect() as client:
        client.send(GET).head()

        assert client.take(5_000_000) == piece * 50


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(200, (("x-name", "a\r\nb"),)), "line break"),
        (Work(lambda: Reply(200, (("x-name", "\u732b"),))), "latin-1"),
    ],
)
def test_a_reply_that_cannot_be_sent_is_a_500(
    serve: Serve, caplog: pytest.LogCaptureFixture, answer: Answer, words: str
) -> None:
    """No header may smuggle in another."""
    with caplog.at_level(logging.ERROR), serve(always(answer)).connect() as client:
        assert client.send(GET).response().status == 500

    assert words in caplog.text


def test_a_script_that_breaks_breaks_the_connection(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """After the head there is no other way to say it: here a time without a clock."""
    with (
        caplog.at_level(logging.ERROR),
        serve(always(Reply(200, (), b"", (Send(b"x", 5),)))).connect() as client,
    ):
        client.send(GET).head()

        assert client.rest() == (b"", "RST")
    assert "no bell" in caplog.text
