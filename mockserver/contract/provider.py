"""How the suites talk to a provider: over HTTP, remembering everything that was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from mockserver.contract.reading import asked, read
from mockserver.core.clock import monotonic_ms, wall_ms
from mockserver.core.interaction import Interaction, Request
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import dumps


if TYPE_CHECKING:
    import httpx


Headers = Mapping[str, str]

LONGEST_STREAM_S: Final = 120


class Control(Protocol):
    """What a fake can do and no live provider: move time, and choose what will happen."""

    def advance(self, seconds: float) -> None:
        """Move the time of the account on."""
        ...

    def choosing(self, scenario: str) -> Headers:
        """The headers that make a create call begin `scenario`."""
        ...


class Provider(Protocol):
    """A gateway, or upstream, under test; `control` None is one that runs in its own time."""

    @property
    def profile(self) -> Gateway:
        """What the provider is supposed to be."""
        ...

    @property
    def control(self) -> Control | None:
        """The hands on its time, if it has any."""
        ...

    @property
    def exchanges(self) -> list[Interaction]:
        """Everything that was said so far, in order."""
        ...

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Headers | None = None,
        content: bytes | None = None,
    ) -> Interaction:
        """The exchange that `method` at `path` (behind the base URL, or absolute) leads to.

        Both are upstream's, whatever the profile makes of them. `exchanges` keeps what was said,
        and what is handed out is that read in upstream's terms.

        `body` is sent as JSON; `content` as it is. A header given as "" is not sent at all.
        """
        ...


@dataclass(frozen=True, slots=True)
class HttpProvider:
    """A provider behind an HTTP client; the token names the account."""

    profile: Gateway
    base_url: str
    token: str
    client: httpx.Client
    control: Control | None = None
    now_ms: Callable[[], int] = wall_ms
    exchanges: list[Interaction] = field(default_factory=list)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Headers | None = None,
        content: bytes | None = None,
    ) -> Interaction:
        """The exchange that `method` at `path` leads to."""
        if body is not None:
            content = dumps(body)
        if "://" not in path:
            method, path, content = asked(self.profile, method, path, content)
        url = path if "://" in path else self.base_url + path
        answer = self.client.request(
            method, url, content=content, headers=self._headers(content, headers or {})
        )
        exchange = Interaction(
            request=_request(answer.request, content or b""),
            status=answer.status_code,
            response_headers=tuple(answer.headers.multi_items()),
            response_body=answer.content,
            at_ms=self.now_ms(),
        )
        self.exchanges.append(exchange)
        return read(self.profile, exchange)

    def listen(self, address: str, headers: Headers) -> tuple[Interaction, tuple[int, ...]]:
        """What a stream brings to its end, and when each part came, in milliseconds from now.

        It is heard for `LONGEST_STREAM_S` at the most.
        """
        asked = {**self._headers(None, headers), "accept": "text/event-stream"}
        parts, arrivals_ms, begun_ms = [], [], monotonic_ms()
        with self.client.stream("GET", address, headers=asked) as answer:
            for part in answer.iter_bytes():
                parts.append(part)
                arrivals_ms.append(monotonic_ms() - begun_ms)
                if arrivals_ms[-1] > LONGEST_STREAM_S * 1000:
                    break
        heard = Interaction(
            request=_request(answer.request, b""),
            status=answer.status_code,
            response_headers=tuple(answer.headers.multi_items()),
            response_body=b"".join(parts),
            at_ms=self.now_ms(),
        )
        self.exchanges.append(heard)
        return heard, tuple(arrivals_ms)

    def _headers(self, content: bytes | None, given: Headers) -> dict[str, str]:
        auth = self.profile.auth
        headers = {auth.header.lower(): auth.value(self.token)}
        if content is not None:
            headers["content-type"] = "application/json"
        headers |= {name.lower(): value for name, value in given.items()}
        return {name: value for name, value in headers.items() if value}


def _request(sent: httpx.Request, content: bytes) -> Request:
    parts = urlsplit(str(sent.url))
    headers = tuple((name.lower(), value) for name, value in sent.headers.multi_items())
    return Request(sent.method, parts.path, parts.query, headers, content, parts.scheme)


def create(
    provider: Provider,
    model: str,
    given: Mapping[str, object],
    *,
    beside: Mapping[str, object] | None = None,
    headers: Headers | None = None,
) -> Interaction:
    """Create a prediction of `model` from the input `given`; `beside` goes next to it."""
    body = {"input": given, **(beside or {})}
    return provider.ask("POST", f"/models/{model}/predictions", body, headers=headers)


def look(provider: Provider, prediction_id: str) -> Interaction:
    """Look at a prediction."""
    return provider.ask("GET", f"/predictions/{prediction_id}")


def cancel(provider: Provider, prediction_id: str) -> Interaction:
    """Ask to cancel a prediction."""
    return provider.ask("POST", f"/predictions/{prediction_id}/cancel")
