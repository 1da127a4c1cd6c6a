"""A model's file made from the OpenAPI document that Cog writes for it.

Source: Cog's `openapi_schema`, as upstream shows it for each version of a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any, Final

from mockserver.library.assumed import behaviour, checked, files, has_files, version_id
from mockserver.library.errors import LibraryError


# A JSON Schema is a tree of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

SOURCED: Final = ("type", "format", "default", "minimum", "maximum", "enum")
"""The constraints of an input whose source is noted in a model's file."""

_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Import:
    """What is known of a model besides its document; `source` says where that is from."""

    full_name: str
    source: str
    version_id: str = ""
    official: bool = True
    medium: str = ""


def model_file(document: object, about: Import, path: Path) -> Json:
    """What the file of the model at `path` holds. Raises `LibraryError` if it cannot be made.

    `document` is an OpenAPI document, or upstream's JSON of a version or of a model.
    """
    found = _Document(document, about.source)
    described = {
        **_head(found, about),
        "Input": _input(found, about.source),
        "Output": _output(found),
        **behaviour(),
    }
    if has_files(described["Output"]):
        described |= files(described["Input"], about.medium)
    return checked(described, about.source, path)


class _Document:
    """An OpenAPI document whose schemas refer to each other by name."""

    def __init__(self, document: object, source: str) -> None:
        self._source = source
        self.version_id = ""
        self.title = ""
        self._schemas = self._found(document)

    def schema(self, name: str) -> Json:
        """The schema called `name`, with everything it refers to taken in."""
        if not isinstance(self._schemas.get(name), Mapping):
            raise LibraryError(
                f"{self._source}: components.schemas.{name}: missing "
                f"(found here: {', '.join(self._schemas) or 'nothing'})"
            )
        flat: Json = self._flat(self._schemas[name], 0)
        return flat

    def _found(self, document: object) -> Mapping[str, Any]:
        """The schemas, however the document is wrapped."""
        whole = document if isinstance(document, Mapping) else {}
        version = whole.get("latest_version")
        if isinstance(version, Mapping):
            self.title = str(whole.get("description") or "")
            whole = version
        if isinstance(whole.get("openapi_schema"), Mapping):
            self.version_id = str(whole.get("id") or "")
            whole = whole["openapi_schema"]
        components = whole.get("components")
        schemas = components.get("schemas") if isinstance(components, Mapping) else None
        if not isinstance(schemas, Mapping):
            raise LibraryError(
                f"{self._source}: expected an OpenAPI document with components.schemas, or "
                "upstream's JSON of a version or a model; save what "
                "GET /v1/models/OWNER/NAME answers and try that"
            )
        return schemas

    def _flat(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            raise LibraryError(f"{self._source}: schemas refer to each other without end")
        if isinstance(value, list):
            return [self._flat(one, depth + 1) for one in value]
        if not isinstance(value, Mapping):
            return value
        flat = {key: self._flat(inner, depth + 1) for key, inner in value.items()}
        if "$ref" in flat:
            flat = {**self._referred(flat.pop("$ref"), depth), **flat}
        return _nullable(_joined(flat))

    def _referred(self, reference: object, depth: int) -> Json:
        name = str(reference).rpartition("/")[2]
        if name not in self._schemas:
            raise LibraryError(f"{self._source}: {reference} leads nowhere")
        referred: Json = self._flat(self._schemas[name], depth + 1)
        return referred


def _joined(schema: Json) -> Json:
    """A schema whose single `allOf`, or `anyOf` with null, is taken into itself."""
    if isinstance(schema.get("allOf"), list) and len(schema["allOf"]) == 1:
        (inner,) = schema.pop("allOf")
        # What stands beside it (title, default, order) is nearer to the input than what it names.
        return {**inner, **schema}
    choices = schema.get("anyOf")
    if not isinstance(choices, list):
        return schema
    real = [one for one in choices if one != {"type": "null"}]
    if len(real) == 1 and len(choices) > 1:
        return {**real[0], **{k: v for k, v in schema.items() if k != "anyOf"}, "nullable": True}
    return schema


def _nullable(schema: Json) -> Json:
    """OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if schema.pop("nullable", False) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _head(document: _Document, about: Import) -> Json:
    known = about.version_id or document.version_id or version_id(about.full_name)
    name = about.full_name.rpartition("/")[2]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "model": about.full_name,
        "title": name,
        "description": document.title or f"{about.full_name}, imported.",
        "x-source": [about.source],
        "version": "hidden" if about.official else known,
        "version_id": known,
        "x-version-source": about.source if document.version_id else "drawn from the name",
    }


def _input(document: _Document, source: str) -> Json:
    schema = document.schema("Input")
    members = schema.get("properties", {})
    ordered = sorted(members.items(), key=lambda one: one[1].get("x-order", len(members)))
    return {
        "type": "object",
        "title": "Input",
        "required": list(schema.get("required", [])),
        "properties": {
            name: _member(member, order, source) for order, (name, member) in enumerate(ordered)
        },
        "x-source": [{"constraint": "required", "from": source}],
    }


def _member(member: Json, order: int, source: str) -> Json:
    told = {key: value for key, value in member.items() if key not in {"x-order", "x-source"}}
    # A default of null says no more than that the input may be left out.
    if told.get("default", ...) is None:
        told.pop("default")
    sources = [{"constraint": word, "from": source} for word in SOURCED if word in told]
    return {**told, "x-order": order, "x-source": sources}


def _output(document: _Document) -> Json:
    schema = document.schema("Output")
    if isinstance(schema.get("type"), list):
        # Upstream's outputs may be null; that is no kind of its own.
        schema["type"] = next(one for one in schema["type"] if one != "null")
    return schema


def file_text(described: Json) -> str:
    """A model's file as it is written."""
    return dumps(described, indent=2, ensure_ascii=False) + "\n"
