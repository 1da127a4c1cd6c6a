"""What `serve` tells a person who has just started it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mockserver import __version__
from mockserver.cli.address import is_loopback, token_of


if TYPE_CHECKING:
    from mockserver.service.settings import Settings


def lines(
    settings: Settings,
    host: str,
    url: str,
    gateways: tuple[str, ...],
    trusting: Iterable[str] = (),
) -> Iterator[str]:
    """The banner of a server that listens on `host` and is reached at `url`.

    `trusting` are the lines to paste so that clients trust its certificate.
    """
    yield f"mockserver {__version__} listens on {url}"
    yield ""
    yield from _aligned(_faces(settings, url, gateways))
    yield ""
    yield from _aligned(_rules(settings, host))
    yield ""
    # One official client appends /v1 to this and another does not: both are answered.
    exports = f"REPLICATE_API_TOKEN={token_of(settings)} REPLICATE_BASE_URL={url}/v1"
    yield f"  export {exports}"
    yield from trusting
    yield ""
    yield "Ctrl-C stops it and forgets everything."


def _faces(settings: Settings, url: str, gateways: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The base URLs, and who is spoken there."""
    yield f"{url}/v1", settings.gateway
    relay = settings.relay if settings.gateway == "replicate" else settings.gateway
    yield f"{url}/replicate/v1", relay
    yield f"{url}/gateways/NAME/replicate/v1", ", ".join(gateways)
    yield f"{url}/__mock__/info", "what is served, and to whom"


def _rules(settings: Settings, host: str) -> Iterator[tuple[str, str]]:
    """What else a client has to know."""
    yield "token", _token_rule(settings)
    yield "clock", settings.clock
    yield "scenario", settings.scenario
    if settings.api_date:
        yield "api", f"as of {settings.api_date}"
    if settings.public_url:
        yield "public", settings.public_url
    if not is_loopback(host):
        yield "caution", f"{host} lets other machines in"


def _aligned(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The pairs as two columns."""
    rows = tuple(pairs)
    width = max(len(name) for name, _ in rows)
    return (f"  {name:<{width}}  {says}" for name, says in rows)


def _token_rule(settings: Settings) -> str:
    if settings.tokens:
        return f"one of the {len(settings.tokens)} given, each with predictions of its own"
    return "any will do, each has predictions of its own"
