"""What goes through a recorder arrives as it was sent, and is on the cassette afterwards."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.settings import Settings
from mockserver.web.recording import flow
from mockserver.web.recording.places import Places
from mockserver.web.recording.recorder import Recorder
from tests.playing import played
from tests.recording import PROMPT
from tests.through import TOKEN, recording


@contextmanager
def upstream(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server of a few lines, which answers as no fake of ours does."""
    handler.log_message = lambda *_: None  # type: ignore[method-assign]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def in_front_of(url: str, **said: Any) -> Iterator[tuple[Recorder, str]]:
    """A recorder in front of `url`, and its address."""
    recorder = Recorder(Places(url, outputs=said.pop("outputs", False)), **said)
    with serve(Settings()) as server:
        server.front.play(recorder.cassette(url, "replicate")).otherwise = recorder.answer
        yield recorder, server.url
        recorder.close()


def test_a_life_that_went_through_is_on_the_cassette(path: Path) -> None:
    """Every exchange, the life distilled, and no token."""
    with recording(path) as through:
        ended = through.until_ended(through.create())
    cassette = load(path)
    (job,) = cassette.jobs
    assert (job.id, job.ended) == (ended["id"], True)
    assert job.states[-1].body["output"] == ended["output"]
    assert TOKEN not in path.read_text(encoding="utf-8")
    asked = {one.request.header("authorization") for one in cassette.recorded}
    assert asked == {"Bearer <TOKEN:1>"}


def test_addresses_lead_through_the_recorder(path: Path) -> None:
    """A client that follows `urls` stays in front of it; the cassette has upstream's own."""
    with recording(path) as through:
        made = through.create()
        assert made["urls"]["get"].startswith(through.server.url)
        assert made["urls"]["stream"].startswith(through.server.url)
        there = through.upstream.url
    (told,) = (json.loads(one.seen.response_body) for one in load(path).recorded)
    assert told["urls"]["get"].startswith(there)


def test_what_was_recorded_is_played(path: Path) -> None:
    """At another rhythm than it was recorded in, to the same end."""
    with recording(path) as through:
        ended = through.until_ended(through.create())
    listener = played(load(path))
    again = listener.until_ended(listener.create(), 5_000)
    assert again["output"] == ended["output"]
    assert again["completed_at"] == ended["completed_at"]


def test_a_stream_is_passed_on_piece_by_piece() -> None:
    """The client has the first event before upstream has written the second."""
    heard = Event()

    class Slow(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"8\r\ndata: 1\n\r\n")
            assert heard.wait(10)
            self.wfile.write(b"9\r\n\ndata: 2\n\r\n0\r\n\r\n")

    with upstream(Slow) as url, in_front_of(url) as (recorder, own):
        with httpx.stream("GET", f"{own}/v1/stream", timeout=10) as answer:
            parts = answer.iter_raw()
            assert next(parts) == b"data: 1\n"
            heard.set()
            assert b"".join(parts) == b"\ndata: 2\n"
        (one,) = recorder.cassette(url, "replicate").recorded
    assert [part.data for part in one.parts] == [b"data: 1\n", b"\ndata: 2\n"]
    assert one.parts[0].after_ms <= one.parts[1].after_ms


def test_a_broken_answer_breaks_for_the_client_too() -> None:
    """And the cassette says how."""

    class Broken(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"8\r\ndata: 1\n\r\n")
            self.close_connection = True

    with upstream(Broken) as url, in_front_of(url) as (recorder, own):
        told = ""
        try:
            httpx.get(f"{own}/v1/stream", timeout=10)
        except httpx.TransportError as reason:
            told = type(reason).__name__
        (one,) = recorder.cassette(url, "replicate").recorded
    assert told
    assert "RemoteProtocolError" in one.error
    assert one.seen.response_body == b"data: 1\n"


