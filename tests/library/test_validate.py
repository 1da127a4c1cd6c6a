"""Two validators, one verdict: jsonschema_rs decides, jsonschema words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.library.request_body import request_schema
from mockserver.library.validate import (
    MAX_FAULTS,
    SchemaBroken,
    Validator,
    ValidatorsDisagree,
    is_uri,
)


IMAGE: Final = {"type": "string", "format": "uri"}
OPTIONAL_IMAGE: Final = {"type": ["string", "null"], "format": "uri"}
INPUTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "kontext-pro": {
            "type": "object",
            "required": ["prompt"],
            "properties": {
                "prompt": {"type": "string", "x-order": 0},
                "input_image": OPTIONAL_IMAGE | {"x-order": 1},
                "aspect_ratio": {"type": "string", "enum": ["match_input_image", "1:1", "16:9"]},
                "prompt_upsampling": {"type": "boolean", "x-order": 3},
                "seed": {"type": ["integer", "null"], "x-order": 4},
                "output_format": {"type": "string", "enum": ["jpg", "png"], "x-order": 5},
                "safety_tolerance": {"type": "integer", "minimum": 0, "maximum": 6, "x-order": 6},
            },
        },
        "kontext-dev": {
            "type": "object",
            "required": ["prompt", "input_image"],
            "properties": {
                "prompt": {"type": "string"},
                "input_image": IMAGE,
                "num_inference_steps": {"type": "integer", "minimum": 4, "maximum": 50},
                "guidance": {"type": "number", "minimum": 0, "maximum": 10},
                "output_quality": {"type": "integer", "minimum": 0, "maximum": 100},
            },
        },
        "fill-dev": {
            "type": "object",
            "required": ["prompt", "image"],
            "properties": {
                "prompt": {"type": "string", "minLength": 1},
                "image": IMAGE,
                "mask": IMAGE,
                "num_outputs": {"type": "integer", "minimum": 1, "maximum": 4},
                "lora_scale": {"type": "number", "minimum": -1, "maximum": 3},
                "megapixels": {"allOf": [{"$ref": "#/$defs/megapixels"}], "default": "1"},
            },
            "$defs": {"megapixels": {"type": "string", "enum": ["1", "0.25", "match_input"]}},
        },
        "multi-image": {
            "type": "object",
            "required": ["prompt", "images"],
            "properties": {
                "prompt": {"type": "string", "maxLength": 8},
                "images": {"type": "array", "items": IMAGE, "minItems": 2, "maxItems": 3},
                "scale": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
                "mask": {"anyOf": [IMAGE, {"type": "null"}]},
            },
            "additionalProperties": False,
        },
    }
)
VALIDATORS: Final = MappingProxyType({name: Validator(it) for name, it in INPUTS.items()})
NAMES: Final = sorted({name for it in INPUTS.values() for name in it["properties"]})

NUMBERS: Final = st.one_of(
    st.integers(-3, 110),
    st.integers(-3, 110).map(float),
    st.sampled_from([-0.0, 0.5, 2.5, 1e20, 1e300, 5e-324, 2**53, 2**63, 2**64, -(2**70), 10**400]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
STRINGS: Final = st.one_of(
    st.sampled_from(["", "jpg", "png", "webp", "1", "16:9", "https://a.b/c.png", "/srv/a.png"]),
    st.sampled_from(["data:image/png;base64,iVBORw0KGgo=", "https://a.b/c d", "猫.png", "x:"]),
    st.sampled_from(["https://例え.jp/猫.png", "👩‍👩‍👧‍👧👩‍👩‍👧‍👧", "jpg\n", "JPG"]),
    st.text(max_size=12),
)
SCALARS: Final = st.none() | st.booleans() | NUMBERS | STRINGS
ANYTHING: Final = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(STRINGS, SCALARS, max_size=2)
)
BODIES: Final = st.dictionaries(st.sampled_from([*NAMES, "unknown"]), ANYTHING, max_size=9)


def reference(schema: Mapping[str, object]) -> jsonschema.Draft202012Validator:
    """The plain validator of jsonschema, which shares nothing with ours but what a URI is."""
    formats = jsonschema.FormatChecker(())
    formats.checks("uri")(lambda value: not isinstance(value, str) or is_uri(value))
    return jsonschema.Draft202012Validator(dict(schema), format_checker=formats)


@pytest.mark.parametrize("model", INPUTS)
@given(data=st.data())
def test_the_verdict_is_that_of_the_reference(model: str, data: st.DataObject) -> None:
    """For every model and any input the fast verdict is jsonschema's, and faults are worded."""
    fitting = st.fixed_dictionaries(
        {"prompt": STRINGS, "input_image": STRINGS, "image": STRINGS, "images": st.lists(STRINGS)}
    )
    instance = data.draw(
        st.builds(lambda base, other: {**base, **other}, fitting, BODIES) | ANYTHING
    )
    valid = reference(INPUTS[model]).is_valid(instance)
    assert VALIDATORS[model].is_valid(instance) is valid
    assert bool(VALIDATORS[model].violations(instance)) is not valid


