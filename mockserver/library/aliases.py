"""Hosts that a gateway's answers lead to, besides those that it is called at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from mockserver.library.strict import Table


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Alias:
    """Hosts that serve what lies below `root` here.

    A host `*.x` is every one that has one more label than `x`, as in a certificate.
    Source: RFC 9525, 6.3.
    """

    hosts: tuple[str, ...]
    root: str
    source: str


def load_hosts(table: Table) -> tuple[str, ...]:
    """The `hosts` of a profile, or of an alias in one. Raises `LibraryError`."""
    hosts = table.texts("hosts")
    if not hosts or any(host != host.lower() or "/" in host for host in hosts):
        raise table.error("hosts", "host names in lower case, without a scheme", hosts)
    return hosts


def load_alias(table: Table) -> Alias:
    """One of `[[aliases]]`. Raises `LibraryError`."""
    root = table.text("root")
    if root and (not root.startswith("/") or root.endswith("/")):
        raise table.error("root", "nothing, or a path that begins with / and ends otherwise", root)
    alias = Alias(load_hosts(table), root, table.text("source"))
    table.done()
    return alias


def said_of(host: str, table: Mapping[str, T]) -> T | None:
    """What `table` says of `host`, which is in lower case: by its name, or by a pattern."""
    said = table.get(host)
    return table.get(f"*.{host.partition('.')[2]}") if said is None else said
