"""Where a request is passed on to, and how addresses in answers lead back through us.

Upstream's own paths are ours. What lies on another host is reached below a path that names it,
and only where an answer of upstream's has led there: we are no way into anybody's network.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from json import dumps
from typing import Final, Protocol
from urllib.parse import urlsplit

from mockserver.core.interaction import Request
from mockserver.library.aliases import among
from mockserver.library.errors import LibraryError
from mockserver.library.json_text import members


VIA: Final = "/__via__/"
"""What stands before the scheme and the host of whoever is not upstream itself."""

Headers = tuple[tuple[str, str], ...]

MOST_KNOWN: Final = 1_000
"""How many origins an upstream may lead to, and how many addresses one answer."""
_LED: Final = ("get", "cancel", "stream")
_MOST_DEPTH: Final = 3


def upstream_at(url: str) -> tuple[str, str]:
    """The origin of the upstream at `url`, and the path at which its API begins there.

    Raises `LibraryError` for what is no address of one.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LibraryError(f"upstream: expected a URL like https://host/v1, seen {url!r}")
    if "@" in parts.netloc or parts.query:
        raise LibraryError("upstream: a name, a password or a query cannot stand in its URL")
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


class Ways(Protocol):
    """Where requests go, and how what they are answered is led back to us."""

    def target(self, request: Request) -> str:
        """The address that `request` is passed on to; empty where it may not be."""
        ...

    def led_back(self, data: bytes, told: object, own: str, /) -> bytes:
        """A body in JSON, which says `told`, for a client that called us at `own`."""
        ...

    def headers_led_back(self, headers: Headers, own: str, /) -> Headers:
        """Headers for such a client."""
        ...


class Straight:
    """The ways of a proxy: whatever was called is called, and every address is right already."""

    def target(self, request: Request) -> str:
        """The address that was called."""
        return request.url

    def led_back(self, data: bytes, _told: object, _own: str, /) -> bytes:
        """The body as it is."""
        return data

    def headers_led_back(self, headers: Headers, _own: str, /) -> Headers:
        """The headers as they are."""
        return headers


@dataclass(slots=True)
class Places:
    """The places of one `upstream`, its address without a path; `outputs`: files come by here.

    `base_path` is where its API begins there, and `plain` tells what is left of a path behind
    where it begins here. The `straight` hosts, maybe patterns, lead to us under their own names:
    what is asked of them goes there, and addresses with them are right already.
    """

    upstream: str
    outputs: bool = False
    base_path: str = ""
    plain: Callable[[Request], str] | None = None
    straight: Collection[str] = ()
    known: set[str] = field(default_factory=set)
    """The origins beside it that an answer has led to."""

    def target(self, request: Request) -> str:
        """The address that `request` is passed on to."""
        if among(request.hostname, self.straight):
            return request.url
        path, origin = request.path, self.upstream
        if path.startswith(VIA):
            scheme, _, rest = path.removeprefix(VIA).partition("/")
            host, _, below = rest.partition("/")
            origin, path = f"{scheme}://{host}", f"/{below}"
            if origin not in self.known:
                return ""
        elif self.base_path:
            path = self._there(request)
        return f"{origin}{path}?{request.query}" if request.query else origin + path

    def _there(self, request: Request) -> str:
        """The path of an operation at upstream.

        One official client appends the base path to whatever it is given, also to itself.
        """
        base, path = self.base_path, request.path
        if path.startswith(base * 2):
            return path.removeprefix(base)
        if path.startswith(f"{base}/") or self.plain is None:
            return path
        return base + self.plain(request)

    def here(self, url: str, own: str) -> str:
        """The address by which `url` is reached through us, whose origin is `own`."""
        parts = urlsplit(url)
        if among(parts.netloc, self.straight):
            return url
        origin = f"{parts.scheme}://{parts.netloc}"
        behind = url.removeprefix(origin)
        if origin == self.upstream:
            return own + behind
        if len(self.known) >= MOST_KNOWN:
            return url
        self.known.add(origin)
        return f"{own}{VIA}{parts.scheme}/{parts.netloc}{behind}"

    def led_back(self, data: bytes, told: object, own: str) -> bytes:
        """A body in JSON, which says `told`, with the addresses that clients follow led to us.

        All other bytes stay as they are.
        """
        for url in islice(dict.fromkeys(self._followed(told, _MOST_DEPTH)), MOST_KNOWN):
            ours = dumps(self.here(url, own)).encode()
            for spelled in _spellings(url):
                data = data.replace(spelled, ours)
        return data

    def headers_led_back(self, headers: Headers, own: str) -> Headers:
        """Headers whose `Location` leads to us, where it led to upstream."""

        def led(value: str) -> str:
            return self.here(value, own) if value.startswith(f"{self.upstream}/") else value

        return tuple(
            (name, led(value) if name.lower() == "location" else value) for name, value in headers
        )

    def _followed(self, told: object, depth: int) -> Iterator[str]:
        """The addresses in a body that a client goes to next."""
        if isinstance(told, list):
            for one in told if depth else ():
                yield from self._followed(one, depth - 1)
            return
        body = members(told)
        links = members(body.get("urls"))
        pages = (body.get("next"), body.get("previous"))
        outputs = body.get("output") or body.get("outputs")
        files = outputs if isinstance(outputs, list) else [outputs]
        for url in (*(links.get(name) for name in _LED), *pages, *(files if self.outputs else ())):
            if isinstance(url, str) and url.startswith(("http://", "https://")):
                yield url
        for name in ("results", "data", "items"):
            if depth and name in body:
                yield from self._followed(body[name], depth - 1)


def _spellings(url: str) -> Iterator[bytes]:
    """An address as JSON may spell it. Source: Go's encoding/json escapes `&`, PHP's the `/`."""
    plain = dumps(url)
    yield plain.encode()
    for form in (plain.replace("&", "\\u0026"), plain.replace("/", "\\/")):
        if form != plain:
            yield form.encode()
