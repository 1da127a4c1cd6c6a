"""Gateways that stand in front of a fake: relays of a few lines, right ones and wrong ones."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any, Final

import httpx
import pytest

from mockserver.cli.upstream import watched
from mockserver.contract.budget import Budget
from mockserver.contract.run import BOTH_ENDS, Result, examined
from mockserver.core.interaction import HOP_BY_HOP
from mockserver.examine import Target, exam_of
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings
from tests.listening import served


CLIENTS_KEY: Final = "sk-client-5d1e7a90c3"
OWN_KEY: Final = "r8_the-gateways-own-key"
MODEL: Final = "black-forest-labs/flux-schnell"
FAST: Final = 4
"""How much faster upstream's time runs, and the exam's patience with it."""

STRANGER: Final = b'{"title":"Unauthenticated","detail":"Who are you?","status":401}\n'
BROKEN: Final = b'{"title":"Bad Gateway","detail":"upstream did not answer","status":502}\n'


Change = Callable[[httpx.Request], httpx.Request]
Send = Callable[[httpx.Client, httpx.Request], httpx.Response]
Told = Callable[[httpx.Response], httpx.Response]


def own_key(request: httpx.Request) -> httpx.Request:
    """The request with the gateway's key instead of the client's, and no other secrets."""
    for name in ("cookie", "x-api-key"):
        request.headers.pop(name, None)
    request.headers["authorization"] = f"Bearer {OWN_KEY}"
    return request


def at_once(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Upstream's answer as soon as its head has come."""
    return client.send(request, stream=True)


@dataclass
class Gateway:
    """A relay to `upstream` with a key of its own, which asks its clients for theirs.

    It is right as it is. Others go wrong in what they `change`, how they `send`, what they `tell`.
    """

    upstream: str
    change: Change = lambda request: request
    send: Send = at_once
    tell: Told = lambda answer: answer
    client: httpx.Client = field(default_factory=httpx.Client)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What a request is answered."""
        if not _is_public(request):
            if request.headers.get("authorization") != f"Bearer {CLIENTS_KEY}":
                return _problem(401, STRANGER)
            request = own_key(self.change(request))
        try:
            return self.tell(self.send(self.client, request))
        except httpx.TransportError:
            return self.tell(_problem(502, BROKEN))


def _is_public(request: httpx.Request) -> bool:
    """Streams and outputs are addresses that nobody is asked a key for."""
    return "authorization" not in request.headers and request.method == "GET"


def _problem(status: int, body: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/problem+json"}
    return httpx.Response(status, headers=headers, content=body)


def listening(gateway: Gateway) -> AbstractContextManager[str]:
    """The address at which the gateway listens; it keeps its clients' `Host`."""

    class Relaying(BaseHTTPRequestHandler):
        """One request, one answer, one connection."""

        def do(self) -> None:
            """Relay what comes, as it comes."""
            length = int(self.headers.get("content-length") or 0)
            headers = [(k, v) for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP]
            request = httpx.Request(
                self.command,
                gateway.upstream + self.path,
                headers=headers,
                content=self.rfile.read(length),
            )
            answer = gateway.answer(request)
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            parts = [answer.content] if answer.is_stream_consumed else answer.iter_raw()
            for part in parts:
                self.wfile.write(part)

        do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names of the base class

    return served(Relaying)


Examine = Callable[..., list[Result]]
InFront = Callable[..., AbstractContextManager[str]]
Keys = tuple[str, str]


@pytest.fixture(scope="module")
def keys() -> Keys:
    """The key of the client, and that of the gateway."""
    return CLIENTS_KEY, OWN_KEY


@pytest.fixture(scope="module")
def upstream() -> Iterator[LiveServer]:
    """A fake in front of which gateways stand; its time runs fast."""
    with serve(Settings(clock=f"scaled:{FAST}")) as server:
        yield server


@pytest.fixture(scope="module")
def both_ends(upstream: LiveServer) -> Examine:
    """What an exam comes to that sees both ends of the gateway at a base URL."""

    def run(base_url: str, *names: str) -> list[Result]:
        target = Target(base_url, "replicate", CLIENTS_KEY, MODEL, 60.0)
        cases = [case for case in BOTH_ENDS if not names or case.name in names]
        with ExitStack() as stack:
            exam = stack.enter_context(exam_of(target, Budget(None)))
            exam.pause = lambda seconds: _let_pass(seconds / FAST)
            stack.enter_context(watched(exam, upstream))
            return list(examined(exam, cases))

    return run


@pytest.fixture(scope="module")
def in_front() -> InFront:
    """The base URL of a relay in front of the upstream at an address, which goes `wrong` so."""

    @contextmanager
    def run(upstream: str, **wrong: Any) -> Iterator[str]:
        gateway = Gateway(upstream, **wrong)
        with gateway.client, listening(gateway) as url:
            yield f"{url}/v1"

    return run


@pytest.fixture(scope="module")
def relayed(upstream: LiveServer, in_front: InFront, both_ends: Examine) -> Examine:
    """What an exam comes to of a relay in front of the fake that goes `wrong` so."""

    def run(*names: str, **wrong: Any) -> list[Result]:
        with in_front(upstream.url, **wrong) as base_url:
            return both_ends(base_url, *names)

    return run


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A port of loopback that nobody has."""

    def found() -> int:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
            return port

    return found


def _let_pass(seconds: float) -> None:
    Event().wait(seconds)
