"""`mockserver cassette convert`: recordings of other tools, to ours and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.options import catalogue
from mockserver.cli.output import Failure, say
from mockserver.cli.tapes import FILE, known_secrets, written_safely


if TYPE_CHECKING:
    from mockserver.core.cassette import Cassette

_FORMATS: Final = {".json": "ours", ".yaml": "vcr", ".yml": "vcr", ".har": "har"}


@click.command(short_help="From and to VCR's YAML and HAR.")
@click.argument("source", type=FILE)
@click.argument("to", type=FILE)
@click.option("--gateway", default="", help="Whose profile it is read by, if it does not say.")
@click.option("--secret", "secrets", multiple=True, help="What must not be kept; again for more.")
@click.pass_context
def convert(
    ctx: click.Context, source: Path, to: Path, *, gateway: str, secrets: tuple[str, ...]
) -> None:
    """Write the recording at SOURCE to TO, in the format that its name says.

    .json is ours, .yaml and .yml VCR's, .har an HTTP archive 1.2. Secrets are taken out, and lives
    distilled, whatever the format. Exit code 4: a secret would have been written.
    """
    from dataclasses import replace

    from mockserver.contract.cassettes.keeping import keep, ready

    data = catalogue(ctx)
    with written_safely():
        told = _read(source)
        if gateway:
            told = replace(told, gateway=gateway)
        clean = ready(told, data.gateway(told.gateway), (*secrets, *known_secrets(os.environ)))
        if _format(to) == "ours":
            keep(to, clean)
        else:
            _write(to, clean)
    say(f"wrote {to}: {len(clean.recorded)} interactions, {len(clean.jobs)} lives")


def _format(path: Path) -> str:
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        known = ", ".join(_FORMATS)
        raise Failure(f"{path}: expected a name that ends in one of {known}")
    return found


def _read(path: Path) -> Cassette:
    from mockserver.contract.cassettes.har import cassette_of_har
    from mockserver.contract.cassettes.vcr import cassette_of_vcr
    from mockserver.library.cassettes.files import load

    match _format(path):
        case "vcr":
            return cassette_of_vcr(path.read_bytes(), str(path))
        case "har":
            return cassette_of_har(path.read_bytes(), str(path))
        case _:
            return load(path)


def _write(path: Path, told: Cassette) -> None:
    """Write what is not our own format, looked through as that is. Raises `Leaking`."""
    from mockserver.contract.cassettes.har import har_of
    from mockserver.contract.cassettes.keeping import refuse_leaks
    from mockserver.contract.cassettes.vcr import vcr_of
    from mockserver.library.cassettes.files import write

    data = har_of(told) if _format(path) == "har" else vcr_of(told)
    refuse_leaks(path, [data])
    write(path, data)
