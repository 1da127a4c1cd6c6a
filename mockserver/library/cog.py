"""A model's file made from the OpenAPI document that Cog writes for it.

Source: Cog's `openapi_schema`, as upstream shows it for each version of a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from json import dumps
from math import sqrt
from pathlib import Path
from re import compile as pattern
from typing import Any, Final

from mockserver.library.errors import LibraryError
from mockserver.library.media.formats import FORMATS
from mockserver.library.model_files import read_model
from mockserver.library.models import Medium
from mockserver.library.strict import Table
from mockserver.library.validate import SchemaBroken, Validator


# A JSON Schema is a tree of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

SOURCED: Final = ("type", "format", "default", "minimum", "maximum", "enum")
"""The constraints of an input whose source is noted in a model's file."""

_DEEPEST: Final = 20
_RATIO: Final = pattern(r"(\d{1,4}):(\d{1,4})")
_MEGAPIXEL: Final = 1024 * 1024
_MULTIPLE: Final = 16
_NSFW: Final = "NSFW content detected. Try running it again, or try a different prompt."
_ASSUMED: Final = "assumed"


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
        **_behaviour(),
    }
    if _has_files(described["Output"]):
        described |= _files(described["Input"], about.medium)
    try:
        # The reader of such files is the judge of what was made.
        model = read_model(Table(described, path))
        Validator(model.input_schema)
    except SchemaBroken as broken:
        raise LibraryError(f"{about.source}: Input is no JSON Schema: {broken}") from broken
    return described


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
    version_id = about.version_id or document.version_id or _drawn(about.full_name)
    name = about.full_name.rpartition("/")[2]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "model": about.full_name,
        "title": name,
        "description": document.title or f"{about.full_name}, imported.",
        "x-source": [about.source],
        "version": "hidden" if about.official else version_id,
        "version_id": version_id,
        "x-version-source": about.source if document.version_id else "drawn from the name",
    }


def _drawn(full_name: str) -> str:
    return blake2b(full_name.encode(), digest_size=32).hexdigest()


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


def _behaviour() -> Json:
    return {
        "x-timing": {"boot_ms": 300, "run_ms": 3000, "source": _ASSUMED},
        "x-price": {"usd_per_output": 0.0, "source": _ASSUMED},
        "x-log": [
            {"at": 0.0, "text": "Using seed: {seed}\n"},
            {"at": 0.5, "text": " 50%|█████     | 5/10 [00:01<00:01, 3.50it/s]\n"},
            {"at": 0.95, "text": "100%|██████████| 10/10 [00:02<00:00, 3.50it/s]\n"},
        ],
        "x-log-source": _ASSUMED,
        "x-nsfw-error": _NSFW,
        "x-nsfw-error-source": _ASSUMED,
    }


def _has_files(output: Json) -> bool:
    inner = output.get("items", output)
    return isinstance(inner, Mapping) and inner.get("format") == "uri"


def _files(schema: Json, medium: str) -> Json:
    """How its files look; what an input called `output_format` offers tells their medium."""
    members = schema["properties"]
    offered = members.get("output_format", {}).get("enum", ())
    guessed = next((one for one in Medium if set(offered) & FORMATS[one].keys()), Medium.IMAGE)
    chosen = Medium(medium) if medium else guessed
    found: Json = {
        "x-medium": chosen,
        "x-output-name": "out-{index}.{ext}",
        "x-output-name-source": _ASSUMED,
    }
    if chosen is Medium.IMAGE:
        found["x-pixel-sizes"] = dict(_sizes(members.get("aspect_ratio", {}).get("enum", ())))
        found |= {"x-match-policy": "fit1440", "x-size-source": "assumed: one megapixel"}
    return found


def _sizes(ratios: Any) -> Iterator[tuple[str, list[int]]]:
    """A size of about a megapixel for each ratio."""
    for ratio in ratios:
        found = _RATIO.fullmatch(ratio) if isinstance(ratio, str) else None
        if found and int(found[1]) and int(found[2]):
            side = sqrt(int(found[1]) / int(found[2]) * _MEGAPIXEL)
            yield ratio, [_multiple(side), _multiple(_MEGAPIXEL / side)]


def _multiple(side: float) -> int:
    return max(1, round(side / _MULTIPLE)) * _MULTIPLE


def file_text(described: Json) -> str:
    """A model's file as it is written."""
    return dumps(described, indent=2, ensure_ascii=False) + "\n"
