"""Passes requests on to upstream and keeps what is said, until somebody asks for the cassette."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

from mockserver.core.cassette import Cassette, Posted, Recorded, broken
from mockserver.core.clock import Clock, monotonic_ms, wall_ms
from mockserver.core.interaction import Request
from mockserver.core.letter import Letter
from mockserver.core.packed import Unreadable, unpacked
from mockserver.core.problem import Elsewhere, Problem
from mockserver.core.reply import Answer, Reply, Work
from mockserver.library.json_text import JsonError, loads
from mockserver.service.bell import WorldBell
from mockserver.service.courier import Sender, Undelivered
from mockserver.service.egress import Blocked, Egress
from mockserver.web.recording.flow import (
    BAD_GATEWAY,
    Flow,
    passed_on,
    since,
    under,
)
from mockserver.web.recording.places import Ways
from mockserver.web.refusals import control_refusal


if TYPE_CHECKING:
    import httpx

HOOKS: Final = "/__hooks__/"
"""Where webhooks of predictions that are recorded come by."""
_OURS: Final = frozenset({"host", "accept-encoding"})
_CONNECT_S: Final = 10.0
_READ_S: Final = 300.0
_ACCEPTED: Final = 200


class Recorder:
    """Everything that is said to one upstream through here, and what it answers.

    `ways` tell where a request is passed on to. `hooks_url` is where upstream reaches us with
    webhooks; without one they go past us. `token` is sent instead of the client's, if it is given.
    `kept` is called after each exchange.
    """

    def __init__(
        self,
        ways: Ways,
        *,
        hooks_url: str = "",
        token: str = "",
        kept: Callable[[], None] = lambda: None,
        client: httpx.Client | None = None,
        sender: Sender | None = None,
        egress: Egress | None = None,
    ) -> None:
        self._ways = ways
        self._hooks_url = hooks_url.rstrip("/")
        self._kept = kept
        self._token = token
        self._client = client or _client()
        self._egress = egress or Egress()
        self._sender = sender or _sender(self._egress)
        self._bell = WorldBell(Clock())
        self._now_ms = since(monotonic_ms())
        self._keys = count()
        self._lock = Lock()
        self._recorded: list[Recorded] = []
        self._hooks: list[Posted] = []
        self._receivers: dict[str, str] = {}
        self.begun_ms = wall_ms()
        """The Unix time at which the recording began."""

    def answer(self, request: Request) -> Answer:
        """What upstream answers, passed on as it comes; `request` is one that we were asked."""
        if request.path.startswith(HOOKS):
            return Work(lambda: self._hook(request))
        url = self._ways.target(request)
        if not url:
            return control_refusal(Elsewhere(f"No answer of upstream's leads to {request.path}"))
        own = f"{request.scheme}://{request.header('host')}"
        asked = under(request, url)
        content, receiver = self._redirected(asked.body)
        flow = Flow(asked, str(next(self._keys)), self._bell, self._now_ms)
        run = (
            lambda: self._send(asked, url, content),
            lambda one: self._reply(one, own, receiver),
            lambda one: self._keep(one, receiver),
            self._bell.ring,
            self._kept,
        )
        Thread(target=flow.run, args=run, name="mockserver-recording", daemon=True).start()
        return flow.answer()

    def cassette(self, upstream: str, gateway: str) -> Cassette:
        """What was recorded so far, raw: secrets and all."""
        with self._lock:
            recorded = sorted(self._recorded, key=lambda one: one.seen.at_ms)
            hooks = tuple(self._hooks)
        return Cassette(upstream, gateway, self.begun_ms, recorded=tuple(recorded), hooks=hooks)

    def close(self) -> None:
        """Let go of upstream."""
        self._client.close()

    def _send(self, asked: Request, url: str, content: bytes) -> httpx.Response:
        headers = [(name, value) for name, value in passed_on(asked.headers) if name not in _OURS]
        if self._token and asked.header("authorization"):
            headers = [pair for pair in headers if pair[0] != "authorization"]
            headers.append(("authorization", f"Bearer {self._token}"))
        # What is recorded has to be read; and nothing that is packed can be passed on in pieces.
        headers.append(("accept-encoding", "identity"))
        request = self._client.build_request(asked.method, url, headers=headers, content=content)
        return self._client.send(request, stream=True)

    def _reply(self, one: Recorded, own: str, receiver: tuple[str, str] | None) -> Reply:
        """The reply to the client: its addresses lead through us."""
        seen = one.seen
        if not seen.status:
            problem = Problem(f"{one.request.url.partition('?')[0]} did not answer: {one.error}")
            return replace(control_refusal(problem), status=BAD_GATEWAY)
        headers = self._ways.headers_led_back(passed_on(seen.response_headers), own)
        data = _renamed(seen.response_body, receiver)
        told = _json(seen.response_headers, data)
        if told is not None:
            plain, value = told
            data = self._ways.led_back(plain, value, own)
            headers = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
        return Reply(seen.status, headers, data, broken(one.error))

    def _keep(self, one: Recorded, receiver: tuple[str, str] | None) -> None:
        data = _renamed(one.seen.response_body, receiver)
        with self._lock:
            self._recorded.append(replace(one, seen=replace(one.seen, response_body=data)))

    def _redirected(self, body: bytes) -> tuple[bytes, tuple[str, str] | None]:
        """A create call's body whose webhook comes by here, and both addresses."""
        if not self._hooks_url or b'"webhook"' not in body:
            return body, None
        try:
            told = loads(body)
        except JsonError:
            return body, None
        if not isinstance(told, dict) or not isinstance(told.get("webhook"), str):
            return body, None
        place = f"{HOOKS}{next(self._keys)}"
        self._receivers[place] = told["webhook"]
        ours = self._hooks_url + place
        return body.replace(
            json.dumps(told["webhook"], ensure_ascii=False).encode(), json.dumps(ours).encode()
        ), (ours, told["webhook"])

    def _hook(self, request: Request) -> Reply:
        """A webhook that comes by: kept, and posted to whom it was meant for."""
        url = self._receivers.get(request.path)
        if url is None:
            return control_refusal(Elsewhere(f"No prediction was made with {request.path}"))
        with self._lock:
            self._hooks.append(Posted(under(request, url), self._now_ms()))
        try:
            target = self._egress.target(url)
            headers = tuple(pair for pair in passed_on(request.headers) if pair[0] not in _OURS)
            status = self._sender(target, Letter(headers, request.body))
        except (Blocked, Undelivered) as reason:
            return replace(control_refusal(Problem(str(reason))), status=BAD_GATEWAY)
        self._kept()
        return Reply(status or _ACCEPTED)


def _renamed(data: bytes, receiver: tuple[str, str] | None) -> bytes:
    """An answer that tells the client's own webhook."""
    if receiver is None:
        return data
    ours, theirs = receiver
    return data.replace(json.dumps(ours).encode(), json.dumps(theirs, ensure_ascii=False).encode())


def _json(headers: Iterable[tuple[str, str]], data: bytes) -> tuple[bytes, object] | None:
    """A body as it reads, and its value; None if it is no JSON."""
    named = {name.lower(): value for name, value in headers}
    if "json" not in named.get("content-type", ""):
        return None
    try:
        plain = unpacked(data, named.get("content-encoding", ""))
        return plain, loads(plain)
    except (Unreadable, JsonError):
        return None


def _client() -> httpx.Client:
    import httpx

    return httpx.Client(timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S))


def _sender(egress: Egress) -> Sender:
    from mockserver.web.sender import HttpSender

    return HttpSender(egress)
