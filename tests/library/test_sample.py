"""Values drawn from a JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.sample import Sampler
from mockserver.library.validate import Validator


def drawn(schema: object, seed: int = 1) -> Any:
    """A value of `schema`."""
    return Sampler(seed, lambda index: f"https://files.test/{index}").value(schema)


SCHEMAS = [
    {"type": "string"},
    {"type": "string", "format": "uri"},
    {"type": "string", "format": "date-time"},
    {"type": "integer", "minimum": 3, "maximum": 5},
    {"type": "integer", "maximum": -7},
    {"type": "number", "minimum": 0.5, "maximum": 0.6},
    {"type": "boolean"},
    {"type": "null"},
    {"type": ["null", "integer"]},
    {"enum": ["a", "b"]},
    {"const": 4},
    {"default": "x", "type": "string"},
    {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 2}]},
    {"allOf": [{"type": "string"}], "title": "T"},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3},
    {"properties": {"a": {"type": "object", "properties": {"b": {"type": "boolean"}}}}},
    {},
]


@pytest.mark.parametrize("schema", SCHEMAS)
@given(seed=st.integers(0, 2**63))
def test_what_is_drawn_obeys_the_schema(schema: dict[str, object], seed: int) -> None:
    """For any seed."""
    assert Validator(schema).is_valid(drawn(schema, seed))


@given(seed=st.integers(0, 2**63))
def test_the_same_seed_draws_the_same(seed: int) -> None:
    """An output is told in the same bytes whenever it is asked for."""
    schema = {"type": "array", "items": {"type": "number"}, "minItems": 9}
    assert drawn(schema, seed) == drawn(schema, seed)


def test_each_address_is_that_of_a_file_of_its_own() -> None:
    """Counted from 0, in the order of the schema."""
    one = {"type": "string", "format": "uri"}
    schema = {"type": "object", "properties": {"a": one, "b": {"type": "array", "items": one}}}
    assert drawn(schema) == {"a": "https://files.test/0", "b": ["https://files.test/1"]}


@pytest.mark.parametrize("schema", [True, None, "string", {"type": "unheard of"}])
def test_what_a_schema_does_not_say_is_a_text(schema: object) -> None:
    """Models that put out anything put out something."""
    assert isinstance(drawn(schema), str)


def test_a_schema_without_end_is_not_followed_for_ever() -> None:
    """What lies too deep stays empty."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    schema["properties"]["again"] = schema
    assert "again" in drawn(schema)
