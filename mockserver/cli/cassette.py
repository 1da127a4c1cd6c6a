"""`mockserver cassette`: look at recordings, clean them, compare them, judge them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.convert import convert
from mockserver.cli.options import catalogue
from mockserver.cli.output import Failure, cell, data_needed, document, json_option, say
from mockserver.cli.tapes import FILE, FOLDER, known_secrets, written_safely


if TYPE_CHECKING:
    from mockserver.contract.cassettes.distil import Distilled
    from mockserver.contract.cassettes.leaks import Leak
    from mockserver.contract.cassettes.sights import Seen
    from mockserver.core.cassette import Cassette
    from mockserver.library.catalogue import Catalogue

FOUND: Final = 1
_WIDEST: Final = 160

_outputs = click.option(
    "--outputs", type=FOLDER, metavar="DIR", help="Its side files, if not beside it."
)
_file = click.argument("path", type=FILE)


@click.group()
def cassette() -> None:
    """Look at recordings, clean them, compare them, judge them."""


cassette.add_command(convert)


@cassette.command()
@_file
@_outputs
@click.pass_context
def show(ctx: click.Context, path: Path, outputs: Path | None) -> None:
    """Draw the lives on the cassette at PATH, and list its interactions."""
    from mockserver.contract.cassettes.drawing import drawn

    with data_needed():
        told = _clean(path, outputs)
        roles = _roles(told, catalogue(ctx))
    for line in drawn(told, roles):
        click.echo(cell(line, _WIDEST))


@cassette.command()
@_file
@_outputs
@click.pass_context
def validate(ctx: click.Context, path: Path, outputs: Path | None) -> None:
    """Hold the cassette at PATH against its schema, and its lives against the transition table.

    Exit code 1: it is none, and the lines say where.
    """
    from mockserver.library.cassettes.reading import NotACassette

    with data_needed():
        try:
            told = _loaded(path, outputs)
        except NotACassette as reason:
            say(str(reason))
            ctx.exit(FOUND)
        read = _distilled(told, catalogue(ctx))
    for line in _remarks(told, read):
        say(line)
    click.echo(f"{path}: {len(told.recorded)} interactions, {len(told.jobs)} lives")


@cassette.command()
@_file
@_outputs
@click.option("--secret", "secrets", multiple=True, help="What must not be kept; again for more.")
@click.option("--canary", "canaries", multiple=True, help="Write nothing if this is in it.")
@click.option("--to", type=FILE, metavar="FILE", help="Write there, not in its place.")
@click.pass_context
def redact(
    ctx: click.Context,
    *,
    path: Path,
    outputs: Path | None,
    secrets: tuple[str, ...],
    canaries: tuple[str, ...],
    to: Path | None,
) -> None:
    """Take secrets out of the cassette at PATH; exit code 4 where one cannot be taken out."""
    from mockserver.contract.cassettes.keeping import keep, ready
    from mockserver.library.cassettes.files import outputs_of

    with written_safely():
        told = _loaded(path, outputs)
        profile = catalogue(ctx).gateway(told.gateway)
        clean = ready(told, profile, (*secrets, *known_secrets(os.environ)))
        aside = any(one.side_file for one in told.recorded)
        place = to or path
        folder = (outputs or outputs_of(place)) if aside else None
        keep(place, clean, folder, canaries)
    say(f"wrote {place}" if clean != told else f"{place}: there was nothing to take out")


@cassette.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--canary", "canaries", multiple=True, help="Seek this as well; again for more.")
@json_option
@click.pass_context
def scan(
    ctx: click.Context, paths: tuple[Path, ...], canaries: tuple[str, ...], *, as_json: bool
) -> None:
    """Look for secrets in files and folders, in any encoding. Exit code 1: there are some."""
    from mockserver.contract.cassettes.leaks import leaks
    from mockserver.library.cassettes.files import read

    found: list[tuple[str, Leak]] = []
    files = list(_files(paths))
    for path in files:
        with data_needed():
            found.extend((str(path), leak) for leak in leaks(read(path), canaries))
    if as_json:
        document([{"file": name, **asdict(leak)} for name, leak in found])
    else:
        for name, leak in found:
            click.echo(f"{name}: {leak}")
    say(f"{len(found)} found in {len(files)} files")
    ctx.exit(FOUND if found else 0)


@cassette.command()
@click.argument("a", type=FILE)
@click.argument("b", type=FILE)
@json_option
@click.pass_context
def diff(ctx: click.Context, a: Path, b: Path, *, as_json: bool) -> None:
    """Say what the gateway on B answers otherwise than the one on A. Exit code 1: something."""
    from mockserver.contract.cassettes.differing import Side, drifts

    with data_needed():
        sides = []
        for path in (a, b):
            told = _clean(path, None)
            sides.append(Side(told, _roles(told, catalogue(ctx))))
    found = list(drifts(*sides))
    if as_json:
        document([asdict(one) for one in found])
    else:
        for one in found:
            click.echo(cell(str(one), _WIDEST))
    say(f"{len(found)} differences")
    ctx.exit(FOUND if found else 0)


@cassette.command()
@_file
@_outputs
@json_option
@click.pass_context
def check(ctx: click.Context, path: Path, outputs: Path | None, *, as_json: bool) -> None:
    """Judge the recording at PATH by the rules that `mockserver check` judges a gateway by.

    Exit code 1: findings. 2: there was nothing to judge.
    """
    from mockserver.contract.cassettes.checking import checked
    from mockserver.contract.finding import told as lines

    data = catalogue(ctx)
    with data_needed():
        kept = _clean(path, outputs)
        verdict = checked(kept, _roles(kept, data), data)
    if not kept.recorded:
        raise Failure(f"{path}: nothing is on it")
    if as_json:
        document([asdict(one) for one in verdict.findings])
    elif verdict.findings:
        click.echo("\n".join(lines(verdict.findings, len(verdict.findings))))
    for name, one in verdict.declared:
        say(f"declared: {one.code} ({name})")
    say(f"{len(verdict.findings)} found in {len(kept.recorded)} interactions")
    ctx.exit(FOUND if verdict.findings else 0)


def _loaded(path: Path, outputs: Path | None) -> Cassette:
    from mockserver.library.cassettes.files import load

    return load(path, outputs)


def _clean(path: Path, outputs: Path | None) -> Cassette:
    """The cassette as it may be shown: somebody may have made it without us."""
    from mockserver.contract.cassettes.redacting import redacted

    return redacted(_loaded(path, outputs))


def _roles(told: Cassette, data: Catalogue) -> tuple[Seen, ...]:
    from mockserver.contract.cassettes.distil import roles_of

    return roles_of(told, data.gateway(told.gateway))


def _distilled(told: Cassette, data: Catalogue) -> Distilled:
    from mockserver.contract.cassettes.distil import distilled

    return distilled(told, data.gateway(told.gateway))


def _remarks(told: Cassette, read: Distilled) -> Iterator[str]:
    """What is not wrong, but worth knowing."""
    for prediction_id, why in read.odd.items():
        yield f"{prediction_id}: its life cannot be told: {why}"
    known = {job.id: job for job in read.jobs}
    for job in told.jobs:
        if known.get(job.id) != job:
            yield f"{job.id}: its timeline is not the one that its interactions tell of"
        if not job.ended:
            yield f"{job.id}: it was not seen to end"


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files, and those in the folders; what a version control keeps for itself is left out."""
    for path in paths:
        if path.is_dir():
            found = (one for one in sorted(path.rglob("*")) if ".git" not in one.parts)
            yield from (one for one in found if one.is_file() and not one.is_symlink())
        else:
            yield path
