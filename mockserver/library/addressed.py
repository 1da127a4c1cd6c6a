"""A request as it is sent to an address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from mockserver.core.interaction import Request


def addressed(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """What is sent to `url`, which alone says the host. Raises `ValueError` for no address."""
    parts = urlsplit(url)
    lower = ((name.lower(), value) for name, value in headers)
    return Request(
        method=method,
        path=parts.path or "/",
        query=parts.query,
        headers=(("host", parts.netloc), *(pair for pair in lower if pair[0] != "host")),
        body=body,
        scheme=parts.scheme,
    )
