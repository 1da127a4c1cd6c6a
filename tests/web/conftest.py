"""A client without a socket, of a fake whose clock is moved by hand."""

from __future__ import annotations

import json as json_module
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer
from mockserver.library.catalogue import Catalogue
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web import performing
from mockserver.web.front import Front
from mockserver.web.performing import Wait, jump, resolved


PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
CATALOGUE: Final = Catalogue()
USUAL: Final = {"host": "127.0.0.1:4010", "authorization": "Bearer tester"}


@dataclass(frozen=True, slots=True)
class Got:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json_module.loads(self.body)


@dataclass(frozen=True, slots=True)
class Api:
    """Asks a fake. A header of None is not sent, `x_mock_world` is sent as `x-mock-world`."""

    front: Front
    usual: Mapping[str, str | None]

    def request(
        self,
        method: str,
        target: str,
        *,
        json: object = None,
        body: bytes = b"",
        **headers: str | None,
    ) -> Request:
        """The request a client would send, to a path or to an absolute address."""
        where = urlsplit(target)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        typed = {} if json is None else {"content-type": "application/json"}
        sent = {**self.usual, **({"host": where.netloc} if where.netloc else {}), **typed, **named}
        return Request(
            method=method,
            path=where.path or target,
            query=where.query,
            headers=tuple((name, value) for name, value in sent.items() if value is not None),
            body=body if json is None else json_module.dumps(json).encode(),
        )

    def answer(self, method: str, target: str, **sent: Any) -> Answer:
        """The answer as it stands, not performed."""
        return self.front.answer(self.request(method, target, **sent))

    def ask(self, method: str, target: str, **sent: Any) -> Got:
        """The answer performed by jumping the clock."""
        return perform(self.answer(method, target, **sent))

    def get(self, target: str, **headers: str | None) -> Got:
        """GET, performed."""
        return self.ask("GET", target, **headers)

    def post(self, target: str, json: object = None, **sent: Any) -> Got:
        """POST, performed."""
        return self.ask("POST", target, json=json, **sent)

    def put(self, target: str, json: object = None, **sent: Any) -> Got:
        """PUT, performed."""
        return self.ask("PUT", target, json=json, **sent)

    def create(self, prompt: str = "a hat", *, at: str = PRO, **headers: str | None) -> Any:
        """A new prediction, as its create call tells it."""
        return self.post(at, {"input": {"prompt": prompt}}, **headers).json

    def create_status(self, **headers: str | None) -> int:
        """The status of the answer to a create call."""
        return self.post(PRO, {"input": {"prompt": "a hat"}}, **headers).status

    def look(self, prediction_id: str) -> Any:
        """The prediction as it is now."""
        return self.get(f"/v1/predictions/{prediction_id}").json

    def upload(
        self,
        data: bytes = b"abc",
        filename: str = "a.txt",
        *,
        fields: Mapping[str, bytes] | None = None,
        **headers: str | None,
    ) -> Got:
        """The answer to the upload of a text file, with more `fields` in its form."""
        head = f'form-data; name="content"; filename="{filename}"\r\nContent-Type: text/plain'
        parts = {head.encode(): data} | {
            b'form-data; name="%b"' % name.encode(): value
            for name, value in (fields or {}).items()
        }
        body = b"".join(
            b"--B\r\nContent-Disposition: %b\r\n\r\n%b\r\n" % part for part in parts.items()
        )
        typed = {"content_type": "multipart/form-data; boundary=B", **headers}
        return self.ask("POST", "/v1/files", body=body + b"--B--\r\n", **typed)

    def advance(self, seconds: float) -> Got:
        """Let so much time pass in the world of the usual token."""
        return self.put("/__mock__/clock", {"action": "advance", "seconds": seconds})


def perform(answer: Answer, wait: Wait = jump) -> Got:
    """What a client receives of `answer`."""
    reply = resolved(answer, wait)
    headers = {name.lower(): value for name, value in reply.headers}
    return Got(reply.status, headers, b"".join(performing.body(reply, wait)))


Apis = Callable[..., Api]


@pytest.fixture
def apis() -> Apis:
    """Makes a client of a fake of its own; settings as keywords."""

    def make(**settings: Any) -> Api:
        return Api(Front(Fake(Settings(**{"clock": "manual", **settings}), CATALOGUE)), USUAL)

    return make


@pytest.fixture
def api(apis: Apis) -> Api:
    """A client of a fake with the usual settings."""
    return apis()


@pytest.fixture
def show() -> Callable[..., Got]:
    """Performs an answer."""
    return perform
