"""Ways to a receiver: over HTTP, into an application, and by a call."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import pytest
from flask import Flask, request

from examples.receiver import Inbox, create_app
from mockserver.contract.hooks.reaching import (
    Answer,
    CalledReceiver,
    HttpReceiver,
    WsgiReceiver,
)
from mockserver.contract.outcome import Outcome
from mockserver.core.letter import Letter
from mockserver.library.errors import LibraryError
from tests.contract.hooks.receivers import CASES, SECRET, trial_of
from tests.listening import served


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.contract.hooks.story import Story

LETTER: Final = Letter((("Content-Type", "application/json"), ("Webhook-Id", "é")), b'{"a": 1}')


@pytest.fixture
def heard() -> list[tuple[str, str, Mapping[str, str], bytes]]:
    """What arrived: method, path, headers, body."""
    return []


@pytest.fixture
def listening(
    heard: list[tuple[str, str, Mapping[str, str], bytes]],
) -> Iterator[Callable[..., str]]:
    """Starts a server that does `answer` and keeps what comes; returns its address."""
    with ExitStack() as open_:

        def start(
            answer: Callable[[BaseHTTPRequestHandler], object] = lambda it: replied(it, 204),
            kind: type[HTTPServer] = ThreadingHTTPServer,
        ) -> str:
            class Handler(BaseHTTPRequestHandler):
                def handle_any(self) -> None:
                    size = int(self.headers.get("content-length") or 0)
                    body = self.rfile.read(size)
                    if self.headers.get("transfer-encoding") == "chunked":
                        body = b"".join(chunks(self.rfile))
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    heard.append((self.command, self.path, headers, body))
                    answer(self)

                do_GET = do_POST = handle_any  # noqa: N815 - as http.server calls them

            return f"{open_.enter_context(served(Handler, kind))}/hook?of=mine"

        yield start


def replied(handler: BaseHTTPRequestHandler, status: int) -> None:
    """An answer without a body."""
    handler.send_response(status)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def chunks(file: Any) -> Iterator[bytes]:
    """The chunks of a body."""
    while size := int(file.readline(), 16):
        yield file.read(size)
        file.readline()
    file.readline()


def test_a_letter_arrives_over_http_as_it_is(
    listening: Callable[..., str], heard: list[Any]
) -> None:
    """Headers, also such as are no ASCII, the raw body, and the query of the address."""
    answer = HttpReceiver(listening())(LETTER)
    ((method, path, headers, body),) = heard
    assert (method, path, body) == ("POST", "/hook?of=mine", LETTER.body)
    assert headers["webhook-id"] == "é"
    assert headers["content-length"] == "8"
    assert answer.taken


def test_a_letter_may_have_another_method_and_path(
    listening: Callable[..., str], heard: list[Any]
) -> None:
    """What a fault makes of it."""
    HttpReceiver(listening())(Letter((), b"x", "GET", "/elsewhere"))
    assert heard[0][:2] == ("GET", "/elsewhere")


def test_a_body_comes_in_chunks_where_the_letter_says_so(
    listening: Callable[..., str], heard: list[Any]
) -> None:
    """And has no length."""
    HttpReceiver(listening())(LETTER.with_header("Transfer-Encoding", "chunked"))
    assert heard[0][3] == LETTER.body
    assert "content-length" not in heard[0][2]


def test_the_second_half_waits_for_what_is_done_meanwhile(
    listening: Callable[..., str], heard: list[Any]
) -> None:
    """What is sent then arrives first."""
    receiver = HttpReceiver(listening())
    receiver(LETTER, lambda: receiver(Letter((), b"quick")))
    assert [body for *_, body in heard] == [b"quick", LETTER.body]


def test_a_redirect_is_not_followed(listening: Callable[..., str], heard: list[Any]) -> None:
    """Upstream follows none."""

    def moved(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", "/there")
        handler.end_headers()

    assert HttpReceiver(listening(moved))(LETTER).status == 307
    assert len(heard) == 1


def test_nobody_there_is_told_from_somebody_who_hangs_up(listening: Callable[..., str]) -> None:
    """And from silence: only the second is an answer of sorts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/"
    refused = HttpReceiver(nobody)(LETTER)
    assert (refused.status, refused.reached, refused.hung_up) == (None, False, False)
    gone = HttpReceiver(listening(lambda it: it.connection.close()))(LETTER)
    assert (gone.status, gone.reached, gone.hung_up) == (None, True, True)
    ended = Event()
    silent = HttpReceiver(listening(lambda _: ended.wait()), timeout_s=0.1)(LETTER)
    ended.set()
    assert (silent.why, silent.hung_up) == ("it took too long", False)
    assert [str(silent), str(Answer(200, 1))] == ["no answer (it took too long)", "200"]


