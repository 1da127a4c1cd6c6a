"""`mockserver doctor`: whether this machine has what mockserver needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.options import shared
from mockserver.cli.output import document, json_option, say


if TYPE_CHECKING:
    from mockserver.cli.checks import Finding

_MARKS: Final = {"ok": "✔", "warning": "!", "broken": "✘"}


@click.command()
@shared("host", "port")
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, host: str, port: int, as_json: bool) -> None:
    """Check what mockserver needs, and say how to mend it; exit 1 if something is broken."""
    from mockserver.cli.checks import findings

    found = findings(host, port)
    if as_json:
        document([{name: getattr(it, name) for name in it.__match_args__} for it in found])
    else:
        click.echo("\n".join(_line(finding) for finding in found))
    broken = sum(finding.level == "broken" for finding in found)
    say(f"\n{broken} broken." if broken else "\nNothing is broken.")
    ctx.exit(1 if broken else 0)


def _line(finding: Finding) -> str:
    fix = f"\n    {finding.fix}" if finding.fix else ""
    return f"{_MARKS[finding.level]} {finding.name}: {finding.says}{fix}"
