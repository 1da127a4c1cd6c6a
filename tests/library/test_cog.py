"""Models made from the OpenAPI documents that Cog writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from mockserver.library.catalogue import Catalogue
from mockserver.library.cog import SOURCED, Import, file_text, model_file
from mockserver.library.cog_schema import cog_document
from mockserver.library.errors import LibraryError
from mockserver.library.model_files import load_model
from mockserver.library.models import Medium, Model, OutputKind


ABOUT: Final = Import("acme/painter", "painter.json")
VERSION: Final = "0123456789abcdef" * 4
URI: Final = {"type": "string", "format": "uri"}


def cog(output: object = URI, **members: object) -> dict[str, Any]:
    """A document as Cog writes it, with these inputs; `required` names those that are."""
    required = members.pop("required", [])
    return {
        "openapi": "3.0.2",
        "components": {
            "schemas": {
                "Input": {
                    "type": "object",
                    "title": "Input",
                    "required": required,
                    "properties": members or {"prompt": {"type": "string", "x-order": 0}},
                },
                "Output": output,
                "aspect_ratio": {
                    "enum": ["1:1", "16:9", "custom"],
                    "type": "string",
                    "title": "aspect_ratio",
                },
            }
        },
    }


def made(tmp_path: Path, document: object, about: Import = ABOUT) -> Model:
    """The model whose file is made from `document`, read from its place."""
    path = tmp_path / "models" / f"{about.full_name}.json"
    path.parent.mkdir(parents=True)
    path.write_text(file_text(model_file(document, about, path)), encoding="utf-8")
    return load_model(path)


def members(model: Model) -> dict[str, Any]:
    """The inputs of `model`."""
    properties: Any = model.input_schema["properties"]
    return dict(properties)


def facts(member: dict[str, Any]) -> dict[str, Any]:
    """What an input allows."""
    return {word: member[word] for word in SOURCED if word in member}


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (URI, OutputKind.FILE),
        ({"type": "array", "items": URI}, OutputKind.FILES),
        ({"type": "string"}, OutputKind.TEXT),
        ({"type": "array", "items": {"type": "string"}}, OutputKind.CHUNKS),
        ({"type": "object", "properties": {"a": URI}}, OutputKind.JSON),
        ({"title": "Output"}, OutputKind.JSON),
        ({"anyOf": [URI, {"type": "null"}]}, OutputKind.FILE),
        ({**URI, "nullable": True}, OutputKind.FILE),
    ],
)
def test_the_output_tells_the_kind(tmp_path: Path, output: object, kind: OutputKind) -> None:
    """Any output that Cog can write is one of ours."""
    assert made(tmp_path, cog(output)).output_kind is kind


def test_iterators_grow(tmp_path: Path) -> None:
    """As Cog marks them."""
    output = {"type": "array", "items": {"type": "string"}, "x-cog-array-type": "iterator"}
    assert made(tmp_path, cog(output)).grows


def test_references_are_taken_in(tmp_path: Path) -> None:
    """What stands beside a reference wins: default, order, description."""
    reference = {"$ref": "#/components/schemas/aspect_ratio"}
    ratio = {"allOf": [reference], "default": "1:1", "x-order": 1, "title": "Mine"}
    prompt = {"type": "string", "x-order": 0}
    model = made(tmp_path, cog(aspect_ratio=ratio, prompt=prompt))
    assert list(members(model)) == ["prompt", "aspect_ratio"]
    told = members(model)["aspect_ratio"]
    assert (told["enum"], told["default"], told["title"]) == (
        ["1:1", "16:9", "custom"],
        "1:1",
        "Mine",
    )
    assert model.pixel_sizes == {"1:1": (1024, 1024), "16:9": (1360, 768)}


@pytest.mark.parametrize(
    "seed",
    [
        {"type": "integer", "nullable": True},
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        {"allOf": [{"type": "integer"}], "nullable": True, "default": None},
    ],
)
def test_null_is_said_as_json_schema_says_it(tmp_path: Path, seed: object) -> None:
    """However the version of Cog says it; a default of null is none."""
    told = members(made(tmp_path, cog(seed=seed)))["seed"]
    assert told["type"] == ["integer", "null"]
    assert "default" not in told


def test_an_enum_may_be_null(tmp_path: Path) -> None:
    """Null is one of its values then."""
    size = {"type": "string", "enum": ["a"], "nullable": True}
    assert members(made(tmp_path, cog(size=size)))["size"]["enum"] == ["a", None]


def test_each_constraint_names_its_source(tmp_path: Path) -> None:
    """As in every model's file; the order has no gap."""
    steps = {"type": "integer", "minimum": 1, "default": 4, "x-order": 7}
    model = made(tmp_path, cog(steps=steps, required=["steps"]))
    told = members(model)["steps"]
    assert {one["constraint"] for one in told["x-source"]} == {"type", "minimum", "default"}
    assert {one["from"] for one in told["x-source"]} == {"painter.json"}
    assert told["x-order"] == 0
    assert model.input_schema["required"] == ["steps"]


