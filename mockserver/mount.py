"""The fake behind httpx, without a socket: the same answers, performed by jumping the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import translate
from typing import TYPE_CHECKING, Any, Unpack

import httpx

from mockserver.core.interaction import Request
from mockserver.library.faults.kinds import MOUNT
from mockserver.service.fake import Fake
from mockserver.service.handle import Handle
from mockserver.service.settings import Settings
from mockserver.service.worlds import Beginning
from mockserver.web import performing
from mockserver.web.front import Front
from mockserver.web.played import broken, patience, response


if TYPE_CHECKING:
    from respx import MockRouter


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient` alike.

    Nothing waits in real time: a held request moves its world's clock to the moment it waits for.
    Without a `front` it has a fake of its own, whose clock moves on with every look.
    """

    def __init__(self, front: Front | None = None) -> None:
        self.front = front or Front(Fake(Settings(clock="poll")))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The fake's response, as httpx asks for it."""
        request.read()
        return self.respond(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for an async client; pictures are drawn on its loop."""
        await request.aread()
        return self.respond(request)

    def respond(self, request: httpx.Request) -> httpx.Response:
        """The response to a request whose body has been read; its body may still be to come.

        Raises what a client meets on a socket: `httpx.ReadTimeout` where only a hand could end
        the wait, and another `httpx.TransportError` where a fault breaks the connection.
        """
        answer = self.front.answer(_asked(request), MOUNT)
        with broken(request):
            reply = performing.resolved(answer, patience(request))
        return response(reply, request)


def mounted(
    front: Front | None = None, router: MockRouter | None = None, *, hosts: Iterable[str] = ()
) -> MockRouter:
    """A respx router (`router`, or a new one) behind which the fake answers.

    It takes every request to upstream, to a known gateway, or to `hosts` (shell patterns), from
    sync and async clients alike. Use it as any other: `with mounted(): ...`.
    Raises `ImportError` where respx is not installed.
    """
    try:
        import respx
    except ImportError as reason:
        raise ImportError("mounted() needs respx: pip install 'mockserver[test]'") from reason
    transport = FakeTransport(front)
    if router is None:
        router = respx.mock(assert_all_called=False)
    known = (*transport.front.fake.catalogue.hosts(), *hosts)
    pattern = "|".join(translate(host) for host in known)
    router.route(host__regex=pattern, name="mockserver").mock(side_effect=transport.respond)
    return router


class MountedWorld(Handle):
    """A world behind httpx, without a socket: what the fixture `mockserver_mount` is."""

    means = MOUNT

    def __init__(
        self,
        front: Front,
        router: MockRouter,
        token: str,
        gateway: str | None = None,
        **beginning: Unpack[Beginning],
    ) -> None:
        """`gateway` None speaks the fake's own. Raises `UnknownName`."""
        self.transport = FakeTransport(front)
        self.router = router
        self.gateway = front.fake.catalogue.gateway(gateway or front.fake.settings.gateway)
        super().__init__(front.fake, token, **beginning)

    @property
    def url(self) -> str:
        """The origin of this world's gateway, without a slash at its end."""
        return f"https://{self.gateway.hosts[0]}"

    @property
    def base_url(self) -> str:
        """Where the API's paths begin, as its gateway documents it."""
        return self.url + self.gateway.base_path

    @property
    def env(self) -> Mapping[str, str]:
        """The variables by which the official clients find this world; upstream needs no URL."""
        told = {"REPLICATE_API_TOKEN": self.token, "REPLICATE_POLL_INTERVAL": "0"}
        return (
            told
            if self.gateway.name == "replicate"
            else told | {"REPLICATE_BASE_URL": self.base_url}
        )

    def client(self, **options: Any) -> httpx.Client:
        """A client of this world; `options` are those of `httpx.Client`."""
        return httpx.Client(**self._options(), **options)

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """An async client of this world; `options` are those of `httpx.AsyncClient`."""
        return httpx.AsyncClient(**self._options(), **options)

    def _options(self) -> dict[str, Any]:
        authorization = {"Authorization": f"Bearer {self.token}"}
        return {
            "transport": self.transport,
            "base_url": self.base_url,
            "headers": authorization,
        }


def _asked(request: httpx.Request) -> Request:
    """The request as it would come off the wire."""
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    return Request(
        method=request.method,
        path=path,
        query=query,
        headers=tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in request.headers.raw
        ),
        body=request.content,
        scheme=request.url.scheme,
    )
