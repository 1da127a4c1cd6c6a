"""`mockserver schemas derive`: a model, a profile and fixtures, made of a gateway's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from re import compile as pattern
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.derive_check import check_against
from mockserver.cli.output import counted, data_needed, document, json_option, say
from mockserver.cli.pages import STDIN, documents_argument, opened
from mockserver.cli.values import full_name, public_url
from mockserver.cli.writing import write_all


if TYPE_CHECKING:
    from mockserver.contract.documents.drafts import Draft


_GATEWAY: Final = pattern(r"[a-z0-9][a-z0-9-]*")


def _gateway(_ctx: click.Context, _option: click.Parameter, name: str) -> str:
    if name and not _GATEWAY.fullmatch(name):
        raise click.BadParameter(f"{name!r} is not a name such as my-gateway")
    return name


def _day(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a day such as 2026-11-20") from None


@click.command()
@documents_argument
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("derived"),
    show_default=True,
    metavar="DIR",
    help="Where the files are written; `serve --data DIR` serves them.",
)
@click.option(
    "--check",
    "kept",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write nothing; say where the files kept in DIR and the documents differ.",
)
@click.option(
    "--gateway",
    default="",
    callback=_gateway,
    metavar="NAME",
    help="What the gateway is called, if not as known, or after its host.",
)
@click.option(
    "--model", default="", callback=full_name, metavar="OWNER/NAME", help="If no DOC names it."
)
@click.option(
    "--origin",
    default="",
    callback=public_url,
    metavar="URL",
    help="Where the gateway is, if no DOC says it.",
)
@click.option(
    "--read",
    "day",
    default="",
    callback=_day,
    metavar="DATE",
    help="When each DOC was read; by default, when its file was saved.",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
def derive(
    *,
    documents: tuple[str, ...],
    output: Path,
    kept: Path | None,
    day: str,
    force: bool,
    as_json: bool,
    **named: str,
) -> None:
    """Derive a model, a gateway's profile and fixtures from its pages.

    Each DOC is read as `schemas lint` reads it. What is written says of every fact in which line
    of which document it stands; what no document says is marked assumed. Documents of one gateway
    belong into one call. Exit 0: derived, 1: --check found differences, 2: it could not be done.
    """
    with data_needed():
        from mockserver.contract.documents.drafts import draft, files, place_of
        from mockserver.library.catalogue import Catalogue
        from mockserver.library.deriving.told import About
        from mockserver.library.documents.reading import read_page, text_of

        pages = {path: opened(path) for path in documents}
        texts = {name: text_of(content, name) for content, name in pages.values()}
        days = {pages[path][1]: day if day or kept else _saved(path) for path in pages}
        read = [read_page(content, name) for content, name in pages.values()]
        drafted = draft(read, About(**named), Catalogue(), days)
        if kept:
            check_against(drafted, kept, as_json=as_json)
            return
        made = files(drafted, texts)
        placed = {place_of(output, path): text for path, text in made.items()}
        written = write_all(placed, force=force)
    if as_json:
        document(_told(drafted, written))
        return
    click.echo("".join(f"{path}\n" for path in written), nl=False)
    say(_summary(drafted, output))


def _saved(path: str) -> str:
    """The day on which a file was saved; of what comes from stdin a person has to tell it."""
    if path == STDIN:
        raise click.UsageError("say with --read DATE when the page on stdin was read")
    return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC).date().isoformat()


def _told(drafted: Draft, written: Iterable[Path]) -> object:
    return {
        "written": [str(path) for path in written],
        "facts": [one.wire() for one in drafted.facts],
        "contradictions": [one.wire() for _, one in drafted.found],
        "disputes": [one.wire() for one in drafted.disputes],
    }


def _summary(drafted: Draft, output: Path) -> str:
    """What came of it, and the command that serves it."""
    facts = list(drafted.facts)
    said = sum(1 for one in facts if not one.drawn.assumed)
    made = [*(one.name for one in drafted.profiles), *(one.path for one in drafted.models)]
    name = drafted.profiles[0].name
    return (
        f"{', '.join(made)}: {counted(said, 'fact')} from "
        f"{counted(len(drafted.documents), 'document')}, {len(facts) - said} assumed, "
        f"{counted(len(drafted.contradictions), 'contradiction')}.\n"
        f"`mockserver serve --data {output} --gateway {name}` serves it."
    )
