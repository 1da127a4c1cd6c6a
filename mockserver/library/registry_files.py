"""The files and documents that give an account its content, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from re import compile as pattern
from types import MappingProxyType
from typing import Any, Final, TypeVar

from mockserver.core.timeline import Status
from mockserver.core.timestamps import parse_timestamp
from mockserver.library.errors import LibraryError
from mockserver.library.model_files import read_model
from mockserver.library.models import Model
from mockserver.library.registry import (
    Account,
    Card,
    Collection,
    Content,
    Deployment,
    GivenFile,
    Hardware,
    Page,
    Run,
)
from mockserver.library.strict import Table, json_value


T = TypeVar("T")

ACCOUNT_TYPES: Final = ("organization", "user")
VISIBILITIES: Final = ("public", "private")
SOURCES: Final = ("api", "web")
_ID: Final = pattern(r"[A-Za-z0-9_-]{1,64}")
_FULL_NAME: Final = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


def content_of_folder(folder: Path) -> Content:
    """What the files of `folder` give. Raises `LibraryError` naming the file and the key."""
    if not folder.is_dir():
        raise LibraryError(f"{folder}: there is no such folder")
    found = dict(_sections_of(folder))
    files = tuple(
        GivenFile(path.name, path) for path in sorted(folder.glob("files/*")) if path.is_file()
    )
    return Content(**found, files=files)


def content_of_document(values: object, name: str = "data") -> Content:
    """What one JSON document gives. Raises `LibraryError` naming the key."""
    table = Table(values, Path(name))
    found = {key: _SECTIONS[key](table, key) for key in table if key in _SECTIONS}
    table.done()
    return Content(**found)


def _sections_of(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        read = _SECTIONS.get(path.stem)
        if read is None or path.stem == "models":
            known = ", ".join(f"{name}.json" for name in sorted(_SECTIONS) if name != "models")
            raise LibraryError(f"{path}: no file of a data folder is called so (known: {known})")
        value = json_value(path)
        # A page as the API answers it may be kept as it came.
        listed = value.get("results", value) if isinstance(value, dict) else value
        yield path.stem, read(Table({path.stem: listed}, path), path.stem)


def _maybe(table: Table, key: str) -> str | None:
    """The text at `key`; None if there is none, or null."""
    return None if table.value(key, None) is None else table.text(key)


def _instant(table: Table, key: str) -> int:
    seen = table.text(key)
    try:
        return parse_timestamp(seen)
    except ValueError:
        raise table.error(key, "an instant like 2026-01-01T00:00:00Z", seen) from None


def _maybe_instant(table: Table, key: str) -> int | None:
    return None if table.value(key, None) is None else _instant(table, key)


def _full_name(table: Table, key: str) -> str:
    seen = table.text(key)
    if not _FULL_NAME.fullmatch(seen):
        raise table.error(key, "owner/name", seen)
    return seen


def _account(root: Table, key: str) -> Account:
    table = root.table(key)
    account = Account(
        type=table.one_of("type", ACCOUNT_TYPES),
        username=table.text("username"),
        name=_maybe(table, "name"),
        github_url=_maybe(table, "github_url"),
        avatar_url=_maybe(table, "avatar_url"),
    )
    table.done()
    return account


def _hardware(table: Table) -> Hardware:
    return Hardware(sku=table.text("sku"), name=table.text("name"))


def _page(table: Table) -> Page:
    return Page(name=table.text("name"), href=table.text("href"))


def _cards(root: Table, key: str) -> Mapping[str, Card]:
    table = root.table(key)
    table.skip("x-source")
    return {name: _card(table.table(name)) for name in table if name != "x-source"}


def _card(table: Table) -> Card:
    texts = ("description", "github_url", "paper_url", "weights_url", "license_url", "readme")
    card = Card(
        visibility=table.one_of("visibility", VISIBILITIES)
        if table.has("visibility")
        else "public",
        run_count=table.integer("run_count", 0),
        cog_version=table.text("cog_version", ""),
        created_at_ms=_instant(table, "created_at"),
        tags=table.texts("tags", ()),
        cover_image_url=_maybe(table, "cover_image_url"),
        **{name: _maybe(table, name) for name in texts},
    )
    table.done()
    return card


def _collection(table: Table) -> Collection:
    return Collection(
        slug=table.text("slug"),
        name=table.text("name"),
        description=table.text("description"),
        full_description=_maybe(table, "full_description"),
        models=table.texts("models"),
    )


def _deployment(table: Table) -> Deployment:
    release = table.table("current_release")
    release.skip("created_by")
    configuration = release.table("configuration")
    deployment = Deployment(
        owner=table.text("owner"),
        name=table.text("name"),
        number=release.integer("number"),
        model=_full_name(release, "model"),
        version=release.text("version"),
        created_at_ms=_instant(release, "created_at"),
        hardware=configuration.text("hardware"),
        min_instances=configuration.integer("min_instances"),
        max_instances=configuration.integer("max_instances"),
    )
    configuration.done()
    release.done()
    return deployment


def _model(table: Table) -> Model:
    owner, _, name = _full_name(table, "model").partition("/")
    # A model's file is found by its name, and errors in a document are told in the same way.
    return read_model(Table({key: table.value(key) for key in table}, Path(owner, f"{name}.json")))


def _run(table: Table) -> Run:
    table.skip("urls", "deadline", "webhook", "webhook_completed", "webhook_events_filter")
    status = Status(table.one_of("status", tuple(Status)))
    completed = _maybe_instant(table, "completed_at")
    if (completed is not None) != (status not in {Status.STARTING, Status.PROCESSING}):
        raise table.error("completed_at", f"what goes with status {status.value!r}", completed)
    return Run(
        id=_run_id(table),
        model=_full_name(table, "model"),
        version=table.text("version"),
        status=status,
        created_at_ms=_instant(table, "created_at"),
        started_at_ms=_maybe_instant(table, "started_at"),
        completed_at_ms=completed,
        input=table.raw("input"),
        output=table.value("output", None),
        error=_maybe(table, "error"),
        logs=_maybe(table, "logs") or "",
        metrics=table.raw("metrics") if table.value("metrics", None) is not None else {},
        data_removed=table.flag("data_removed") if table.has("data_removed") else False,
        source=table.one_of("source", SOURCES) if table.has("source") else "api",
        deployment=_maybe(table, "deployment") or "",
        destination=_maybe(table, "destination") or "",
    )


def _run_id(table: Table) -> str:
    seen = table.text("id")
    if not _ID.fullmatch(seen):
        raise table.error("id", "1 to 64 letters, digits, - or _", seen)
    return seen


def _each(read: Callable[[Table], T]) -> Callable[[Table, str], tuple[T, ...]]:
    """Reads a list whose entries `read` reads; a key that it does not ask for is an error."""

    def entries(root: Table, key: str) -> Iterator[T]:
        for table in root.tables(key):
            yield read(table)
            table.done()

    return lambda root, key: tuple(entries(root, key))


_SECTIONS: Final[Mapping[str, Callable[[Table, str], Any]]] = MappingProxyType(
    {
        "account": _account,
        "hardware": _each(_hardware),
        "cards": _cards,
        "models": _each(_model),
        "collections": _each(_collection),
        "pages": _each(_page),
        "deployments": _each(_deployment),
        "predictions": _each(_run),
        "trainings": _each(_run),
    }
)
SECTIONS: Final = tuple(_SECTIONS)
"""What a data document may hold, and, as `<section>.json`, a data folder."""
