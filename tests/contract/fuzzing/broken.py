"""Stores and gateways that are broken in one way each, between a client and our fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import httpx

from mockserver.core.timeline import Created, Event
from mockserver.examine import OwnFake, Target
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import loads, members
from mockserver.mount import FakeTransport
from mockserver.service.fake import Fake
from mockserver.service.outbox import Outbox
from mockserver.service.settings import OutputForm, Settings
from mockserver.service.store.memory import MemoryStore
from mockserver.service.store.protocol import Store
from mockserver.service.worlds import World
from mockserver.web.front import Front


class LosingStore(MemoryStore):
    """Says that it has written what was created, and has not."""

    def append(self, prediction_id: str, event: Event) -> None:
        """Add nothing that begins a prediction."""
        if not isinstance(event, Created):
            super().append(prediction_id, event)


class ForgettingStore(MemoryStore):
    """Says that it has written what was done to a prediction, and has not."""

    def append(self, prediction_id: str, event: Event) -> None:
        """Add nothing that happens after the beginning."""
        if isinstance(event, Created):
            super().append(prediction_id, event)


class StaleCache(httpx.BaseTransport):
    """Keeps what it told of a prediction first, and tells that for ever."""

    def __init__(self, behind: httpx.BaseTransport) -> None:
        self._behind = behind
        self._kept: dict[str, httpx.Response] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What is kept, else what stands behind says."""
        name = request.url.path.rpartition("/")[2]
        if request.method == "GET" and name in self._kept:
            return copied(self._kept[name], 200)
        told = self._behind.handle_request(request)
        told.read()
        if told.is_success and (identifier := prediction_id(told)):
            self._kept.setdefault(identifier, copied(told, told.status_code))
        return told


class Retrying(httpx.BaseTransport):
    """Sends every create call twice, as if the first had not been answered in time."""

    def __init__(self, behind: httpx.BaseTransport) -> None:
        self._behind = behind

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What stands behind says the second time."""
        if request.method == "POST" and request.url.path.endswith("/predictions"):
            self._behind.handle_request(request).read()
        return self._behind.handle_request(request)


def with_store(store: Callable[[], Store]) -> Callable[[Fake], httpx.BaseTransport]:
    """Lets every world of a fake keep its predictions in such a store."""

    def spoiled(fake: Fake) -> httpx.BaseTransport:
        def furnish(world: World) -> None:
            world.store = store()
            world.outbox = Outbox(world.store, world.bell, world.seed)

        fake.worlds.furnish = furnish
        return FakeTransport(Front(fake))

    return spoiled


def in_front(
    gateway: Callable[[httpx.BaseTransport], httpx.BaseTransport],
) -> Callable[[Fake], httpx.BaseTransport]:
    """Lets clients reach a fake only by way of such a gateway."""
    return lambda fake: gateway(FakeTransport(Front(fake)))


BROKEN: Final[Mapping[str, Callable[[Fake], httpx.BaseTransport]]] = {
    "lost create": with_store(LosingStore),
    "illegal transition": with_store(ForgettingStore),
    "stale cache": in_front(StaleCache),
    "double create": in_front(Retrying),
}


def own_fake(
    reached: Callable[[Fake], httpx.BaseTransport],
) -> Callable[[Catalogue, Target], OwnFake]:
    """Makes what `examine.own_fake` makes, which clients reach in a way of its own."""

    def made(catalogue: Catalogue, target: Target) -> OwnFake:
        outputs = OutputForm.AUTO if target.draws else OutputForm.URL
        fake = Fake(Settings(gateway=target.gateway, clock="manual", outputs=outputs), catalogue)
        return OwnFake(fake, httpx.Client(transport=reached(fake)))

    return made


def prediction_id(told: httpx.Response) -> str:
    """The prediction that an answer tells of, if it is one."""
    return str(members(loads(told.content)).get("id", "")) if "json" in kind(told) else ""


def kind(told: httpx.Response) -> str:
    """The media type of an answer."""
    return str(told.headers.get("content-type", ""))


def copied(told: httpx.Response, status: int) -> httpx.Response:
    """The same answer, to be read once more."""
    return httpx.Response(status, headers=told.headers, content=told.content)
