"""What the values of options become, where that takes more than a type."""

from __future__ import annotations

from collections.abc import Iterable

import click


def webhook_hosts(
    _ctx: click.Context, _option: click.Parameter, hosts: Iterable[str]
) -> frozenset[str]:
    """The allow-list of webhooks, each entry checked."""
    from mockserver.service.egress import Egress

    try:
        Egress(hosts)
    except ValueError as reason:
        raise click.BadParameter(str(reason)) from None
    return frozenset(hosts)


def public_url(_ctx: click.Context, _option: click.Parameter, url: str) -> str:
    """The address, if it is one of HTTP."""
    scheme, _, rest = url.partition("://")
    if url and (scheme not in ("http", "https") or not rest.strip("/") or "?" in rest):
        raise click.BadParameter(f"expected https://host or http://host, seen {url!r}")
    return url


def own_address(_ctx: click.Context, _option: click.Parameter, host: str) -> str:
    """The address without brackets, if one can listen there."""
    if not host or "/" in host:
        raise click.BadParameter(f"expected a name or an address to listen on, seen {host!r}")
    return host.removeprefix("[").removesuffix("]")
