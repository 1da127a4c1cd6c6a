"""What Hypothesis draws: inputs, wrong inputs, and lives. Derived from the schemas.

Only this room and three of `fuzzing/` import Hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from mockserver.contract.life import Ask, Life
from mockserver.core.timeline import RETENTION_MS
from mockserver.library.models import Model
from mockserver.library.scenarios import Scenario


# A JSON Schema is a tree of whatever JSON can hold; there is nothing to be typed.
Schema = Mapping[str, Any]
Input = dict[str, Any]
Values = st.SearchStrategy[Any]

PICTURE: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest of pictures, written out."""

URIS: Final = (
    "https://example.com/cat.png",
    "http://example.com:8080/a%20b/cat.webp?size=1&x=%C3%A9#top",
    "https://例え.example/猫.jpg",
    PICTURE,
)
NO_URIS: Final = ("", "cat.png", "/cat.png", "//example.com/cat.png", "https://exa mple/", "%%%")

_WIDE: Final = 1 << 70
_OF_OTHER_TYPES: Final[Mapping[str, tuple[object, ...]]] = {
    "string": ("text",),
    "boolean": (True,),
    "integer": (7,),
    "number": (7.25,),
    "array": ([],),
    "object": ({},),
    "null": (None,),
}
# JSON Schema counts a whole number among the numbers.
_ALSO: Final = {"number": {"integer"}}


def inputs(model: Model) -> st.SearchStrategy[Input]:
    """Inputs that `model` accepts: all required members, any of the others, bounds included."""
    properties: Schema = _described(model)
    required = set(_required(model))
    drawn = {name: values(schema) for name, schema in properties.items()}
    return st.fixed_dictionaries(
        {name: drawn[name] for name in drawn if name in required},
        optional={name: drawn[name] for name in drawn if name not in required},
    )


def values(schema: Schema) -> Values:
    """Values that `schema` (one member of an Input) allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of(*(_OF_TYPE[name](schema) for name in _types(schema)))


def _texts(schema: Schema) -> Values:
    if schema.get("format") == "uri":
        return st.sampled_from(URIS)
    # "[[" could begin a magic word, which is not what a plain input is about.
    return st.text(max_size=80).filter(lambda text: "[[" not in text)


def _whole_numbers(schema: Schema) -> Values:
    least, most = schema.get("minimum", -_WIDE), schema.get("maximum", _WIDE)
    return st.sampled_from([least, most]) | st.integers(least, most)


def _flags(_: Schema) -> Values:
    return st.booleans()


def _nothing(_: Schema) -> Values:
    return st.none()


def _numbers(schema: Schema) -> Values:
    least, most = schema.get("minimum", -_WIDE), schema.get("maximum", _WIDE)
    bounds = st.sampled_from([least, most, float(least), float(most)])
    return bounds | st.floats(least, most, allow_nan=False)


_OF_TYPE: Final[Mapping[str, Callable[[Schema], Values]]] = {
    "string": _texts,
    "boolean": _flags,
    "integer": _whole_numbers,
    "number": _numbers,
    "null": _nothing,
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """An input with exactly one thing wrong: the field at fault, and what the refusal must name.

    `field` is a dotted path from the body; a missing member is a fault of the object around it.
    """

    input: Input = field(hash=False)
    field: str
    names: str
    fault: str


def invalid_inputs(model: Model) -> st.SearchStrategy[Mutation]:
    """Valid inputs of `model`, each with one member broken or left out."""
    faults, valid = st.sampled_from(tuple(_faults(model))), inputs(model)

    @st.composite
    def mutated(draw: st.DrawFn) -> Mutation:
        name, fault, value = draw(faults)
        given = draw(valid)
        if fault == "required":
            given.pop(name)
            return Mutation(given, "input", name, fault)
        return Mutation({**given, name: value}, f"input.{name}", name, fault)

    return mutated()


Fault = tuple[str, str, object]
"""A member, the keyword that its new value breaks, and that value."""


def _faults(model: Model) -> Iterator[Fault]:
    for name in _required(model):
        yield name, "required", None
    for name, schema in _described(model).items():
        for keyword, broken in _BREAKERS.items():
            for value in broken(schema):
                yield name, keyword, value


def _wrong_types(schema: Schema) -> Iterator[object]:
    allowed = set(_types(schema))
    allowed |= {also for name in allowed for also in _ALSO.get(name, ())}
    for name, wrong in _OF_OTHER_TYPES.items():
        if name not in allowed:
            yield from wrong


def _below(schema: Schema) -> Iterator[object]:
    if "minimum" in schema:
        yield from (schema["minimum"] - 1, -_WIDE)


def _above(schema: Schema) -> Iterator[object]:
    if "maximum" in schema:
        yield from (schema["maximum"] + 1, _WIDE)


def _unlisted(schema: Schema) -> Iterator[object]:
    if "enum" in schema:
        yield from ("", "no such thing", f"{schema['enum'][0]} ")


def _no_uris(schema: Schema) -> Iterator[object]:
    if schema.get("format") == "uri":
        yield from NO_URIS


_BREAKERS: Final[Mapping[str, Callable[[Schema], Iterator[object]]]] = {
    "type": _wrong_types,
    "minimum": _below,
    "maximum": _above,
    "enum": _unlisted,
    "format": _no_uris,
}


def advances_ms() -> st.SearchStrategy[int]:
    """How far time moves: often a step within a run, sometimes past everything."""
    past_all = st.sampled_from([0, 1, RETENTION_MS - 1, RETENTION_MS, 10 * RETENTION_MS])
    return st.integers(0, 2_000) | st.integers(0, 60_000) | past_all


def lives(models: Sequence[Model], scenarios: Sequence[Scenario]) -> st.SearchStrategy[Life]:
    """Any model's prediction, any scenario, and any order of looks, cancels and waiting."""
    acts = st.lists(advances_ms() | st.sampled_from(Ask), max_size=12)

    @st.composite
    def drawn(draw: st.DrawFn) -> Life:
        model = draw(st.sampled_from(models))
        given, scenario = draw(inputs(model)), draw(st.sampled_from(scenarios))
        return Life(model, given, scenario, tuple(draw(acts)))

    return drawn()


def _described(model: Model) -> Schema:
    described: Any = model.input_schema["properties"]
    members: Schema = described
    return members


def _required(model: Model) -> tuple[str, ...]:
    required: Any = model.input_schema.get("required", ())
    return tuple(required)


def _types(schema: Schema) -> tuple[str, ...]:
    named = schema["type"]
    return (named,) if isinstance(named, str) else tuple(named)
