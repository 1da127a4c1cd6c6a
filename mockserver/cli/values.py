"""What the values of options become, where that takes more than a type."""

from __future__ import annotations

from collections.abc import Iterable
from re import compile as pattern
from typing import Final

import click


_FULL_NAME: Final = pattern(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*")


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


def full_name(_ctx: click.Context, _argument: click.Parameter, name: str) -> str:
    """The name of a model, if it is one."""
    if name and not _FULL_NAME.fullmatch(name):
        raise click.BadParameter(f"{name!r} is not OWNER/NAME")
    return name


def own_address(_ctx: click.Context, _option: click.Parameter, host: str) -> str:
    """The address without brackets, if one can listen there."""
    if not host or "/" in host:
        raise click.BadParameter(f"expected a name or an address to listen on, seen {host!r}")
    return host.removeprefix("[").removesuffix("]")
