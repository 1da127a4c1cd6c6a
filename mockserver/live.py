"""The fake on a real socket: our own server in a thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from ssl import SSLContext
from threading import Thread
from typing import Final, Unpack

from mockserver.library.errors import LibraryError
from mockserver.service.fake import Fake
from mockserver.service.handle import Handle
from mockserver.service.settings import Settings
from mockserver.service.worlds import Beginning
from mockserver.web.front import Front
from mockserver.web.server.limits import Limits
from mockserver.web.server.run import Server, run
from mockserver.web.tls import RESET_HANDSHAKE


_ANYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared
"""What to dial where the server listens on every address."""


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server that listens."""

    front: Front
    host: str
    port: int
    scheme: str = "http"

    @property
    def fake(self) -> Fake:
        """What is served."""
        return self.front.fake

    @property
    def url(self) -> str:
        """The root, without a slash at its end: `http://127.0.0.1:PORT`."""
        host = _ANYWHERE.get(self.host, self.host)
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def base_url(self) -> str:
        """Where the API's paths begin. Both official Python clients take it."""
        return f"{self.url}/v1"

    def world(
        self, token: str, *, gateway: str | None = None, **beginning: Unpack[Beginning]
    ) -> LiveWorld:
        """A new world, reached with `token` in the dialect of `gateway`. Raises `UnknownName`."""
        return LiveWorld(self, token, gateway, **beginning)


class LiveWorld(Handle):
    """A world on a server that listens: what the fixture `mockserver` is."""

    def __init__(
        self,
        server: LiveServer,
        token: str,
        gateway: str | None = None,
        **beginning: Unpack[Beginning],
    ) -> None:
        """`gateway` None speaks the server's own. Raises `UnknownName`."""
        self.server = server
        self.gateway = server.fake.catalogue.gateway(gateway or server.fake.settings.gateway)
        super().__init__(server.fake, token, **beginning)

    @property
    def url(self) -> str:
        """The server's root, without a slash at its end."""
        return self.server.url

    @property
    def base_url(self) -> str:
        """Where the API's paths begin in the dialect of this world's gateway."""
        if self.gateway.name == self.fake.settings.gateway:
            return self.server.base_url
        return f"{self.url}/gateways/{self.gateway.name}/replicate/v1"

    @property
    def env(self) -> Mapping[str, str]:
        """The variables by which the official clients find this world."""
        return client_env(self.token, self.base_url)


def client_env(token: str, base_url: str) -> dict[str, str]:
    """What the official Python clients read.

    Source: replicate-python 1.0.7, client.py; replicate 2.0 (beta), _client.py.
    """
    return {
        "REPLICATE_API_TOKEN": token,
        "REPLICATE_BASE_URL": base_url,
        "REPLICATE_POLL_INTERVAL": "0.01",
    }


@contextmanager
def serve(
    settings: Settings | None = None,
    *,
    fake: Fake | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    limits: Limits | None = None,
    tls: SSLContext | None = None,
) -> Iterator[LiveServer]:
    """A server in a thread, which listens from the first line of the `with` block to its end.

    `fake` brings its own settings. With `port` 0 the system chooses one.
    With `tls` it speaks HTTPS: see `mockserver.web.tls`.
    Raises `OSError` if the address cannot be had, `LibraryError` for a fault of its handshakes
    where it has none, and at the end whatever ended the server.
    """
    if settings is not None and fake is not None:
        raise ValueError("give settings or a fake, not both: a fake has its own settings")
    front = Front(fake or Fake(settings))
    deaf = is_deaf(front.fake.settings.fault, https=tls is not None)
    server = Server(front.answer, host=host, port=port, limits=limits, tls=tls, deaf=deaf)
    try:
        with running(server):
            yield LiveServer(front, host, server.port, server.scheme)
    finally:
        front.fake.courier.close()


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Serves in a thread, from the first line of the `with` block to its end.

    Raises `OSError` if the address cannot be had, and at the end whatever ended the server.
    """
    listens: Future[None] = Future()
    ended: Future[None] = Future()
    thread = Thread(target=_run, args=(server, listens, ended), name="mockserver", daemon=True)
    thread.start()
    try:
        wait((listens, ended), return_when=FIRST_COMPLETED)
        if listens.done():
            yield
    finally:
        server.request_stop()
        thread.join()
        ended.result()


def is_deaf(flags: str, *, https: bool) -> bool:
    """Whether these faults of a server leave no handshake.

    Those that spoil its certificate are for whoever makes that: `mockserver.web.tls`.
    Raises `LibraryError` where they are about handshakes, and it has none.
    """
    if not flags:
        return False
    from mockserver.library.faults.catalogue import handshake

    fault = handshake(flags)
    if fault and not https:
        raise LibraryError(f"{fault} is about the handshakes of HTTPS: start the server with it")
    return fault == RESET_HANDSHAKE


def _run(server: Server, listens: Future[None], ended: Future[None]) -> None:
    """Serve in this thread; what goes wrong is for the thread that asked for the server."""
    try:
        run(server, lambda _: listens.set_result(None))
    except BaseException as reason:  # noqa: BLE001 - raised again, by `ended.result()`
        ended.set_exception(reason)
    else:
        ended.set_result(None)
