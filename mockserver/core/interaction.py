"""One HTTP exchange as values: what came in, what went out, when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""What this machine calls itself, as it stands in `Host`."""
HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that are about one connection, in lower case. Source: RFC 9110, 7.6.1."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came off the wire, body complete, header names in lower case.

    `path` is still percent-encoded; `query` is the raw text behind the `?`; `root` is the path at
    which a WSGI server mounted us, which is no part of `path`.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    scheme: str = "http"
    root: str = ""

    def header(self, name: str, default: str = "") -> str:
        """The first value of header `name` (given in lower case), or `default`."""
        for known, value in self.headers:
            if known == name:
                return value
        return default

    @property
    def url(self) -> str:
        """The whole address that was asked for, the query included."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.header('host')}{self.path}{query}"

    @property
    def hostname(self) -> str:
        """The name this request was sent to, in lower case and without the port; may be empty."""
        host = self.header("host").lower()
        name, _, port = host.rpartition(":")
        return name if port.isdigit() else host


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request, the answer it got, and when both happened in the world's time."""

    request: Request
    status: int
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    at_ms: int