def test_an_upstream_that_is_not_there_is_told() -> None:
    """502, in our own words, and the cassette says that there was no answer."""
    with in_front_of("http://127.0.0.1:9") as (recorder, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
        (one,) = recorder.cassette("", "replicate").recorded
    assert answer.status_code == 502
    assert "did not answer: ConnectError" in answer.json()["detail"]
    assert (one.seen.status, one.error.partition(":")[0]) == (0, "ConnectError")


def test_what_is_packed_all_the_same_is_unpacked_for_the_reader() -> None:
    """A gateway that answers with gzip whatever it is asked for can be read, and led back."""

    class Packing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own = f"http://{self.headers['host']}"
            data = gzip.compress(json.dumps({"urls": {"get": f"{own}/v1/x"}}).encode())
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with upstream(Packing) as url, in_front_of(url) as (_, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
    assert answer.json() == {"urls": {"get": f"{own}/v1/x"}}


def test_nobody_is_reached_whom_no_answer_led_to() -> None:
    """A path that names another host is no way into the network."""
    with in_front_of("http://127.0.0.1:9") as (recorder, own):
        answer = httpx.get(f"{own}/__via__/http/169.254.169.254/latest/meta-data", timeout=10)
        assert recorder.cassette("", "replicate").recorded == ()
    assert answer.status_code == 403


def test_files_on_another_host_come_through_where_they_are_kept() -> None:
    """An output is downloaded from where an answer said it is."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/webp")
            self.end_headers()
            self.wfile.write(b"a picture")

    with upstream(Files) as files:

        class Api(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                data = json.dumps({"output": [f"{files}/x/out.webp"]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        with upstream(Api) as url, in_front_of(url, outputs=True) as (recorder, own):
            (output,) = httpx.get(f"{own}/v1/predictions/abc", timeout=10).json()["output"]
            assert output.startswith(own)
            assert httpx.get(output, timeout=10).content == b"a picture"
            recorded = recorder.cassette(url, "replicate").recorded
    assert recorded[1].request.url == f"{files}/x/out.webp"


def test_webhooks_come_by_and_are_kept(path: Path) -> None:
    """Upstream posts to the recorder, which posts to whom they were meant for."""
    came: list[bytes] = []
    arrived = Event()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()
            arrived.set()

    with upstream(Receiver) as receiver, recording(path) as through:
        hook = f"{receiver}/hook?a=1"
        given = {**PROMPT, "webhook": hook, "webhook_events_filter": ["completed"]}
        made = through.create(given)
        assert made["webhook"] == hook
        assert arrived.wait(10)
        through.until_ended(made)
    cassette = load(path)
    assert [json.loads(body)["status"] for body in came] == ["succeeded"]
    assert [one.request.url for one in cassette.hooks] == [hook]
    assert json.loads(cassette.recorded[0].request.body)["webhook"] == hook


def test_a_file_is_passed_on_as_it_comes() -> None:
    """Its length is told before it is there; on the cassette it is one body."""
    begun = Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"one")
            assert begun.wait(10)
            self.wfile.write(b"two")

    with upstream(Slow) as url, in_front_of(url) as (recorder, own):
        with httpx.stream("GET", f"{own}/x.mp4", timeout=10) as answer:
            assert answer.headers["content-length"] == "6"
            parts = answer.iter_raw()
            assert next(parts) == b"one"
            begun.set()
            assert b"".join(parts) == b"two"
        (one,) = recorder.cassette(url, "replicate").recorded
    assert (one.seen.response_body, one.parts) == (b"onetwo", ())


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MOST_BYTES", 10, "cut off: more than 10 bytes"),
        ("MOST_PARTS", 2, "cut off: more than 2 pieces"),
        ("LONGEST_MS", -1, "cut off: more than"),
    ],
)
def test_an_answer_without_an_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    """By its size, its pieces or its time; the client sees that it is not whole."""
    monkeypatch.setattr(flow, limit, value)

    class Endless(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"8\r\ndata: 1\n\r\n")
            except OSError:
                self.close_connection = True

    with upstream(Endless) as url, in_front_of(url) as (recorder, own):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{own}/v1/stream", timeout=10)
        (one,) = recorder.cassette(url, "replicate").recorded
    assert one.error.startswith(words)


def test_whatever_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an answer that cannot come."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("an address that is none")

    client = httpx.Client()
    monkeypatch.setattr(client, "send", fail)
    with in_front_of("http://127.0.0.1:9", client=client) as (_, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
    assert answer.status_code == 502
    assert "an address that is none" in answer.json()["detail"]
