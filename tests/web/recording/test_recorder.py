"""What goes through a recorder arrives as it was sent, and is on the cassette afterwards."""

from __future__ import annotations

import gzip
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import httpx

from mockserver.library.cassettes.files import load
from tests.listening import served
from tests.playing import played
from tests.recording import PROMPT
from tests.through import TOKEN, Streaming, in_front_of, recording


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

    class Slow(Streaming):
        def tell(self) -> None:
            self.wfile.write(b"8\r\ndata: 1\n\r\n")
            assert heard.wait(10)
            self.wfile.write(b"9\r\n\ndata: 2\n\r\n0\r\n\r\n")

    with served(Slow) as url, in_front_of(url) as (recorder, own):
        with httpx.stream("GET", f"{own}/v1/stream", timeout=10) as answer:
            parts = answer.iter_raw()
            assert next(parts) == b"data: 1\n"
            heard.set()
            assert b"".join(parts) == b"\ndata: 2\n"
        (one,) = recorder.cassette(url, "replicate").recorded
    assert [part.data for part in one.parts] == [b"data: 1\n", b"\ndata: 2\n"]
    assert one.parts[0].after_ms <= one.parts[1].after_ms


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

    with served(Packing) as url, in_front_of(url) as (_, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
    assert answer.json() == {"urls": {"get": f"{own}/v1/x"}}


def test_files_on_another_host_come_through_where_they_are_kept() -> None:
    """An output is downloaded from where an answer said it is."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/webp")
            self.end_headers()
            self.wfile.write(b"a picture")

    with served(Files) as files:

        class Api(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                data = json.dumps({"output": [f"{files}/x/out.webp"]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        with served(Api) as url, in_front_of(url, outputs=True) as (recorder, own):
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

    with served(Receiver) as receiver, recording(path) as through:
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

    with served(Slow) as url, in_front_of(url) as (recorder, own):
        with httpx.stream("GET", f"{own}/x.mp4", timeout=10) as answer:
            assert answer.headers["content-length"] == "6"
            parts = answer.iter_raw()
            assert next(parts) == b"one"
            begun.set()
            assert b"".join(parts) == b"two"
        (one,) = recorder.cassette(url, "replicate").recorded
    assert (one.seen.response_body, one.parts) == (b"onetwo", ())
