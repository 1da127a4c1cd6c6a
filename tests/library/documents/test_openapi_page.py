"""OpenAPI documents as pages."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from mockserver.library.documents.openapi_schema import MAX_PARTS
from mockserver.library.documents.page import DocumentError, Operation, Where
from mockserver.library.documents.reading import read_page
from mockserver.library.documents.schema import schema_of
from mockserver.library.documents.tree import Tree


PATH: Final = "/v1/models/acme/a/predictions"


def media(**told: object) -> dict[str, object]:
    """The content of a body in JSON."""
    return {"content": {"application/json": told}}


def whole(post: object, **more: object) -> bytes:
    """An OpenAPI document with one operation."""
    return json.dumps({"openapi": "3.0.3", "paths": {PATH: {"post": post}}, **more}).encode()


def only(post: object, **more: object) -> Operation:
    """The one operation of that document."""
    (found,) = read_page(whole(post, **more), "page").operations
    return found


def test_a_reference_is_written_out() -> None:
    """Wherever it stands; the lines are those of its target."""
    text = (
        '{"openapi": "3.0.3", "paths": {"/p": {"post": {"requestBody": {"$ref": "#/a~1b/0"}}}},\n'
        '"a/b": [{"required": true, "content": {"application/json": {"schema":\n'
        '{"properties": {"prompt": {"type": "string"}}}}}}]}'
    )
    (found,) = read_page(text.encode(), "page").operations
    body, prompt = found.of(Where.BODY)
    assert (body.path, body.said("required"), prompt.path) == ("", True, "prompt")
    assert (prompt.place.line, prompt.place.pointer) == (
        3,
        "/paths/~1p/post/requestBody/content/application~1json/schema/properties/prompt",
    )


def test_a_schema_that_contains_itself_ends_there() -> None:
    """The second time it is a schema of anything."""
    loop = {"properties": {"next": {"$ref": "#/loop"}}}
    found = only({"requestBody": media(schema={"$ref": "#/loop"})}, loop=loop)
    assert [it.path for it in found.of(Where.BODY)] == ["", "next"]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("https://a.example/b.json", "expected a reference into the document itself"),
        ("#/nowhere", "expected a reference to something, seen #/nowhere"),
    ],
)
def test_a_reference_that_leads_out_is_refused(reference: str, expected: str) -> None:
    """Nothing is fetched."""
    with pytest.raises(DocumentError, match=f"page:1: /paths/.*: {expected}"):
        only({"requestBody": {"$ref": reference}})


def test_references_do_not_multiply_without_end() -> None:
    """Ten references to ten references, and so on."""
    parts: dict[str, Any] = {str(at): [{"$ref": f"#/x/{at + 1}"}] * 10 for at in range(9)}
    with pytest.raises(DocumentError, match=f"at most {MAX_PARTS} values"):
        only({"requestBody": {"$ref": "#/x/0"}}, x={**parts, "9": 1})


def test_references_do_not_go_down_without_end() -> None:
    """A chain that is deeper than any document."""
    parts: dict[str, Any] = {str(at): {"a": {"$ref": f"#/x/{at + 1}"}} for at in range(200)}
    with pytest.raises(DocumentError, match="and 128 levels"):
        only({"requestBody": {"$ref": "#/x/0"}}, x={**parts, "200": 1})


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 0},
        ),
        (
            {"type": "number", "maximum": 1, "exclusiveMaximum": False},
            {"type": "number", "maximum": 1},
        ),
        ({"type": "integer", "exclusiveMinimum": 3}, {"type": "integer", "exclusiveMinimum": 3}),
    ],
)
def test_a_schema_is_said_as_json_schema_says_it(said: object, plain: dict[str, object]) -> None:
    """OpenAPI 3.0 has words of its own for null and for limits that are excluded."""
    found = only({"requestBody": media(schema={"properties": {"a": said}})})
    assert found.body is not None
    value = found.body.at("properties", "a").value
    assert isinstance(value, dict)
    assert {name: one for name, one in value.items() if name != "nullable"} == plain


def test_examples_are_read_wherever_they_may_stand() -> None:
    """Beside the schema, several with names, or in the schema."""
    post = {
        "requestBody": media(schema={"example": {"input": 1}}),
        "responses": {
            "200": {
                "content": {
                    "text/plain": {"example": "x"},
                    "application/problem+json": {
                        "examples": {
                            "a": {"summary": "A", "value": {"id": "1"}},
                            "b": {"externalValue": "https://a.example"},
                        }
                    },
                }
            },
            "4XX": media(example={"error": 1}),
            "default": media(example={"error": 2}),
        },
    }
    found = only(post)
    assert [it.body.value for it in found.requests if it.body] == [{"input": 1}]
    assert [(it.status, it.name, it.summary, it.body.value) for it in found.responses] == [
        (200, "a", "A", {"id": "1"}),
        (400, "", "", {"error": 1}),
        (0, "", "", {"error": 2}),
    ]


@pytest.mark.parametrize(
    ("post", "root", "needed"),
    [
        ({}, [{"key": []}], True),
        ({}, [{"key": []}, {}], False),
        ({"security": []}, [{"key": []}], False),
        ({"security": [{"key": []}]}, [], True),
        ({}, [], False),
    ],
)
def test_security_is_that_of_the_operation_or_of_all(
    post: object, root: object, *, needed: bool
) -> None:
    """An empty choice needs nothing."""
    assert bool(only(post, security=root).security) is needed


def test_parameters_are_those_of_the_path_and_of_the_operation() -> None:
    """Cookies are none of ours; members of parts and of items are told by dotted paths."""
    part = {"properties": {"a": {"type": "array", "items": {"properties": {"b": {}}}}}}
    found = only(
        {
            "parameters": [
                {"name": "X", "in": "header", "required": True, "schema": {"type": "string"}},
                {"name": "C", "in": "cookie"},
            ],
            "requestBody": media(
                schema={"allOf": [part, {"required": ["c"], "properties": {"c": {}}}]}
            ),
        }
    )
    assert [(it.where.value, it.path) for it in found.parameters] == [
        ("header", "X"),
        ("body", ""),
        ("body", "a"),
        ("body", "a[].b"),
        ("body", "c"),
    ]
    assert found.parameters[0].said("type") == "string"
    assert found.parameters[-1].said("required") is True


def test_a_schema_is_made_of_what_is_told() -> None:
    """Members in their objects; limits under a condition as conditions."""
    told = {
        "required": ["input"],
        "properties": {
            "input": {
                "required": ["prompt"],
                "properties": {
                    "prompt": {"type": "string"},
                    "n": {
                        "type": "integer",
                        "description": "0 to 6. 2 is the maximum if mask is set.",
                    },
                    "list": {"type": "array", "items": {"properties": {"x": {}}}},
                },
            }
        },
    }
    parameters = only({"requestBody": media(schema=told)}).of(Where.BODY)
    limit = {"if": {"required": ["mask"]}, "then": {"properties": {"n": {"maximum": 2}}}}
    assert schema_of(parameters) == {
        "type": "object",
        "required": ["input"],
        "properties": {
            "input": {
                "required": ["prompt"],
                "properties": {
                    "prompt": {"type": "string"},
                    "n": {"type": "integer", "minimum": 0, "maximum": 6},
                    "list": {"type": "array"},
                },
                "allOf": [limit],
            }
        },
    }


NONSENSE: Final[tuple[object, ...]] = (
    {"parameters": 3, "requestBody": 3, "responses": 3, "security": 3},
    {"parameters": [3], "requestBody": {"content": 3}, "responses": {"200": 3}, "security": [3]},
    {
        "requestBody": media(
            schema={
                "type": ["x", 3],
                "required": 3,
                "allOf": 3,
                "properties": {"a": 3, "b": {"type": {}}},
            },
            example=[1],
            examples=[3],
        )
    },
)


@pytest.mark.parametrize("post", NONSENSE)
def test_nonsense_is_read_as_far_as_it_goes(post: object) -> None:
    """A value of another type than it should have is as good as none."""
    assert only(post).method == "POST"


def test_a_tree_knows_its_place_without_any_line() -> None:
    """The first, where nobody counted."""
    assert Tree({}, {}, "/a").place.line == 1
