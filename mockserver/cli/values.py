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
