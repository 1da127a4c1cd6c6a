"""Quirks: the named ways in which a gateway differs from upstream."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.library.strict import Table


@dataclass(frozen=True, slots=True)
class Quirk:
    """One named way in which a gateway differs from upstream.

    `fault` plays it at upstream, where the kit finds it as `finding`; with `excused`, here too.
    """

    name: str
    says: str
    documented: bool
    source: str
    finding: str
    fault: str
    excused: bool


def load_quirk(table: Table) -> Quirk:
    """The quirk that a table of a profile describes. Raises `LibraryError`."""
    quirk = Quirk(
        name=table.text("name"),
        says=table.text("says"),
        documented=table.flag("documented"),
        source=table.text("source"),
        finding=table.text("finding", ""),
        fault=table.text("fault", ""),
        excused=table.flag("excused", default=False),
    )
    table.done()
    return quirk
