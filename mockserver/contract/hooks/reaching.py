"""Ways to a receiver: over HTTP, into a WSGI application, or a plain call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Protocol

from mockserver.contract.hooks.cases import Needs
from mockserver.core.clock import monotonic_ms
from mockserver.core.letter import Letter
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TIMEOUT_S: Final = 10.0
"""How long an answer is waited for. Source: "within a few seconds"; the figure is assumed."""

Meanwhile = Callable[[], object]
"""What is done between the first and the second half of a body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered after `took_ms`; no status: nothing was, and `why`.

    `hung_up`: the connection was closed, so that nobody waits. `reached`: there was one.
    """

    status: int | None
    took_ms: int
    why: str = ""
    hung_up: bool = False
    reached: bool = True

    @property
    def taken(self) -> bool:
        """Whether it is any 2xx. Source: Standard Webhooks 1.0.0."""
        return self.among(200, 299)

    def among(self, least: int, most: int) -> bool:
        """Whether a status was answered that lies within these bounds."""
        return self.status is not None and least <= self.status <= most

    def __str__(self) -> str:
        told = "no answer" if self.status is None else str(self.status)
        return f"{told} ({self.why})" if self.why else told


class Receiver(Protocol):
    """Whoever takes webhooks."""

    @property
    def has(self) -> Needs:
        """What the way to it has."""
        ...

    @property
    def url(self) -> str:
        """The address that a person can repeat a request with; empty where there is none."""
        ...

    def __call__(self, letter: Letter, meanwhile: Meanwhile | None = None, /) -> Answer:
        """What it answers to this letter; a slow sender does something `meanwhile`."""
        ...


class HttpReceiver:
    """A receiver behind a URL. Raises `LibraryError` for what is no http(s) URL."""

    has: Final = Needs.SOCKET

    def __init__(
        self, url: str, timeout_s: float = TIMEOUT_S, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        import httpx

        try:
            self._parsed = httpx.URL(url)
        except httpx.InvalidURL as reason:
            raise LibraryError(f"{url!r} is no URL: {reason}") from None
        if self._parsed.scheme not in ("http", "https") or not self._parsed.host:
            raise LibraryError(f"expected a URL like http://127.0.0.1:8080/hook, seen {url!r}")
        self.url = url
        self._client = httpx.Client(timeout=timeout_s, trust_env=False)
        self._now_ms = now_ms

    def __call__(self, letter: Letter, meanwhile: Meanwhile | None = None) -> Answer:
        """What comes back; a redirect is an answer, and not followed."""
        import httpx

        begun_ms = self._now_ms()
        url = self._parsed.join(letter.path) if letter.path else self._parsed
        chunked = letter.header("transfer-encoding") == "chunked"
        content = letter.body if meanwhile is None and not chunked else _pieces(letter, meanwhile)
        try:
            answered = self._client.request(
                letter.method, url, content=content, headers=_wire(letter, chunked=chunked)
            )
        except httpx.TimeoutException:
            return Answer(None, self._now_ms() - begun_ms, "it took too long")
        except httpx.TransportError as reason:
            why = str(reason) or type(reason).__name__
            reached = not isinstance(reason, httpx.ConnectError)
            return Answer(None, self._now_ms() - begun_ms, why, hung_up=reached, reached=reached)
        return Answer(answered.status_code, self._now_ms() - begun_ms)


class WsgiReceiver:
    """A WSGI application, called in this process at `path`."""

    has: Final = Needs.HTTP
    url: Final = ""

    def __init__(
        self, app: WSGIApplication, path: str, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        self._app = app
        self._path = path
        self._now_ms = now_ms

    def __call__(self, letter: Letter, _meanwhile: Meanwhile | None = None) -> Answer:
        """What the application answers; what it raises is a 500, as a server would make it."""
        begun_ms, told = self._now_ms(), list[str]()

        def start_response(
            status: str, _headers: Any, _raised: Any = None
        ) -> Callable[..., object]:
            told.append(status)
            return lambda _: None

        try:
            body: Iterable[bytes] = self._app(_environ(letter, self._path), start_response)
            b"".join(body)
            getattr(body, "close", lambda: None)()
        except Exception as raised:  # noqa: BLE001 - whatever it is, a server answers 500
            return Answer(500, self._now_ms() - begun_ms, f"{type(raised).__name__}: {raised}")
        status = int(told[-1].partition(" ")[0])
        return Answer(status, self._now_ms() - begun_ms)


class CalledReceiver:
    """A function that is given the headers, in lower case, and the raw body; it returns a status.

    What it raises is a 500.
    """

    has: Final = Needs.NOTHING
    url: Final = ""

    def __init__(
        self,
        receive: Callable[[Mapping[str, str], bytes], int],
        now_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        self._receive = receive
        self._now_ms = now_ms

    def __call__(self, letter: Letter, _meanwhile: Meanwhile | None = None) -> Answer:
        """What the function returns."""
        begun_ms = self._now_ms()
        headers = {name.lower(): value for name, value in letter.headers}
        try:
            status = int(self._receive(headers, letter.body))
        except Exception as raised:  # noqa: BLE001 - as for an application
            return Answer(500, self._now_ms() - begun_ms, f"{type(raised).__name__}: {raised}")
        return Answer(status, self._now_ms() - begun_ms)


def _wire(letter: Letter, *, chunked: bool) -> list[tuple[bytes, bytes]]:
    """The headers as bytes: what is no ASCII goes out as Latin-1, as `http.client` sends it."""
    told = [(name.encode(), value.encode("latin-1", "replace")) for name, value in letter.headers]
    length = [] if chunked else [(b"Content-Length", b"%d" % len(letter.body))]
    # As the fake posts them: a connection that its server gives up would look like a refusal.
    return [*told, *length, (b"Connection", b"close")]


def _pieces(letter: Letter, meanwhile: Meanwhile | None) -> Iterator[bytes]:
    half = len(letter.body) // 2
    yield letter.body[:half]
    if meanwhile is not None:
        meanwhile()
    yield letter.body[half:]


def _environ(letter: Letter, path: str) -> dict[str, Any]:
    """The letter as PEP 3333 tells it."""
    where, _, query = (letter.path or path).partition("?")
    told = {
        f"HTTP_{name.upper().replace('-', '_')}": value.encode("latin-1", "replace").decode(
            "latin-1"
        )
        for name, value in letter.headers
        if name.lower() != "content-type"
    }
    return {
        **told,
        "REQUEST_METHOD": letter.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "CONTENT_TYPE": letter.header("content-type"),
        "CONTENT_LENGTH": str(len(letter.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(letter.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
