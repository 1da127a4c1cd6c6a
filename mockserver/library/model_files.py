"""A model read from its file, each key checked; `schemas add` writes such files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from re import compile as pattern
from typing import Final, TypedDict

from mockserver.library.models import (
    MATCH_POLICIES,
    Conditional,
    LogLine,
    Medium,
    Model,
    OutputKind,
    Timing,
    Wording,
)
from mockserver.library.strict import Table, json_table


_VERSION_ID: Final = pattern(r"[0-9a-f]{64}")


def load_model(path: Path) -> Model:
    """The model described by the JSON file at `path`; `LibraryError` if the file is not right."""
    return read_model(json_table(path))


def read_model(table: Table) -> Model:
    """The model that `table` describes, which is or will be kept at `table.file`."""
    owner, name = _names(table)
    table.skip("$schema", *(f"x-{what}source" for what in _SOURCED))
    output = table.raw("Output")
    kind = _output_kind(table, output)
    medium = _medium(table, kind)
    model = Model(
        owner=owner,
        name=name,
        version=table.text("version"),
        version_id=_version_id(table),
        title=table.text("title"),
        description=table.text("description"),
        input_schema=table.raw("Input"),
        output_schema=output,
        output_kind=kind,
        timing=_timing(table.table("x-timing")),
        price_usd_per_output=_price(table.table("x-price")),
        log=log_lines(table, "x-log"),
        nsfw_error=table.text("x-nsfw-error"),
        conditional=_conditional(table) if table.has("x-conditional") else None,
        wording=_wording(table.table("x-text")) if table.has("x-text") else Wording(),
        input_decides_size=table.has("x-input-decides-size")
        and table.flag("x-input-decides-size"),
        medium=medium,
        **_looks(table, sized=medium is Medium.IMAGE),
    )
    table.done()
    return model


_SOURCED: Final = (
    *("", "version-", "log-", "size-", "output-", "output-name-", "nsfw-error-", "text-"),
)


class _Looks(TypedDict):
    """How its files are called, and how large its pictures are."""

    pixel_sizes: Mapping[str, tuple[int, int]]
    match_policy: str
    output_name: str


def _looks(table: Table, *, sized: bool) -> _Looks:
    """Sizes stand in the files of models that make pictures."""
    named = table.has("x-output-name")
    return {
        "pixel_sizes": _pixel_sizes(table.table("x-pixel-sizes")) if sized else {},
        "match_policy": table.one_of("x-match-policy", MATCH_POLICIES) if sized else "fit1440",
        "output_name": _output_name(table) if sized or named else "output.{ext}",
    }


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
        case {"type": "string"}:
            return OutputKind.TEXT
        case {"type": "array", "items": {"type": "string"}}:
            return OutputKind.CHUNKS
        case {}:
            return OutputKind.JSON
    raise table.error("Output", "a JSON Schema", output)


def _medium(table: Table, kind: OutputKind) -> Medium:
    if kind in {OutputKind.FILE, OutputKind.FILES}:
        asked = table.has("x-medium")
        return Medium(table.one_of("x-medium", tuple(Medium))) if asked else Medium.IMAGE
    return Medium.TEXT


def _wording(table: Table) -> Wording:
    table.skip("source")
    usual = Wording()
    wording = Wording(table.integer("tokens", usual.tokens), table.text("template", ""))
    if wording.tokens < 1:
        raise table.error("tokens", "1 or more", wording.tokens)
    table.done()
    return wording


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
