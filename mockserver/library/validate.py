"""Whether a value obeys a JSON Schema, and what is wrong with it where it does not.

Two validators share the work. jsonschema_rs decides: it takes half a microsecond. Only what it
refuses is walked again by jsonschema, to word every fault; that is imported on the first refusal.
They cannot contradict each other about a single value, because jsonschema asks jsonschema_rs
about each keyword in which the two differ: numbers beyond 2**53, regular expressions (ECMA 262
here, Python's there) and formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Never, cast

import jsonschema_rs

from mockserver.library.invalid_fields import NEVER, Violation, violations_of


if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


# A body can hold more faults than anybody reads; wording them all would take seconds.
MAX_FAULTS: Final = 1000

_JUDGED_BY_THE_FAST_ONE: Final = (
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maximum",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
)

# Faults are told in the order of their keywords; each value meets only those of its own type.
# Source: the order of gojsonschema's checks. It tells properties in a random order, we by x-order.
_KEYWORD_ORDER: Final = (
    "type",
    "$ref",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "dependentRequired",
    "if",
    "minProperties",
    "maxProperties",
    "required",
    "additionalProperties",
    "propertyNames",
    "prefixItems",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "const",
    "enum",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "properties",
)
_RANKS: Final = MappingProxyType({word: rank for rank, word in enumerate(_KEYWORD_ORDER)})

# An absolute URI of RFC 3986, but with any character that is no control, space or backslash: file
# names in other scripts are common, and upstream lets them pass. The rest after "data:" is opaque.
# Source: gojsonschema asks Go's url.Parse, a scheme, and no backslash.
_URI: Final = pattern(
    r"[A-Za-z][A-Za-z0-9+.-]*+:"
    r"(?:(?!/)[^\x00-\x20\x7f\\]*+"
    r"|/(?:[^\x00-\x20\x7f\\%?]++|%[0-9A-Fa-f]{2})*+(?:\?[^\x00-\x20\x7f\\]*+)?)"
)


class SchemaBroken(ValueError):
    """A schema that is no JSON Schema of Draft 2020-12, or that refers to what is not in it."""


class ValidatorsDisagree(RuntimeError):
    """A value that the fast validator refuses and in which the other one finds no fault."""

    def __init__(self, instance: object) -> None:
        super().__init__(
            f"jsonschema_rs refuses {instance!r:.300}, but jsonschema finds no fault in it: "
            "name the keyword they differ in among those that only jsonschema_rs judges"
        )


class Validator:
    """A schema that values are checked against; compiled once, safe to share between threads.

    Raises SchemaBroken. The formats are asserted; "uri" is `is_uri`.
    """

    def __init__(self, schema: Mapping[str, object]) -> None:
        self._schema = cast("dict[str, Any]", _ordered(schema))
        self._fast = _fast(self._schema)

    def is_valid(self, instance: object) -> bool:
        """Whether `instance` obeys the schema."""
        return self._fast.is_valid(instance)

    def violations(self, instance: object) -> tuple[Violation, ...]:
        """What is wrong with `instance`: at most `MAX_FAULTS`, empty if nothing is.

        Raises ValidatorsDisagree, which no schema and value are known to do.
        """
        if self.is_valid(instance):
            return ()
        faults = islice(self._wordy.iter_errors(instance), MAX_FAULTS)
        found = tuple(dict.fromkeys(violations_of(faults)))
        if not found:
            raise ValidatorsDisagree(instance)
        return found

    @cached_property
    def _wordy(self) -> Draft202012Validator:
        return _wordy(self._schema)


def is_uri(text: str) -> bool:
    """Whether `text` is an absolute URI; the time is linear in its length."""
    return _URI.fullmatch(text) is not None


def _fast(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, formats={"uri": is_uri}, validate_formats=True, retriever=_refuse_to_fetch
        )
    except ValueError as error:
        raise SchemaBroken(f"expected a JSON Schema of Draft 2020-12: {error}") from error


def _refuse_to_fetch(uri: str) -> Never:
    raise LookupError(f"{uri} is not in the schema, and nothing is fetched")


def _wordy(schema: dict[str, Any]) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry

    judges = {keyword: _judge(keyword) for keyword in _JUDGED_BY_THE_FAST_ONE}
    extend: Any = validators.extend
    walker: Draft202012Validator = extend(Draft202012Validator, {**judges, "allOf": _all_of})(
        schema, registry=Registry()
    )
    return walker


def _judge(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    def judge(_walker: object, value: object, instance: object, _schema: object) -> Any:
        from jsonschema.exceptions import ValidationError

        if not _fast({keyword: value}).is_valid(instance):
            yield ValidationError(f"fails {keyword}")

    return judge


def _all_of(
    walker: Any, schemas: list[Any], instance: object, _schema: object
) -> Iterator[ValidationError]:
    # gojsonschema tells the faults of the parts and then that not all parts were met.
    from jsonschema.exceptions import ValidationError

    broken = False
    for index, part in enumerate(schemas):
        for error in walker.descend(instance, part, schema_path=index):
            broken = True
            yield error
    if broken:
        yield ValidationError("fails allOf")


def _ordered(schema: object) -> object:
    if schema is False:
        # The same schema, but jsonschema forgets where a plain false stands.
        return dict(NEVER)
    return _ordered_if_object(schema)


def _ordered_if_object(schema: object) -> object:
    if not isinstance(schema, Mapping):
        return schema
    words = sorted(schema, key=lambda word: _RANKS.get(word, len(_RANKS)))
    return {word: _CHILDREN.get(word, _same)(schema[word]) for word in words}


def _same(value: object) -> object:
    return value


def _each(schemas: Any) -> list[object]:
    return [_ordered(schema) for schema in schemas]


def _named(schemas: Any) -> dict[str, object]:
    return {name: _ordered(schema) for name, schema in schemas.items()}


def _by_x_order(properties: Any) -> dict[str, object]:
    def rank(name: str) -> float:
        schema = properties[name]
        return schema.get("x-order", len(properties)) if isinstance(schema, Mapping) else 0

    return _named({name: properties[name] for name in sorted(properties, key=rank)})


# Where schemas stand inside a schema; the value of any other keyword is taken as it is.
_CHILDREN: Final[Mapping[str, Callable[[Any], object]]] = MappingProxyType(
    {
        "$defs": _named,
        "additionalProperties": _ordered_if_object,
        "allOf": _each,
        "anyOf": _each,
        "contains": _ordered,
        "else": _ordered,
        "if": _ordered,
        "items": _ordered_if_object,
        "not": _ordered,
        "oneOf": _each,
        "patternProperties": _named,
        "prefixItems": _each,
        "properties": _by_x_order,
        "propertyNames": _ordered,
        "then": _ordered,
    }
)
