"""A model is a file: what it takes, gives, prints and costs, each constraint with its source."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

import pytest
from jsonschema import Draft202012Validator

from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.model_files import load_model
from mockserver.library.models import Model, OutputKind
from mockserver.library.rooms import room
from mockserver.library.validate import Validator


MODELS: Final = Catalogue().models()
FULL_NAMES: Final = [model.full_name for model in MODELS]
FACTS: Final = ("type", "format", "default", "minimum", "maximum", "enum")
FILL: Final = room("schemas") / "models" / "black-forest-labs" / "flux-fill-dev.json"


def properties(model: Model) -> dict[str, dict[str, Any]]:
    """The properties of a model's Input schema."""
    return cast("dict[str, dict[str, Any]]", model.input_schema["properties"])


PROPERTIES: Final = [
    pytest.param(model, name, id=f"{model.name}.{name}")
    for model in MODELS
    for name in properties(model)
]
DEFAULTED: Final = [
    pytest.param(schema, id=f"{model.name}.{name}")
    for model in MODELS
    for name, schema in properties(model).items()
    if "default" in schema
]

each_model = pytest.mark.parametrize("model", MODELS, ids=FULL_NAMES)
each_property = pytest.mark.parametrize(("model", "name"), PROPERTIES)


def test_the_models_of_the_documents_are_there() -> None:
    """Each document names a model; all four can be asked for."""
    assert {
        "black-forest-labs/flux-fill-dev",
        "black-forest-labs/flux-kontext-dev",
        "black-forest-labs/flux-kontext-pro",
        "flux-kontext-apps/multi-image-kontext-max",
    } <= set(FULL_NAMES)


@each_model
def test_the_input_is_a_json_schema(model: Model) -> None:
    """Input obeys the meta-schema of Draft 2020-12."""
    Draft202012Validator.check_schema(dict(model.input_schema))


@each_property
def test_each_constraint_names_its_source(model: Model, name: str) -> None:
    """No type, default, range, enum or format without a document, sibling or upstream."""
    schema = properties(model)[name]
    sources = {entry["constraint"] for entry in schema["x-source"] if entry["from"]}
    assert sources == set(FACTS) & set(schema)


@pytest.mark.parametrize("schema", DEFAULTED)
def test_a_default_obeys_its_own_schema(schema: dict[str, Any]) -> None:
    """What a model takes by default is something one could have sent."""
    assert Validator(schema).is_valid(schema["default"])


@each_model
def test_the_required_members_name_their_source(model: Model) -> None:
    """`required` is a constraint like the others."""
    (source,) = cast("list[dict[str, str]]", model.input_schema["x-source"])
    assert source["constraint"] == "required"
    assert source["from"]


@each_model
def test_the_order_of_the_form_has_no_gap(model: Model) -> None:
    """x-order counts from 0, and the file keeps that order."""
    orders = [schema["x-order"] for schema in properties(model).values()]
    assert orders == list(range(len(orders)))


@each_model
def test_unknown_input_is_accepted(model: Model) -> None:
    """Upstream ignores input keys it does not know; so no schema closes its Input."""
    assert "additionalProperties" not in model.input_schema


@each_model
def test_log_lines_end_with_a_newline(model: Model) -> None:
    """Logs grow by whole lines."""
    assert all(line.text.endswith("\n") for line in model.log)


@pytest.mark.parametrize(
    ("full_name", "kind", "price"),
    [
        ("black-forest-labs/flux-fill-dev", OutputKind.FILES, Decimal("0.04")),
        ("black-forest-labs/flux-kontext-dev", OutputKind.FILE, Decimal("0.025")),
        ("black-forest-labs/flux-kontext-pro", OutputKind.FILE, Decimal("0.04")),
        ("flux-kontext-apps/multi-image-kontext-max", OutputKind.FILE, Decimal("0.08")),
    ],
)
def test_output_and_price(full_name: str, kind: OutputKind, price: Decimal) -> None:
    """The form of the output follows from its schema; the price is exact."""
    model = MODELS[FULL_NAMES.index(full_name)]
    assert (model.output_kind, model.price_usd_per_output) == (kind, price)


@pytest.mark.parametrize("model", [m for m in MODELS if m.match_policy == "kontext17"])
def test_kontext_knows_its_17_sizes(model: Model) -> None:
    """The nearest size is looked for among all 17, each about a megapixel."""
    sizes = set(model.pixel_sizes.values())
    assert len(sizes) == 17
    assert all(0.98e6 < width * height < 1.07e6 for width, height in sizes)


def test_a_model_tells_defaults_and_file_inputs() -> None:
    """What is left out is read from the schema; files come in the order of the form."""
    fill = MODELS[FULL_NAMES.index("black-forest-labs/flux-fill-dev")]
    assert [fill.default(name) for name in ("num_outputs", "seed", "no such")] == [1, None, None]
    assert fill.file_inputs == ("image", "mask")


@each_model
def test_a_model_can_be_a_key(model: Model) -> None:
    """Values hash, so that what is worked out for a model can be kept."""
    assert {model: 1}[model] == 1


def test_the_conditional_rule_is_a_switch_that_is_off() -> None:
    """That 2 is the most with an input picture stands in prose only, so it is not in Input."""
    rule = MODELS[FULL_NAMES.index("black-forest-labs/flux-kontext-pro")].conditional
    assert rule is not None
    assert not rule.default
    assert rule.then == {"properties": {"safety_tolerance": {"maximum": 2}}}


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("x-prise", 1, "x-prise: unknown key"),
        ("model", "a/b", "model: expected 'black-forest-labs/flux-fill-dev'"),
        ("version_id", "abc", "version_id: expected 64 hex digits"),
        ("Output", "string", "Output: expected a table"),
        ("x-medium", "smell", "x-medium: expected one of image, video, audio"),
        ("x-text", {"tokens": 0}, "x-text.tokens: expected 1 or more"),
        ("x-timing", {"boot_ms": -1, "run_ms": 1}, "x-timing: .*0 ms or more"),
        ("x-timing", {"boot_ms": 1}, "x-timing.run_ms: missing"),
        ("x-log", [{"at": 2, "text": "x"}], r"x-log\[0\].at: expected a part of the run"),
        ("x-log", [{"at": 0.5, "text": "x"}, {"at": 0.1, "text": "y"}], "x-log: .*in order"),
        ("x-pixel-sizes", {"1:1": [1024]}, "x-pixel-sizes.1:1: expected .*pixels"),
        ("x-match-policy", "any", "x-match-policy: expected one of kontext17, fit1440"),
        ("x-output-name", "{nmae}.png", "x-output-name: expected"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, key: str, value: object, named: str) -> None:
    """The error names the key, what was expected and what was seen."""
    path = tmp_path / "black-forest-labs" / "flux-fill-dev.json"
    path.parent.mkdir()
    described = json.loads(FILL.read_text(encoding="utf-8")) | {key: value}
    path.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(LibraryError, match=named):
        load_model(path)
