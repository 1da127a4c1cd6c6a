"""The file of a model, made of what documents say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import compile as pattern
from typing import Any, Final

from mockserver.library.assumed import behaviour, checked, files, has_files, version_id
from mockserver.library.deriving.facts import Dispute, Drawn, Entry
from mockserver.library.deriving.inputs import (
    CONSTRAINTS,
    REQUIRED,
    Input,
    inputs_of,
    required,
    unconditional,
)
from mockserver.library.deriving.outputs import Output, output_of
from mockserver.library.deriving.told import Told


Json = dict[str, Any]

_VERSION: Final = pattern(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """What the file at `path` holds, each fact of it, and what documents dispute."""

    path: str
    described: Json = field(hash=False)
    facts: tuple[Entry, ...]
    disputes: tuple[Dispute, ...]


def model_draft(documents: Sequence[Told]) -> ModelDraft:
    """The model that all the documents are about. Raises `LibraryError` if it can be none."""
    name = documents[0].model
    path = f"models/{name}.json"
    inputs = inputs_of(documents)
    needed, output = required(inputs), output_of(documents, inputs)
    described = {
        **_head(name, documents),
        "Input": {
            "type": "object",
            "title": "Input",
            "required": needed.value,
            "properties": {one.name: _member(one, at) for at, one in enumerate(inputs.values())},
            "x-source": [{"constraint": "required", "from": needed.source}],
        },
        "Output": output.schema,
        "x-output-source": output.source,
        **_conditional(inputs),
        **behaviour(),
    }
    if has_files(output.schema):
        described |= files(described["Input"], str(output.medium or ""))
    facts = tuple(Entry(path, key, drawn) for key, drawn in _facts(inputs, needed, output))
    where = ", ".join(one.page.name for one in documents)
    return ModelDraft(
        path, checked(described, where, Path(path)), facts, tuple(_disputes(path, inputs))
    )


def _head(name: str, documents: Sequence[Told]) -> Json:
    version = _version(documents)
    official = not _VERSION.fullmatch(str(version.value))
    known = version_id(name) if official else version.value
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "model": name,
        "title": name.rpartition("/")[2],
        "description": f"{name}, as told by {' and '.join(_dated(one) for one in documents)}.",
        "x-source": [f"document {_dated(one)}" for one in documents],
        "version": "hidden" if official else known,
        "version_id": known,
        "x-version-source": f"{version.source}; the id is drawn from the name"
        if official
        else version.source,
    }


def _dated(document: Told) -> str:
    """The document's name, and the day on which it says it was changed."""
    day = document.page.modified
    return f"{document.name} ({str(day.value)[:10]})" if day else document.name


def _version(documents: Sequence[Told]) -> Drawn:
    """The version that predictions show."""
    for document in documents:
        for response in document.successes():
            shown = response.body.at("version")
            if shown.text() == "hidden" or _VERSION.fullmatch(shown.text()):
                return Drawn(shown.value, (document.origin(shown.place),))
    return Drawn("hidden", (), "a model that is run by its name hides its version")


def _member(one: Input, order: int) -> Json:
    """An input as the model's file describes it."""
    drawn = {word: found for word in CONSTRAINTS if (found := one.said.drawn(word))}
    described: Json = {word: drawn[word].value for word in drawn if word == "type"}
    described["title"] = one.name.replace("_", " ").title()
    if one.text:
        described["description"] = one.text
    described |= {word: found.value for word, found in drawn.items()}
    sources = [{"constraint": word, "from": found.source} for word, found in drawn.items()]
    return {**described, "x-order": order, "x-source": sources}


def _conditional(inputs: Mapping[str, Input]) -> Json:
    """The first limit that holds under a condition, as a switch that is off."""
    for one, other, drawn in unconditional(inputs):
        return {
            "x-conditional": {
                "name": f"{one.name}_with_{other}",
                "default": False,
                "if": {"required": [other], "properties": {other: {"type": "string"}}},
                "then": {"properties": {one.name: {"maximum": drawn.value}}},
                "x-source": [{"constraint": "maximum", "from": drawn.source}],
            }
        }
    return {}


def _facts(
    inputs: Mapping[str, Input], needed: Drawn, output: Output
) -> Iterator[tuple[str, Drawn]]:
    yield "Input.required", needed
    for one in inputs.values():
        for constraint, drawn in one.said.all():
            if constraint != REQUIRED:  # which stands above them all
                yield f"Input.properties.{one.name}.{constraint}", drawn
    for keyword, drawn in output.facts.items():
        yield f"Output.{keyword}", drawn
    if not output.facts:
        reason = output.source.removeprefix("assumed: ")
        yield "Output.type", Drawn(output.schema["type"], (), reason)


def _disputes(path: str, inputs: Mapping[str, Input]) -> Iterator[Dispute]:
    for one in inputs.values():
        for constraint, first, other in one.said.disputed():
            yield Dispute(path, f"Input.properties.{one.name}.{constraint}", first, other)