@given(
    keyword=st.sampled_from(
        ["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "const", "multipleOf"]
    ),
    bound=NUMBERS,
    instance=ANYTHING,
)
@example("maximum", 2**63, float(2**63))
@example("const", 2**64, float(2**64))
@example("multipleOf", 0.1, 0.3)
@example("multipleOf", 0.1, 10**400)
def test_no_number_brings_the_two_validators_apart(
    keyword: str, bound: float, instance: object
) -> None:
    """A refused value always has a worded fault, however large or fine the numbers are."""
    value = abs(bound) or 1 if keyword == "multipleOf" else bound
    validator = Validator({keyword: value})
    assert bool(validator.violations(instance)) is not validator.is_valid(instance)


@given(st.lists(SCALARS | st.lists(SCALARS, max_size=2), max_size=5))
@example([1, 1.0])
@example([2**64 + 1, float(2**64)])
@example([1, True])
@example([[1], [1.0], [True]])
def test_every_pair_of_equal_items_is_told(items: list[object]) -> None:
    """Whenever items must be unique and are not, the places of a pair are named."""
    validator = Validator({"uniqueItems": True})
    assert bool(validator.violations(items)) is not validator.is_valid(items)


@pytest.mark.parametrize("pattern", [r"^a$", r"^\d+$", r"^\w+$", r"^[a-z]+$", r"\s"])
@pytest.mark.parametrize("text", ["a", "a\n", "٣", "é", "\u2028", "", "7"])
def test_regular_expressions_mean_one_thing_to_both(pattern: str, text: str) -> None:
    """`pattern` is ECMA 262's: $ is the very end, and digits and letters are ASCII."""
    validator = Validator({"pattern": pattern})
    assert bool(validator.violations(text)) is not validator.is_valid(text)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://replicate.delivery/pbxt/a/b.png?x=1&y=%zz#top", True),
        ("data:image/png;base64,iVBORw0KGgo=", True),
        ("data:text/plain,100%", True),
        ("https://a.b/猫.png", True),
        ("urn:a", True),
        ("x:", True),
        ("", False),
        ("/srv/a.png", False),
        ("a.png", False),
        ("//a.b/c", False),
        ("1a://b", False),
        (":a", False),
        ("https://a.b/c d", False),
        ("https://a.b/c\n", False),
        ("https://a.b/c\x00", False),
        ("https://a.b/100%.png", False),
        ("C:\\a.png", False),
        (" https://a.b", False),
    ],
)
def test_a_uri_is_absolute_and_has_no_spaces(*, text: str, valid: bool) -> None:
    """A scheme and a colon are needed; spaces, controls and backslashes are refused."""
    assert is_uri(text) is valid
    assert Validator({"format": "uri"}).is_valid(text) is valid


def test_a_large_data_uri_is_judged_in_one_pass() -> None:
    """Ten megabytes of image in a `data:` URI are valid, and a space at their end is found."""
    large = "data:image/png;base64," + "A" * 10_000_000
    validator = Validator(request_schema(INPUTS["kontext-pro"], versioned=False))
    assert validator.is_valid({"input": {"prompt": "a", "input_image": large}})
    assert not validator.is_valid({"input": {"prompt": "a", "input_image": large + " "}})


def test_at_most_a_thousand_faults_are_told() -> None:
    """A body with more faults than anybody reads is not walked to its end."""
    validator = Validator({"items": {"type": "string"}})
    assert len(validator.violations([1] * (MAX_FAULTS + 1))) == MAX_FAULTS


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strin"},
        {"pattern": "("},
        {"$ref": "#/$defs/missing"},
        {"$ref": "https://a.invalid/schema.json"},
        {"required": "prompt"},
    ],
)
def test_a_broken_schema_is_refused_when_it_is_compiled(schema: Mapping[str, object]) -> None:
    """A mistake, or a reference that leaves the schema, is refused; nothing is fetched."""
    with pytest.raises(SchemaBroken, match=r"Draft 2020-12"):
        Validator(schema)


def test_a_refusal_without_a_fault_is_an_error_of_ours() -> None:
    """If the second validator finds nothing in what the first refused, that is said, loudly."""
    validator = Validator({"patternProperties": {r"^\d$": False}})
    assert not validator.violations({"٣": 1})
    refusing = Validator({"patternProperties": {r"^\D$": False}})
    with pytest.raises(ValidatorsDisagree, match="finds no fault"):
        refusing.violations({"٣": 1})


def test_the_wordy_validator_is_imported_for_the_first_fault() -> None:
    """Valid values never pay for importing jsonschema."""
    program = (
        "import sys; from mockserver.library.validate import Validator\n"
        "it = Validator({'type': 'string'})\n"
        "it.violations('a'); seen = 'jsonschema' in sys.modules\n"
        "it.violations(1); print([seen, 'jsonschema' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert json.loads(done.stdout.lower()) == [False, True]
