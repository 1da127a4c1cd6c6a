"""`mockserver schemas`: what is known of models and gateways, to be read by other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.derive import derive
from mockserver.cli.lint import lint
from mockserver.cli.output import data_needed, document, json_option, say, table
from mockserver.cli.values import full_name
from mockserver.cli.writing import write_all


if TYPE_CHECKING:
    from mockserver.library.catalogue import Catalogue


_NEXT_DATA: Final = "`mockserver serve --data {}` serves it"
_NEXT_SHIPPED: Final = "`mockserver schemas export` brings it into the OpenAPI documents"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that can be shown; `text` makes it."""

    name: str
    kind: str
    title: str
    text: Callable[[], str]


@click.group()
def schemas() -> None:
    """List, show, export, derive and lint the JSON Schemas and OpenAPI documents."""


schemas.add_command(lint)
schemas.add_command(derive)


@schemas.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List what `show` takes."""
    with data_needed():
        entries = tuple(_entries())
    if as_json:
        document([{"name": it.name, "kind": it.kind, "title": it.title} for it in entries])
        return
    rows = [(it.name, it.kind, it.title) for it in entries]
    click.echo("\n".join(table(("NAME", "KIND", "TITLE"), rows)))


def _offered(_ctx: click.Context, _argument: click.Parameter, begun: str) -> list[str]:
    """The names that begin so, for a shell that completes them."""
    return [entry.name for entry in _entries() if entry.name.startswith(begun)]


@schemas.command()
@click.argument("name", shell_complete=_offered)
@click.option("--json", "_as_json", is_flag=True, help="As ever: what is shown is JSON.")
def show(*, name: str, _as_json: bool) -> None:
    """Print the document called NAME: a model, a gateway or a part of the API."""
    with data_needed():
        click.echo(_found(name).text(), nl=False)


@schemas.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a document is stale.")
@json_option
def export(*, folder: Path | None, check: bool, as_json: bool) -> None:
    """Write the OpenAPI document of each gateway into FOLDER.

    By default they are written where they are kept, beside the profiles they are made from.
    """
    with data_needed():
        stale = [str(path) for path in _exported(folder, check=check)]
    if as_json:
        document({"stale" if check else "written": stale})
    else:
        click.echo("".join(f"{path}\n" for path in stale), nl=False)
        say(_summary(len(stale), check=check))
    if check and stale:
        click.get_current_context().exit(1)


@schemas.command()
@click.argument("name", metavar="OWNER/NAME", callback=full_name)
@click.option(
    "--openapi",
    "openapi",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The model's OpenAPI document as Cog writes it, or upstream's JSON of the model.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write below DIR/models instead of beside the models that ship.",
)
@click.option("--version-id", default="", help="Its version, 64 hex digits; else as in FILE.")
@click.option("--versioned", is_flag=True, help="It is run by its version, not by its name alone.")
@click.option(
    "--medium", type=click.Choice(["image", "video", "audio"]), help="What is in its files."
)
@click.option("--force", is_flag=True, help="Replace the model's file if there is one.")
@json_option
def add(
    *,
    name: str,
    openapi: Path,
    data: Path | None,
    version_id: str,
    versioned: bool,
    medium: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Add the model OWNER/NAME, described by the OpenAPI document that Cog writes.

    What the document does not say (time, price, logs) is assumed; change it in the file.
    """
    with data_needed():
        from mockserver.library.cog import Import, file_text, model_file
        from mockserver.library.strict import json_value

        about = Import(name, openapi.name, version_id, not versioned, medium or "")
        path = _place(name, data)
        described = model_file(json_value(openapi), about, path)
        write_all({path: file_text(described)}, force=force)
    if as_json:
        document({"written": [str(path)]})
    else:
        click.echo(path)
        say(f"Added {name}; {_NEXT_DATA.format(data) if data else _NEXT_SHIPPED}.")


def _place(name: str, data: Path | None) -> Path:
    """Where the file of the model `name` belongs."""
    from mockserver.library.rooms import room

    return (data or room("schemas")) / "models" / f"{name}.json"


def _exported(folder: Path | None, *, check: bool) -> Iterator[Path]:
    """The documents that were stale; they are written, unless they shall only be checked."""
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.openapi import document_path, document_text

    data = Catalogue()
    for gateway in data.gateways():
        kept = document_path(data, gateway)
        path, text = (folder or kept.parent) / kept.name, document_text(data, gateway)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield path


def _summary(stale: int, *, check: bool) -> str:
    if not stale:
        return "Every document is as it would be made now."
    if check:
        return f"{stale} stale; write them anew with `mockserver schemas export`."
    return f"{stale} written."


def _found(name: str) -> Entry:
    """The entry called `name`, or the only one whose last part is. Raises `UnknownName`."""
    from mockserver.library.errors import unknown_name

    entries = {entry.name: entry for entry in _entries()}
    short = [entry for full, entry in entries.items() if full.rpartition("/")[2] == name]
    if name in entries:
        return entries[name]
    if len(short) != 1:
        raise unknown_name("schema", name, entries)
    return short[0]


def _entries() -> Iterator[Entry]:
    """Everything that can be shown."""
    from mockserver.library.catalogue import Catalogue

    data = Catalogue()
    yield from _models(data)
    yield from _gateways(data)
    yield from _parts(data)


def _models(data: Catalogue) -> Iterator[Entry]:
    for model in data.models():
        path = data.schemas / "models" / f"{model.full_name}.json"
        yield Entry(model.full_name, "model", model.title, partial(_text, path))


def _gateways(data: Catalogue) -> Iterator[Entry]:
    from mockserver.library.openapi import document_text

    for gateway in data.gateways():
        text = partial(document_text, data, gateway)
        yield Entry(gateway.name, "gateway", f"{gateway.title}, OpenAPI document", text)


def _parts(data: Catalogue) -> Iterator[Entry]:
    for path in sorted(data.schemas.glob("*.json")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        title = whole.get("title") or whole.get("info", {}).get("title", "")
        yield Entry(path.name.partition(".")[0], "part", title, partial(_text, path))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
