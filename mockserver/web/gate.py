"""Where a proxy's tunnels lead: a few hosts to whoever answers for them, all others nowhere."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from re import compile as pattern
from typing import Final

from mockserver.core.interaction import LOOPBACK_NAMES, Request
from mockserver.core.reply import Answer, Reply
from mockserver.library.aliases import said_of
from mockserver.web.server.connection import Answerer
from mockserver.web.server.doorway import Way
from mockserver.web.server.limits import Refused, problem


Routes = Mapping[str, Answerer]
"""Who answers for each host, in lower case; `*.x` is every one with one more label than `x`."""

_AUTHORITY: Final = pattern(
    r"(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?P<port>[0-9]{1,5})"
)
_SCHEMES: Final = {"443": "https", "80": "http"}
_PHRASE_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Turned:
    """A request that was not let through: which, why, and with what status; 0 is none."""

    request: Request
    status: int
    why: str


class Gate:
    """Opens `routes`, and nothing else: nobody is dialled, and no name is looked up.

    `tls` is what HTTPS is spoken with; with `resets`, its handshakes are reset instead.
    `tell` hears of whatever is not let through.
    """

    def __init__(
        self,
        routes: Routes,
        tls: ssl.SSLContext,
        tell: Callable[[Turned], None],
        *,
        resets: bool = False,
    ) -> None:
        self._routes = routes
        self._tls = tls
        self._tell = tell
        self._resets = resets

    def enter(self, request: Request) -> Way:
        """Where a CONNECT request leads. Raises `Refused`."""
        named = _AUTHORITY.fullmatch(request.path)
        if named is None:
            seen = request.path[:80]
            text = f"CONNECT is for a host and a port, as in api.replicate.com:443, not {seen!r}"
            raise self._turned(request, 400, text)
        host = named["host"].lower()
        answer = partial(self._within, host, self._route(request, host, named["port"]))
        secure = _SCHEMES[named["port"]] == "https"
        return Way(answer, self._tls if secure else None, secure and self._resets)

    def answer(self, request: Request) -> Answer:
        """The answer to a request that came without a tunnel, for any host."""
        port = request.header("host").rpartition(":")[2]
        try:
            handler = self._route(request, request.hostname, port if port.isdigit() else "80")
        except Refused as refused:
            return problem(refused.status, refused.detail)
        return handler(request)

    def failed(self, request: Request, reason: OSError) -> None:
        """The handshake in the tunnel that `request` made failed."""
        said = getattr(reason, "reason", None) or str(reason) or type(reason).__name__
        why = (
            f"the handshake with {request.path} failed: {said}; "
            "does the program trust the authority's certificate?"
        )
        self._tell(Turned(request, 0, why))

    def _route(self, request: Request, host: str, port: str) -> Answerer:
        """Who answers for `host`. Raises `Refused`."""
        known = said_of(host, self._routes)
        if known is None:
            raise self._turned(request, 403, _not_intercepted(host))
        if port not in _SCHEMES:
            ports = " and ".join(_SCHEMES)
            text = f"{host} is intercepted on ports {ports}, not on {port}: nothing was sent there"
            raise self._turned(request, 403, text)
        return known

    def _within(self, host: str, handler: Answerer, request: Request) -> Answer:
        """The answer to a request inside the tunnel to `host`."""
        if request.hostname == host:
            return handler(request)
        text = f"the tunnel leads to {host}, the request in it is for {request.hostname!r}"
        refused = self._turned(request, 421, text)
        return problem(refused.status, refused.detail)

    def _turned(self, request: Request, status: int, why: str) -> Refused:
        self._tell(Turned(request, status, why))
        return Refused(status, why)


def worded(status: int, detail: str) -> Reply:
    """A refusal whose status line says why: that is all of it that most clients show."""
    told = problem(status, detail)
    plain = "".join(char if " " <= char <= "~" else "?" for char in detail)
    phrase = plain[:_PHRASE_CHARACTERS] or HTTPStatus(status).phrase
    head = (
        f"HTTP/1.1 {status} {phrase}",
        *(f"{name}: {value}" for name, value in told.headers),
        f"content-length: {len(told.body)}",
        "connection: close",
    )
    return Reply(status, body="\r\n".join((*head, "", "")).encode() + told.body, raw=True)


def _not_intercepted(host: str) -> str:
    if host in LOOPBACK_NAMES:
        return f"{host} is not asked of a proxy: except it with NO_PROXY"
    return f"{host} is not intercepted: nothing was sent there"