@pytest.mark.parametrize("name", [model.full_name for model in Catalogue().models()])
def test_what_ships_comes_back_as_it_is(tmp_path: Path, name: str) -> None:
    """From the document that we ourselves show for a model, the same model can be made."""
    known = Catalogue().model(name)
    assert known is not None
    again = made(tmp_path, cog_document(known), Import(name, "x", medium="image"))
    assert (again.output_kind, again.grows) == (known.output_kind, known.grows)
    assert list(members(again)) == list(members(known))
    assert again.input_schema["required"] == known.input_schema["required"]
    assert {name: facts(one) for name, one in members(again).items()} == {
        name: facts(one) for name, one in members(known).items()
    }
    Draft202012Validator.check_schema(dict(again.input_schema))


@pytest.mark.parametrize(
    ("wrap", "version_id"),
    [
        (lambda schema: schema, None),
        (lambda schema: {"id": VERSION, "openapi_schema": schema}, VERSION),
        (
            lambda schema: {
                "owner": "acme",
                "description": "Paints.",
                "latest_version": {"id": VERSION, "openapi_schema": schema},
            },
            VERSION,
        ),
    ],
    ids=["document", "version", "model"],
)
def test_upstreams_answers_can_be_taken_as_they_are(
    tmp_path: Path, wrap: Any, version_id: str | None
) -> None:
    """The JSON of a version or of a model, which tells the version as well."""
    model = made(tmp_path, wrap(cog()))
    assert model.version_id == (version_id or model.version_id)
    assert len(model.version_id) == 64
    assert model.official


def test_a_model_may_be_run_by_its_version(tmp_path: Path) -> None:
    """Then predictions show it."""
    model = made(tmp_path, cog(), Import("acme/painter", "x", VERSION, official=False))
    assert (model.version, model.official) == (VERSION, False)


@pytest.mark.parametrize(
    ("offered", "asked", "medium"),
    [
        (["webp", "png"], "", Medium.IMAGE),
        (["mp4", "gif"], "", Medium.VIDEO),
        (["mp3", "wav"], "", Medium.AUDIO),
        (["obj"], "", Medium.IMAGE),
        (["obj"], "video", Medium.VIDEO),
    ],
)
def test_what_is_offered_tells_the_medium(
    tmp_path: Path, offered: list[str], asked: str, medium: Medium
) -> None:
    """Unless it is said."""
    formats = {"type": "string", "enum": offered}
    about = Import("acme/painter", "x", medium=asked)
    assert made(tmp_path, cog(output_format=formats), about).medium is medium


LOOP: Final = {"$ref": "#/components/schemas/Output"}


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ([], r"painter\.json: expected an OpenAPI document with components\.schemas"),
        ({"components": {"schemas": {"Output": URI}}}, r"Input: missing \(found here: Output"),
        ({"components": {"schemas": {}}}, r"Input: missing \(found here: nothing"),
        (cog(a={"$ref": "#/components/schemas/b"}), "#/components/schemas/b leads nowhere"),
        (cog(LOOP), "refer to each other without end"),
        (cog(a={"type": "integer", "minimum": "x"}), "Input is no JSON Schema"),
    ],
)
def test_a_document_that_is_not_right_is_told(document: object, named: str) -> None:
    """What was seen, what was expected, where."""
    with pytest.raises(LibraryError, match=named):
        model_file(document, ABOUT, Path("models/acme/painter.json"))


def test_a_version_that_is_none_is_told() -> None:
    """By the reader of such files."""
    with pytest.raises(LibraryError, match="version_id: expected 64 hex digits"):
        model_file(cog(), Import("acme/painter", "x", "abc"), Path("models/acme/painter.json"))


def test_a_file_is_json_for_people(tmp_path: Path) -> None:
    """Indented, and ending in a newline."""
    text = file_text(model_file(cog(), ABOUT, tmp_path / "acme" / "painter.json"))
    assert json.loads(text)["model"] == "acme/painter"
    assert text.startswith('{\n  "$schema"')
    assert text.endswith("}\n")
