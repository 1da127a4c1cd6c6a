"""A model as its file describes it: what it takes, gives, prints, costs, and how long it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from re import compile as pattern
from typing import Final

from mockserver.library.strict import Table, json_table


_VERSION_ID: Final = pattern(r"[0-9a-f]{64}")


class OutputKind(StrEnum):
    """Whether the output is one address or a list of them."""

    FILE = "file"
    FILES = "files"


MATCH_POLICIES: Final = ("kontext17", "fit1440")
"""How a picture is sized after its input: the nearest of a table, or fitted into 1440 by 1440."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a model starts and runs."""

    boot_ms: int
    run_ms: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """Text that a run prints when it is `at` (0 to 1) of its way; may hold {seed}, {outputs}."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Conditional:
    """A rule that depends on another input: if `when` holds, `then` must; on only if `default`."""

    name: str
    default: bool
    when: Mapping[str, object] = field(hash=False)
    then: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Model:
    """A model; `version` is what predictions show, `version_id` what a caller may ask for."""

    owner: str
    name: str
    version: str
    version_id: str
    title: str
    description: str
    input_schema: Mapping[str, object] = field(hash=False, repr=False)
    output_schema: Mapping[str, object] = field(hash=False, repr=False)
    output_kind: OutputKind
    timing: Timing
    price_usd_per_output: Decimal
    log: tuple[LogLine, ...]
    pixel_sizes: Mapping[str, tuple[int, int]] = field(hash=False, repr=False)
    match_policy: str
    output_name: str
    nsfw_error: str
    conditional: Conditional | None = None
    file_inputs: tuple[str, ...] = field(init=False)
    """The inputs that take the address of a file, in the order callers see them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "file_inputs", tuple(_file_inputs(self.input_schema)))

    @property
    def full_name(self) -> str:
        """`owner/name`, as predictions show it."""
        return f"{self.owner}/{self.name}"

    def default(self, name: str) -> object:
        """What the input `name` is where the caller leaves it out; None if that is not said."""
        properties = self.input_schema.get("properties")
        described = properties.get(name) if isinstance(properties, Mapping) else None
        return described.get("default") if isinstance(described, Mapping) else None

    @property
    def version_names(self) -> tuple[str, str, str]:
        """The three ways to ask for it as a version."""
        return (self.full_name, f"{self.full_name}:{self.version_id}", self.version_id)


def _file_inputs(input_schema: Mapping[str, object]) -> list[str]:
    properties = input_schema.get("properties")
    described = properties.items() if isinstance(properties, Mapping) else ()
    found = [(one["x-order"], name) for name, one in described if one.get("format") == "uri"]
    return [name for _, name in sorted(found)]


def load_model(path: Path) -> Model:
    """The model described by the JSON file at `path`; `LibraryError` if the file is not right."""
    table = json_table(path)
    owner, name = _names(table)
    table.skip(
        "$schema",
        "x-source",
        "x-version-source",
        "x-log-source",
        "x-size-source",
        "x-output-name-source",
        "x-nsfw-error-source",
    )
    output = table.raw("Output")
    model = Model(
        owner=owner,
        name=name,
        version=table.text("version"),
        version_id=_version_id(table),
        title=table.text("title"),
        description=table.text("description"),
        input_schema=table.raw("Input"),
        output_schema=output,
        output_kind=_output_kind(table, output),
        timing=_timing(table.table("x-timing")),
        price_usd_per_output=_price(table.table("x-price")),
        log=log_lines(table, "x-log"),
        pixel_sizes=_pixel_sizes(table.table("x-pixel-sizes")),
        match_policy=table.one_of("x-match-policy", MATCH_POLICIES),
        output_name=_output_name(table),
        nsfw_error=table.text("x-nsfw-error"),
        conditional=_conditional(table) if table.has("x-conditional") else None,
    )
    table.done()
    return model


def log_lines(table: Table, key: str) -> tuple[LogLine, ...]:
    """The log lines listed at `key`, which follow each other in time."""
    lines = tuple(_log_line(line) for line in table.tables(key))
    for before, after in pairwise(lines):
        if after.at < before.at:
            raise table.error(key, f"lines in order, the next at {before.at} or later", after.at)
    return lines


def _log_line(table: Table) -> LogLine:
    at, text = table.number("at"), table.text("text")
    if not 0 <= at <= 1:
        raise table.error("at", "a part of the run, from 0 to 1", at)
    table.done()
    return LogLine(at, text)


def _names(table: Table) -> tuple[str, str]:
    """Owner and name; they must be those of the path, by which the model is found."""
    expected = f"{table.file.parent.name}/{table.file.stem}"
    seen = table.text("model")
    if seen != expected:
        raise table.error("model", f"{expected!r}, as the path says", seen)
    return table.file.parent.name, table.file.stem


def _version_id(table: Table) -> str:
    seen = table.text("version_id")
    if not _VERSION_ID.fullmatch(seen):
        raise table.error("version_id", "64 hex digits", seen)
    return seen


def _output_kind(table: Table, output: Mapping[str, object]) -> OutputKind:
    match output:
        case {"type": "string", "format": "uri"}:
            return OutputKind.FILE
        case {"type": "array", "items": {"type": "string", "format": "uri"}}:
            return OutputKind.FILES
        case _:
            raise table.error("Output", "a uri, or an array of uris", output)


def _timing(table: Table) -> Timing:
    table.skip("source")
    timing = Timing(table.integer("boot_ms"), table.integer("run_ms"))
    if timing.boot_ms < 0 or timing.run_ms < 0:
        raise table.error("", "times of 0 ms or more", timing)
    table.done()
    return timing


def _price(table: Table) -> Decimal:
    table.skip("source")
    # By way of text: 0.04 in the file is exactly 0.04 USD, not the nearest binary fraction.
    price = Decimal(str(table.number("usd_per_output")))
    table.done()
    return price


def _pixel_sizes(table: Table) -> Mapping[str, tuple[int, int]]:
    return {key: _size(table, key) for key in table}


def _size(table: Table, key: str) -> tuple[int, int]:
    match table.value(key):
        case [int(width), int(height)] if width > 0 and height > 0:
            return (width, height)
        case seen:
            raise table.error(key, "[width, height] in pixels", seen)


def _output_name(table: Table) -> str:
    name = table.text("x-output-name")
    try:
        name.format(hash="", index=0, ext="")
    except (KeyError, IndexError, ValueError) as broken:
        raise table.error("x-output-name", "a text with {hash}, {index}, {ext}", name) from broken
    return name


def _conditional(table: Table) -> Conditional:
    inner = table.table("x-conditional")
    inner.skip("x-source")
    found = Conditional(
        name=inner.text("name"),
        default=inner.flag("default"),
        when=inner.raw("if"),
        then=inner.raw("then"),
    )
    inner.done()
    return found
