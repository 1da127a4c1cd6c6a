"""Addresses that lead astray: to another origin, or to upstream in the place of a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit


STRANGER: Final = "elsewhere.example"
"""A host of nobody. Source: RFC 2606, 3."""

UPSTREAM: Final = "api.replicate.com"

_OTHER_NAMES: Final[Mapping[str, str]] = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
"""This machine by another name is another origin, and what is sent there can be looked at."""


def foreign(url: str) -> str:
    """The same address at another origin: the fake's own by another name, else a stranger's."""
    parts = _parts(url)
    host = parts.hostname or ""
    if host not in _OTHER_NAMES:
        return urlunsplit(("https", STRANGER, parts.path, parts.query, ""))
    netloc = parts.netloc.lower().replace(host, _OTHER_NAMES[host], 1)
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


def upstream(url: str, base_url: str) -> str:
    """The same address as upstream gives it.

    `base_url` is where the API's paths begin here; where it is not known, `/v1/` tells.
    """
    if base_url and url.startswith(base_url):
        return f"https://{UPSTREAM}/v1{url.removeprefix(base_url)}"
    before, begun, rest = _parts(url).path.partition("/v1/")
    return f"https://{UPSTREAM}{begun}{rest}" if begun else f"https://{UPSTREAM}{before}"


def path_of(url: str) -> str:
    """An address without its origin."""
    return _parts(url).path


def is_address(value: object) -> bool:
    """Whether `value` is an address of the web."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _parts(url: str) -> SplitResult:
    """The parts of an address; none where it is called by a name that no host can have."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "/", "", "")
