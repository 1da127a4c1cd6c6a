"""How the API was at an earlier date: the changes since then, read from `evolution.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from re import fullmatch
from typing import Final, TypeVar

from mockserver.library.gateways import Serializer
from mockserver.library.strict import Table, toml_table


T = TypeVar("T")

OBJECTS: Final = ("prediction", "training", "model")
"""What a member can be one of."""
_DATE: Final = r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?"


@dataclass(frozen=True, slots=True)
class Member:
    """A member that was not there; one of an inner object is named behind a dot.

    `form` None means both forms. With `statuses` it was missing as long as it was null in one of
    them.
    """

    of: str
    name: str
    form: Serializer | None
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a member that was told as another."""

    of: str
    member: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Evolution:
    """Everything that was otherwise at a date; operations are `METHOD /path/{parameter}`.

    `parameters` were ignored, by operation; so were `headers`. `created` is the status of a create
    call, None where it is that of today.
    """

    operations: frozenset[str]
    parameters: Mapping[str, frozenset[str]] = field(hash=False)
    headers: frozenset[str]
    created: int | None
    members: tuple[Member, ...]
    values: tuple[Value, ...]


def api_date(text: str) -> date:
    """The day that `text` names; a month stands for its first. Raises `ValueError`."""
    if not fullmatch(_DATE, text):
        raise ValueError(f"expected YYYY-MM or YYYY-MM-DD, seen {text!r}")
    day = text if text.count("-") > 1 else f"{text}-01"
    try:
        return date.fromisoformat(day)
    except ValueError as reason:
        raise ValueError(f"expected a day that there is, seen {text!r}: {reason}") from None


def load_evolution(path: Path, on: date) -> Evolution:
    """What the file at `path` says was otherwise `on` that day; `LibraryError` if broken."""
    table = toml_table(path)
    created = _later(table, "created", on, lambda row: row.integer("before"))
    evolution = Evolution(
        operations=frozenset(
            name
            for names in _later(table, "operations", on, lambda row: row.texts("names"))
            for name in names
        ),
        parameters=_parameters(table, on),
        headers=frozenset(
            name
            for names in _later(table, "headers", on, lambda row: row.texts("names"))
            for name in names
        ),
        # The first of the changes to come tells how it was until then.
        created=created[-1] if created else None,
        members=_later(table, "members", on, _member),
        values=_later(table, "values", on, _value),
    )
    table.done()
    return evolution


def _later(table: Table, key: str, on: date, read: Callable[[Table], T]) -> tuple[T, ...]:
    """What the rows of `key` say that are younger than `on`, the youngest first."""
    found: list[tuple[date, T]] = []
    for row in table.tables(key):
        since = _since(row)
        row.skip("source")
        told = read(row)
        row.done()
        if since > on:
            found.append((since, told))
    return tuple(told for _, told in sorted(found, key=lambda one: one[0], reverse=True))


def _since(row: Table) -> date:
    text = row.text("since")
    try:
        return api_date(text)
    except ValueError:
        raise row.error("since", "a date", text) from None


def _parameters(table: Table, on: date) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for operation, names in _later(
        table, "parameters", on, lambda row: (row.text("operation"), row.texts("names"))
    ):
        found[operation] = found.get(operation, frozenset()) | set(names)
    return found


def _member(row: Table) -> Member:
    return Member(
        of=row.one_of("of", OBJECTS),
        name=row.text("name"),
        form=Serializer(row.one_of("form", tuple(Serializer))) if row.has("form") else None,
        statuses=row.texts("statuses", ()),
    )


def _value(row: Table) -> Value:
    return Value(
        of=row.one_of("of", OBJECTS),
        member=row.text("member"),
        now=row.text("now"),
        before=row.text("before"),
    )
