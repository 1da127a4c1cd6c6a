"""The one request that everything is measured with, and a fake that has seen it often."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from orjson import dumps, loads

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.library.examples import load_documents
from mockserver.library.rooms import room
from mockserver.service.fake import Fake
from mockserver.service.predictions import PAGE_SIZE
from mockserver.service.settings import LimitStyle, Settings
from mockserver.web.front import Front


BASE: Final = "/replicate/v1"
CREATE: Final = f"{BASE}/models/black-forest-labs/flux-kontext-pro/predictions"
LIST: Final = f"{BASE}/predictions"
TOKEN: Final = "r8_bench_0123456789"  # noqa: S105 - the fake accepts any
HEADERS: Final = (
    ("host", "127.0.0.1:4010"),
    ("authorization", f"Bearer {TOKEN}"),
    ("content-type", "application/json"),
)
LONG_AFTER_MS: Final = 60_000
"""By then every prediction of the scenario `happy` has ended."""


@cache
def body() -> bytes:
    """The flux-kontext-pro request of the documents: 299 bytes."""
    documents = load_documents(room("fixtures"))
    asked = (
        example.request
        for document in documents
        if document.gateway == "quickrouter"
        for example in document.examples
    )
    return dumps(next(request.body for request in asked if request is not None))


def create_request() -> Request:
    """A create call as a client sends it."""
    return Request("POST", CREATE, "", HEADERS, body())


def get_request(path: str) -> Request:
    """A look at `path`."""
    return Request("GET", path, "", HEADERS)


def known(front: Front, request: Request) -> Reply:
    """What `front` answers at once. Raises `TypeError` if that is not a success."""
    answer = front.answer(request)
    if not isinstance(answer, Reply) or answer.status not in (200, 201):
        raise TypeError(
            f"{request.method} {request.path}: expected a success, got {answer!r:.300}"
        )
    return answer


@dataclass(frozen=True, slots=True)
class Prepared:
    """A fake that holds a full list page of ended predictions, and the path of the last one."""

    front: Front
    path: str


def prepared() -> Prepared:
    """The same in every process: its clock stands still, its ids are drawn from a seed."""
    # A loader asks more often than an account may.
    front = Front(Fake(Settings(clock="manual", limits=LimitStyle.TOLD)))
    made = [known(front, create_request()) for _ in range(PAGE_SIZE)]
    front.fake.worlds.named(TOKEN).clock.advance(LONG_AFTER_MS)
    return Prepared(front, f"{LIST}/{loads(made[-1].body)['id']}")
