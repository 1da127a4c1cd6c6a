"""The words for what is wrong, as upstream says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from mockserver.library.invalid_fields import Violation, problem_detail
from mockserver.library.json_text import dumps
from mockserver.library.request_body import request_schema
from mockserver.library.validate import Validator


INPUT: Final = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "output_format": {"type": "string", "enum": ["jpg", "png"], "x-order": 2},
        "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 4, "x-order": 1},
        "prompt": {"type": "string", "x-order": 0},
        "image": {"type": "string", "format": "uri"},
    },
}


def body_of_422(violations: tuple[Violation, ...]) -> str:
    """The whole answer, its keys in upstream's order."""
    answer = {
        "detail": problem_detail(violations),
        "status": 422,
        "title": "Input validation failed",
        "invalid_fields": [violation.wire() for violation in violations],
    }
    return dumps(answer).decode() + "\n"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param(
            {"version": "5c7d5dc6", "input": {}},
            r'{"detail":"- input: prompt is required\n","status":422,'
            r'"title":"Input validation failed","invalid_fields":[{"type":"required",'
            r'"field":"input","description":"prompt is required"}]}',
            id="missing-required-input",
        ),
        pytest.param(
            {"version": "5c7d5dc6", "input": {"num_inference_steps": 5}},
            r'{"detail":"- input: prompt is required\n- input.num_inference_steps: Must be less '
            r'than or equal to 4\n","status":422,"title":"Input validation failed",'
            r'"invalid_fields":[{"type":"required","field":"input","description":"prompt is '
            r'required"},{"type":"number_lte","field":"input.num_inference_steps",'
            r'"description":"Must be less than or equal to 4"}]}',
            id="two-errors-in-the-input",
        ),
        pytest.param(
            {"version": "5c7d5dc6", "input": {"prompt": "a", "output_format": "webp"}},
            r'{"detail":"- input.output_format: output_format must be one of the following: '
            r'\"jpg\", \"png\"\n","status":422,"title":"Input validation failed",'
            r'"invalid_fields":[{"type":"enum","field":"input.output_format","description":'
            r'"output_format must be one of the following: \"jpg\", \"png\""}]}',
            id="not-in-the-enum",
        ),
        pytest.param(
            {"model": "black-forest-labs/flux-schnell", "input": {"prompt": "a"}},
            r'{"detail":"- version is required\n- Additional property model is not allowed\n",'
            r'"status":422,"title":"Input validation failed","invalid_fields":[{"type":"required",'
            r'"field":"","description":"version is required"},{"type":'
            r'"additional_property_not_allowed","field":"","description":"Additional property '
            r'model is not allowed"}]}',
            id="model-instead-of-version",
        ),
    ],
)
def test_a_422_is_upstreams_to_the_byte(body: Mapping[str, object], answer: str) -> None:
    """Each recorded answer of upstream comes from the body that caused it.

    Source: bodies that users of Replicate published.
    """
    validator = Validator(request_schema(INPUT, versioned=True))
    assert body_of_422(validator.violations(body)) == answer + "\n"


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        (
            {"type": "string"},
            1,
            ("invalid_type", "Invalid type. Expected: string, given: integer"),
        ),
        (
            {"type": "string"},
            1.5,
            ("invalid_type", "Invalid type. Expected: string, given: number"),
        ),
        (
            {"type": "string"},
            2.0,
            ("invalid_type", "Invalid type. Expected: string, given: integer"),
        ),
        (
            {"type": "integer"},
            True,
            ("invalid_type", "Invalid type. Expected: integer, given: boolean"),
        ),
        (
            {"type": ["string", "null"]},
            [],
            ("invalid_type", "Invalid type. Expected: [string,null], given: array"),
        ),
        (
            {"type": "object"},
            None,
            ("invalid_type", "Invalid type. Expected: object, given: null"),
        ),
        ({"type": "array"}, {}, ("invalid_type", "Invalid type. Expected: array, given: object")),
        ({"not": {}}, 1, ("number_not", "Must not validate the schema (not)")),
        (
            {"oneOf": [{}, {}]},
            1,
            ("number_one_of", "Must validate one and only one schema (oneOf)"),
        ),
        (
            {"dependentRequired": {"a": ["b"]}},
            {"a": 1},
            ("missing_dependency", "Has a dependency on b"),
        ),
        ({"minProperties": 1}, {}, ("array_min_properties", "Must have at least 1 properties")),
        (
            {"maxProperties": 0},
            {"a": 1},
            ("array_max_properties", "Must have at most 0 properties"),
        ),
        ({"required": ["a{b}"]}, {}, ("required", "a{b} is required")),
        (
            {
                "properties": {"a": {}},
                "patternProperties": {"^b": {}},
                "additionalProperties": False,
            },
            {"a": 1, "b": 2, "c": 3},
            ("additional_property_not_allowed", "Additional property c is not allowed"),
        ),
        (
            {"prefixItems": [{}], "items": False},
            [1, 2],
            ("array_no_additional_items", "No additional items allowed on array"),
        ),
        ({"minItems": 2}, [1], ("array_min_items", "Array must have at least 2 items")),
        ({"maxItems": 1}, [1, 2], ("array_max_items", "Array must have at most 1 items")),
        (
            {"uniqueItems": True},
            [{"a": 1}, 2, {"a": 1.0}],
            ("unique", "array items[0,2] must be unique"),
        ),
        (
            {"contains": {"type": "null"}},
            [1],
            ("contains", "At least one of the items must match"),
        ),
        ({"multipleOf": 0.5}, 0.7, ("multiple_of", "Must be a multiple of 0.5")),
        ({"maximum": 4}, 5, ("number_lte", "Must be less than or equal to 4")),
        ({"exclusiveMaximum": 4}, 4, ("number_lt", "Must be less than 4")),
        ({"minimum": 2.5}, 2, ("number_gte", "Must be greater than or equal to 2.5")),
        ({"exclusiveMinimum": 0}, 0, ("number_gt", "Must be greater than 0")),
        ({"const": "a"}, "b", ("const", '(root) does not match: "a"')),
        ({"enum": [1, 2.0, None]}, 3, ("enum", "(root) must be one of the following: 1, 2, null")),
        ({"minLength": 1}, "", ("string_gte", "String length must be greater than or equal to 1")),
        (
            {"maxLength": 1},
            "猫猫",
            ("string_lte", "String length must be less than or equal to 1"),
        ),
        ({"pattern": "^[{]a[}]$"}, "b", ("pattern", "Does not match pattern '^[{]a[}]$'")),
        ({"format": "uri"}, "a.png", ("format", "Does not match format 'uri'")),
        ({"format": "date-time"}, "yesterday", ("format", "Does not match format 'date-time'")),
    ],
    ids=repr,
)
def test_each_keyword_has_its_type_and_text(
    schema: Mapping[str, object], instance: object, expected: tuple[str, str]
) -> None:
    """One failing keyword is one violation, called and said as gojsonschema does."""
    assert Validator(schema).violations(instance) == (Violation("", *expected),)


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        (100, "100"),
        (999999, "999999"),
        (1000000, "1e+06"),
        (2147483647, "2.147483647e+09"),
        (-2.5, "-2.5"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1e100, "1e+100"),
    ],
)
def test_a_bound_is_written_as_go_writes_it(bound: float, text: str) -> None:
    """From a million on, and below a ten-thousandth, a number has an exponent."""
    (violation,) = Validator({"minimum": bound}).violations(bound - abs(bound))
    assert violation.description == f"Must be greater than or equal to {text}"


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        pytest.param(
            {"properties": {"a": {"items": {"properties": {"b": {"type": "null"}}}}}},
            {"a": [{}, {"b": 1}]},
            [("a.1.b", "invalid_type")],
            id="dotted-path",
        ),
        pytest.param(
            {"properties": {"a": False}}, {"a": 1}, [("a", "false")], id="property-forbidden"
        ),
        pytest.param(
            {"type": "string", "enum": ["a"], "allOf": [{"minLength": 2}]},
            1,
            [("", "invalid_type")],
            id="wrong-type-has-no-other-faults",
        ),
        pytest.param(
            {"items": {"enum": ["a"], "type": "string"}},
            [1, "b", 2],
            [("0", "invalid_type"), ("1", "enum"), ("2", "invalid_type")],
            id="each-item-for-itself",
        ),
        pytest.param(
            {"allOf": [{"type": "string"}, {"enum": ["a"]}]},
            1,
            [("", "invalid_type"), ("", "enum"), ("", "number_all_of")],
            id="parts-before-the-whole",
        ),
        pytest.param(
            {"anyOf": [{"type": "null"}, {"type": "string", "format": "uri"}]},
            "",
            [("", "number_any_of"), ("", "format")],
            id="nearest-branch-follows",
        ),
        pytest.param(
            {"oneOf": [{"type": "null"}, {"type": "string"}]},
            1,
            [("", "number_one_of"), ("", "invalid_type")],
            id="first-branch-of-equally-near",
        ),
        pytest.param(
            {
                "properties": {
                    "c": {"type": "null"},
                    "b": {"type": "null", "x-order": 1},
                    "a": {"type": "null", "x-order": 0},
                },
                "additionalProperties": False,
                "required": ["z", "y"],
                "minProperties": 9,
            },
            {"d": 1, "c": 1, "b": 1, "a": 1, "e": 1},
            [
                ("", "array_min_properties"),
                ("", "required"),
                ("", "required"),
                ("", "additional_property_not_allowed"),
                ("", "additional_property_not_allowed"),
                ("a", "invalid_type"),
                ("b", "invalid_type"),
                ("c", "invalid_type"),
            ],
            id="object-first-then-properties-by-x-order",
        ),
        pytest.param(
            {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 2}},
            "a",
            [("", "string_gte")],
            id="condition",
        ),
        pytest.param(
            {"unevaluatedItems": False},
            [1],
            [("", "unevaluatedItems")],
            id="keyword-unknown-to-go",
        ),
    ],
)
def test_faults_have_a_place_and_an_order(
    schema: Mapping[str, object], instance: object, expected: list[tuple[str, str]]
) -> None:
    """A value's faults come before those inside it; a dotted path names it, empty at the root."""
    found = Validator(schema).violations(instance)
    assert [(violation.field, violation.type) for violation in found] == expected
