"""What documents say of the inputs of a model: each constraint with its origins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from re import compile as pattern
from typing import Final

from mockserver.library.deriving.facts import Drawn, Ground, Origin, Sayings
from mockserver.library.deriving.told import Told
from mockserver.library.documents.page import Parameter, Where
from mockserver.library.documents.tokens import masked
from mockserver.library.documents.tree import Tree
from mockserver.library.request_body import MEMBERS


CONSTRAINTS: Final = (
    *("type", "format", "items", "properties", "enum", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
    *("pattern", "minItems", "maxItems", "default"),
)
"""What of a schema says which inputs are right, in the order it is written."""

REQUIRED: Final = "required"
"""Whether an input has to be given: told of an input, and written beside all of them."""

LIMIT: Final = "maximum_with_"
"""What a limit that holds under a condition begins with; the input it depends on follows."""

_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_WITHIN: Final = "input."
ADDRESS: Final = pattern(r"(?:https?://|data:)\S+")
"""A text that is an address as a whole."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input: its description, and all that is said of it, by constraint."""

    name: str
    text: str
    said: Sayings = field(default_factory=Sayings)


def inputs_of(documents: Iterable[Told]) -> Mapping[str, Input]:
    """The inputs of one model, in the order in which they are first told or shown."""
    found: dict[str, Input] = {}
    kept = list(documents)
    for one in kept:
        _described(one, found)
    _shown(kept, found)
    return found


def required(inputs: Mapping[str, Input]) -> Drawn:
    """The names of the inputs that are required, as far as it is told which are."""
    told = {name: drawn for name, one in inputs.items() if (drawn := one.said.drawn(REQUIRED))}
    if not told:
        return Drawn([], (), "no document says which inputs are required")
    needed = {name: drawn.origins for name, drawn in told.items() if drawn.value is True}
    # Where all are told to be optional, that is said where the first of them stands.
    origins = chain.from_iterable(needed.values() or [next(iter(told.values())).origins])
    return Drawn(list(needed), tuple(origins))


def _told(document: Told) -> Iterator[Parameter]:
    """The inputs that a document describes."""
    body = document.creation.of(Where.BODY) if document.creation else ()
    within = "" if document.flat else _WITHIN
    return (
        one
        for one in body
        if one.name and one.path == f"{within}{one.name}" and one.path not in MEMBERS
    )


def _described(document: Told, found: dict[str, Input]) -> None:
    """Keep what is said of inputs, in schemas, tables and sentences."""
    written = _schemas(document)
    for one in _told(document):
        words = str(masked(one.text.strip()))
        kept = found.setdefault(one.name, Input(one.name, words)).said
        for fact in sorted(one.facts, key=lambda it: it.prose):
            known = fact.name in {REQUIRED, *CONSTRAINTS} or fact.name.startswith(LIMIT)
            if known and _usable(fact.name, fact.value):
                kept.say(fact.name, masked(fact.value), document.of(fact))
        schema = written.get(one.name)
        for word in CONSTRAINTS if schema else ():
            if schema and schema.has(word) and _usable(word, schema.at(word).value):
                part = schema.at(word)
                kept.say(word, masked(part.value), document.origin(part.place))


def _schemas(document: Told) -> Mapping[str, Tree]:
    """The schema of each input, where the page has schemas."""
    body = document.creation.body if document.creation else None
    at = ("properties",) if document.flat else ("properties", "input", "properties")
    return dict(body.at(*at).members()) if body else {}


def _usable(constraint: str, value: object) -> bool:
    """Whether JSON Schema knows the type; pages call some `any`."""
    types = value if isinstance(value, list) else [value]
    return constraint != "type" or all(one in _TYPES for one in types)


def _shown(documents: Sequence[Told], found: dict[str, Input]) -> None:
    """Keep the type and format of what examples give, where nobody says it."""
    values: dict[str, list[tuple[Tree, Origin]]] = {}
    for document in documents:
        for given in document.inputs():
            for name, value in given.members():
                origin = document.origin(value.place, Ground.SHOWN)
                values.setdefault(name, []).append((value, origin))
    for name, shown in values.items():
        said = found.setdefault(name, Input(name, "")).said
        addressed = all(ADDRESS.fullmatch(value.text()) for value, _ in shown)
        kinds = {
            "type": _type([value.value for value, _ in shown]),
            "format": "uri" if addressed else None,
        }
        for constraint, kind in kinds.items():
            if kind is not None and said.only_shown(constraint):
                for _, origin in shown:
                    said.say(constraint, kind, origin)


TYPE_NAMES: Final = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
"""What JSON Schema calls the types of values."""


def _type(values: Sequence[object]) -> object:
    """The type, or the types, that these values have; None where all are null."""
    types = list(dict.fromkeys(TYPE_NAMES[type(one)] for one in values if one is not None))
    if "number" in types and "integer" in types:
        types.remove("integer")
    return types[0] if len(types) == 1 else types or None


def unconditional(inputs: Mapping[str, Input]) -> Iterator[tuple[Input, str, Drawn]]:
    """The limits that hold once another input is given: of which, with which, and the limit."""
    for one in inputs.values():
        for constraint, drawn in one.said.all():
            other = constraint.removeprefix(LIMIT)
            if other != constraint and other in inputs:
                yield one, other, drawn
