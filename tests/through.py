"""A fake as upstream, a recorder in front of it, and a client of that; all on real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

import httpx

from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings
from mockserver.web.recording.deck import Deck, Mode, found
from mockserver.web.recording.places import Places
from mockserver.web.recording.recorder import Recorder
from tests.recording import FLUX, PROMPT


TOKEN: Final = "r8_9fQ2mX7vB4kT1nW8zR5cY3hL6jD0sG2pA4eU"
RATE: Final = 50
"""How much faster upstream's time runs than ours."""


@dataclass
class Recorded:
    """What is recorded into `deck`, and a client of it."""

    deck: Deck
    upstream: LiveServer
    server: LiveServer
    client: httpx.Client

    def create(self, given: object = None, **headers: str) -> Any:
        """The prediction that a create call is answered with."""
        path = f"/models/{FLUX}/predictions"
        return self.client.post(path, json=given or PROMPT, headers=headers).json()

    def until_ended(self, made: Any) -> Any:
        """What the first look finds that finds it ended."""
        while made["status"] in ("starting", "processing"):
            made = self.client.get(made["urls"]["get"]).json()
        return made


@contextmanager
def recording(path: Path, mode: Mode = Mode.ALL, **said: Any) -> Iterator[Recorded]:
    """A recorder that listens, in front of a fake that does; it writes at the end."""
    with ExitStack() as open_:
        upstream = open_.enter_context(serve(Settings(clock=f"scaled:{RATE}")))
        server = open_.enter_context(serve(Settings()))
        outputs = said.get("outputs")
        deck = Deck(path, mode, found(path, mode), upstream=upstream.base_url, **said)
        places = Places(upstream.url, outputs=outputs is not None)
        recorder = Recorder(places, hooks_url=server.url, kept=deck.kept)
        open_.callback(recorder.close)
        deck.load_into(server.front, recorder)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        client = httpx.Client(base_url=server.base_url, headers=headers, timeout=10)
        yield Recorded(deck, upstream, server, open_.enter_context(client))
        deck.save()


class Streaming(BaseHTTPRequestHandler):
    """An upstream that answers with a stream of events, in chunks that each test writes itself."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The head, then the events."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.tell()

    def tell(self) -> None:
        """Write the chunks."""
        raise NotImplementedError


@contextmanager
def in_front_of(url: str, **said: Any) -> Iterator[tuple[Recorder, str]]:
    """A recorder in front of `url`, and its address."""
    recorder = Recorder(Places(url, outputs=said.pop("outputs", False)), **said)
    with serve(Settings()) as server:
        server.front.play(recorder.cassette(url, "replicate")).otherwise = recorder.answer
        yield recorder, server.url
        recorder.close()
