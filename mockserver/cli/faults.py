"""`mockserver faults`: what can go wrong on purpose, and what each of it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mockserver.cli.output import data_needed, document, json_option, table


if TYPE_CHECKING:
    from mockserver.library.faults.kinds import Kind


@click.command()
@click.argument("name", required=False)
@json_option
def faults(*, name: str | None, as_json: bool) -> None:
    """List the faults that can be asked for, or tell about NAME: one, a family or a suite."""
    from mockserver.library.faults import catalogue

    with data_needed():
        names = (name,) if name else tuple(catalogue.families())
        found = [member for one in names for member in catalogue.members(one)]
    kinds = [catalogue.kinds()[member.name] for member in found]
    if as_json:
        document([_as_json(kind) for kind in kinds])
    elif len(kinds) == 1:
        click.echo("\n".join(_page(kinds[0])))
    else:
        rows = [
            (str(one), kind.says.partition("\n")[0])
            for one, kind in zip(found, kinds, strict=True)
        ]
        click.echo("\n".join(table(("FAULT", "WHAT GOES WRONG"), rows)))


def _page(kind: Kind) -> Iterator[str]:
    yield from (kind.name, "", kind.says, "")
    yield f"strikes   {', '.join(sorted(kind.on))}, {kind.phase} the request took effect"
    yield f"needs     {kind.needs}"
    for param in kind.params:
        values = ", ".join(param.choices) or f"{param.least} to {param.most}"
        yield f"{param.name:<9} {values} (default: {param.default})"
    if kind.tests:
        yield f"tests     {', '.join(kind.tests)}"
    if kind.aliases:
        yield f"also      {', '.join(kind.aliases)}"


def _as_json(kind: Kind) -> dict[str, object]:
    return {
        "name": kind.name,
        "says": kind.says,
        "on": sorted(kind.on),
        "possible": sorted(kind.possible),
        "phase": kind.phase,
        "needs": kind.needs,
        "params": {
            one.name: {"default": one.default, "choices": one.choices} for one in kind.params
        },
        "tests": kind.tests,
        "aliases": kind.aliases,
    }
