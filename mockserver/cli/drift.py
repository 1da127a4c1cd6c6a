"""`mockserver drift`: where recorded reality and what we say of a gateway disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.options import catalogue
from mockserver.cli.output import Failure, data_needed, document, json_option, say
from mockserver.cli.tapes import FOLDER


if TYPE_CHECKING:
    from mockserver.contract.judge import Verdict
    from mockserver.library.catalogue import Catalogue

FOUND: Final = 1


@click.command(short_help="Hold recordings against the schemas and profiles.")
@click.option("--cassettes", type=FOLDER, required=True, metavar="DIR", help="Where they are.")
@click.option("--gateway", default="", help="Whose profile they are held against, if not theirs.")
@json_option
@click.pass_context
def drift(ctx: click.Context, *, cassettes: Path, gateway: str, as_json: bool) -> None:
    """Judge every cassette in a folder by the schemas and the profile of its gateway.

    Each finding is a place where reality, as it was recorded, is not what we say it is.
    Exit code 1: there are some. 2: there was nothing to judge.
    """
    from mockserver.contract.finding import told

    with data_needed():
        judged = dict(_judged(cassettes, gateway, catalogue(ctx)))
    if not judged:
        raise Failure(f"{cassettes}: there is no cassette in it")
    found = {path: one.findings for path, one in judged.items() if one.findings}
    if as_json:
        document({str(path): list(map(asdict, one)) for path, one in found.items()})
    else:
        for path, findings in found.items():
            click.echo("\n".join((f"{path}:", *told(findings, len(findings)))))
    say(f"{len(judged)} cassettes, {sum(map(len, found.values()))} findings")
    ctx.exit(FOUND if found else 0)


def _judged(folder: Path, gateway: str, data: Catalogue) -> Iterator[tuple[Path, Verdict]]:
    """What each recording comes to; what is no cassette at all is passed over."""
    from mockserver.contract.cassettes.checking import checked
    from mockserver.contract.cassettes.distil import roles_of
    from mockserver.contract.cassettes.redacting import redacted
    from mockserver.library.cassettes.files import is_claimed, load

    for path in sorted(folder.rglob("*.json")):
        if not is_claimed(path):
            continue
        told = redacted(load(path))
        if gateway:
            told = replace(told, gateway=gateway)
        yield path, checked(told, roles_of(told, data.gateway(told.gateway)), data)