@pytest.mark.parametrize("url", ["", "ftp://host/hook", "host/hook", "http://", "http://[::1/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    """With what one looks like."""
    with pytest.raises(LibraryError, match="URL"):
        HttpReceiver(url)


def test_a_server_that_serves_one_at_a_time_is_held_up_by_a_slow_sender(
    listening: Callable[..., str], story: Story
) -> None:
    """Whoever is in the middle of sending keeps it; one with threads serves the others."""
    for kind, timeout_s, codes in ((HTTPServer, 0.5, {"H112"}), (ThreadingHTTPServer, 30, set())):
        receiver = HttpReceiver(listening(kind=kind), timeout_s)
        result = trial_of(receiver, story).result(CASES["slow"])
        assert {found.code for found in result.findings} == codes


def test_an_application_is_called_as_a_server_calls_it() -> None:
    """Method, path, query, headers in any spelling, and the raw body."""
    app, seen = Flask(__name__), list[Any]()

    @app.route("/hook", methods=["POST", "GET"])
    def hook() -> tuple[str, int]:
        told = request.headers["webhook-id"], request.args["of"], request.mimetype
        seen.append((request.method, *told, request.get_data()))
        return "", 202

    receiver = WsgiReceiver(app, "/hook?of=mine")
    assert receiver(LETTER).status == 202
    assert seen == [("POST", "é", "mine", "application/json", LETTER.body)]
    assert receiver(Letter((), b"", path="/elsewhere")).status == 404


def test_what_an_application_or_a_function_raises_is_a_500() -> None:
    """As a server makes it, with what it was."""

    def fails(*_: object) -> Any:
        raise ZeroDivisionError("by zero")

    for receiver in (WsgiReceiver(fails, "/"), CalledReceiver(fails)):
        answer = receiver(LETTER)
        assert (answer.status, answer.why) == (500, "ZeroDivisionError: by zero")


def test_an_application_may_write_and_close() -> None:
    """The old way of PEP 3333, and the end that it demands."""
    closed: list[bool] = []

    class Body:
        """An iterable that wants to be closed."""

        def __iter__(self) -> Iterator[bytes]:
            yield b"x"

        def close(self) -> None:
            """Note it."""
            closed.append(True)

    def app(_environ: Any, start_response: Any) -> Any:
        start_response("201 Created", [])(b"")
        return Body()

    assert WsgiReceiver(app, "/")(LETTER).status == 201
    assert closed == [True]


def test_a_function_gets_headers_in_lower_case() -> None:
    """And returns a status."""

    def receive(headers: Mapping[str, str], body: bytes) -> int:
        return 200 if (headers["webhook-id"], body) == ("é", LETTER.body) else 400

    ticks = iter((5, 12))
    assert CalledReceiver(receive, lambda: next(ticks))(LETTER) == Answer(200, 7)


def test_the_good_receiver_passes_as_an_application(story: Story) -> None:
    """Every case that needs no socket."""
    app = create_app(inbox=Inbox(SECRET))
    results = list(trial_of(WsgiReceiver(app, "/hook"), story).examined(CASES.values()))
    assert [one for one in results if one.findings] == []
    skipped = {one.case.name for one in results if one.outcome is Outcome.SKIPPED}
    assert skipped == {"chunked", "slow", "before-create", "all-before-create"}
