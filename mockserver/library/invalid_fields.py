"""What is wrong with a body, in the words upstream uses: those of the Go library gojsonschema.

Source: locale and error types of github.com/xeipuuv/gojsonschema 1.2. Upstream's own answers show
`required`, `enum`, `number_lte`, `format` and `additional_property_not_allowed`; that it uses the
library's texts for the rest too is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from re import search
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from mockserver.library.json_text import dumps, dumps_sorted


Details: TypeAlias = Iterable[Mapping[str, object]]

# The schema that no value obeys.
NEVER: Final[Mapping[str, object]] = MappingProxyType({"enum": []})

# Upstream checks the input apart from the body around it: a text that names a place counts from
# the input on, while `field` counts from the body.
# Source: "output_format must be one of…" is the text for the field input.output_format.
_INPUT: Final = "input"
_ROOT: Final = "(root)"
# Decimal exponents for which Go's %v writes a number plainly.
_PLAIN_EXPONENTS: Final = range(-4, 6)
_JSON_TYPES: Final = MappingProxyType(
    {bool: "boolean", dict: "object", int: "integer", list: "array", str: "string"}
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong: `field` is a dotted path, empty for the whole body."""

    field: str
    type: str
    description: str

    def wire(self) -> Mapping[str, str]:
        """One entry of `invalid_fields`, its keys in upstream's order."""
        return {"type": self.type, "field": self.field, "description": self.description}


class Fault(Protocol):
    """What is read of an error of jsonschema."""

    @property
    def validator(self) -> Any: ...
    @property
    def validator_value(self) -> Any: ...
    @property
    def instance(self) -> Any: ...
    @property
    def schema(self) -> Any: ...
    @property
    def message(self) -> str: ...
    @property
    def context(self) -> Sequence[Any] | None: ...
    @property
    def absolute_path(self) -> Iterable[str | int]: ...
    @property
    def absolute_schema_path(self) -> Iterable[str | int]: ...
    @property
    def relative_schema_path(self) -> Sequence[str | int]: ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How one keyword's failure is called and said; `details` fill the text, once per item."""

    type: str
    text: str
    details: Callable[[Fault], Details]


def problem_detail(violations: Iterable[Violation]) -> str:
    """All violations as upstream's `detail`: a line for each, the last one ended too."""
    return "".join(
        f"- {it.field}: {it.description}\n" if it.field else f"- {it.description}\n"
        for it in violations
    )


def violations_of(faults: Iterable[Fault]) -> Iterator[Violation]:
    """What jsonschema's `faults` say, in their order; behind an alternative its nearest branch.

    A value of a wrong type has no other faults. The same violation may come more than once.
    """
    for fault in _first_causes(faults):
        keyword = "false" if fault.schema == NEVER else fault.validator
        wording = WORDINGS.get(keyword, Wording(keyword, "{message}", _message))
        field = ".".join(map(str, fault.absolute_path))
        for details in wording.details(fault):
            yield Violation(field, wording.type, wording.text.format_map(details))
        yield from violations_of(_nearest_branch(fault.context or ()))


def _first_causes(faults: Iterable[Fault]) -> Iterator[Fault]:
    # "type" is the first keyword of every schema, so what it blocks follows it without a gap.
    where: tuple[object, ...] = ()
    schema: tuple[object, ...] | None = None
    for fault in faults:
        path, schema_path = tuple(fault.absolute_path), tuple(fault.absolute_schema_path)
        if schema == schema_path[: len(schema or ())] and where == path[: len(where)]:
            continue
        where, schema = (path, schema_path[:-1]) if fault.validator == "type" else ((), None)
        yield fault


def _nearest_branch(faults: Iterable[Fault]) -> Sequence[Fault]:
    branches: dict[object, list[Fault]] = {}
    for fault in faults:
        branches.setdefault(fault.relative_schema_path[0], []).append(fault)
    return min(branches.values(), key=_distance, default=())


def _distance(branch: Sequence[Fault]) -> tuple[bool, int]:
    of_wrong_type = list(branch[0].relative_schema_path)[1:] == ["type"]
    return of_wrong_type, len(branch)


def _nothing(_: Fault) -> Details:
    return ({},)


def _message(fault: Fault) -> Details:
    return ({"message": fault.message},)


def _bound(fault: Fault) -> Details:
    return ({"bound": _go_number(fault.validator_value)},)


def _value(fault: Fault) -> Details:
    return ({"value": fault.validator_value},)


def _types(fault: Fault) -> Details:
    expected = fault.validator_value
    several = f"[{','.join(expected)}]" if isinstance(expected, list) else expected
    return ({"expected": several, "given": _json_type(fault.instance)},)


def _missing(fault: Fault) -> Details:
    return ({"property": name} for name in fault.validator_value if name not in fault.instance)


def _additional(fault: Fault) -> Details:
    schema: Mapping[str, Any] = fault.schema
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    return (
        {"property": name}
        for name in fault.instance
        if name not in known and not any(search(pattern, name) for pattern in patterns)
    )


def _dependencies(fault: Fault) -> Details:
    return (
        {"dependency": name}
        for owner, names in fault.validator_value.items()
        if owner in fault.instance
        for name in names
        if name not in fault.instance
    )


def _allowed(fault: Fault) -> Details:
    values = fault.validator_value if fault.validator == "enum" else [fault.validator_value]
    path = [str(step) for step in fault.absolute_path]
    place = ".".join(path[1:] if path[:1] == [_INPUT] else path)
    allowed = ", ".join(dumps(_with_whole_numbers(value)).decode() for value in values)
    return ({"place": place or _ROOT, "allowed": allowed},)


def _twins(fault: Fault) -> Details:
    last: dict[bytes, int] = {}
    for index, item in enumerate(fault.instance):
        text = dumps_sorted(_with_whole_numbers(item))
        if text in last:
            yield {"i": last[text], "j": index}
        last[text] = index


def _with_whole_numbers(value: object) -> object:
    # 1 and 1.0 are the same number.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_whole_numbers(item) for name, item in value.items()}
    return value


def _json_type(value: object) -> str:
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return _JSON_TYPES.get(type(value), "null")


def _go_number(value: float) -> str:
    number = Decimal(str(value)).normalize()
    if number.adjusted() in _PLAIN_EXPONENTS:
        return format(number, "f")
    mantissa = format(number.scaleb(-number.adjusted()), "f")
    return f"{mantissa}e{number.adjusted():+03d}"


WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        "false": Wording("false", "False always fails validation", _nothing),
        "type": Wording(
            "invalid_type", "Invalid type. Expected: {expected}, given: {given}", _types
        ),
        "anyOf": Wording("number_any_of", "Must validate at least one schema (anyOf)", _nothing),
        "oneOf": Wording(
            "number_one_of", "Must validate one and only one schema (oneOf)", _nothing
        ),
        "allOf": Wording("number_all_of", "Must validate all the schemas (allOf)", _nothing),
        "not": Wording("number_not", "Must not validate the schema (not)", _nothing),
        "dependentRequired": Wording(
            "missing_dependency", "Has a dependency on {dependency}", _dependencies
        ),
        "minProperties": Wording(
            "array_min_properties", "Must have at least {value} properties", _value
        ),
        "maxProperties": Wording(
            "array_max_properties", "Must have at most {value} properties", _value
        ),
        "required": Wording("required", "{property} is required", _missing),
        "additionalProperties": Wording(
            "additional_property_not_allowed",
            "Additional property {property} is not allowed",
            _additional,
        ),
        "items": Wording(
            "array_no_additional_items", "No additional items allowed on array", _nothing
        ),
        "minItems": Wording("array_min_items", "Array must have at least {value} items", _value),
        "maxItems": Wording("array_max_items", "Array must have at most {value} items", _value),
        "uniqueItems": Wording("unique", "array items[{i},{j}] must be unique", _twins),
        "contains": Wording("contains", "At least one of the items must match", _nothing),
        "multipleOf": Wording("multiple_of", "Must be a multiple of {bound}", _bound),
        "maximum": Wording("number_lte", "Must be less than or equal to {bound}", _bound),
        "exclusiveMaximum": Wording("number_lt", "Must be less than {bound}", _bound),
        "minimum": Wording("number_gte", "Must be greater than or equal to {bound}", _bound),
        "exclusiveMinimum": Wording("number_gt", "Must be greater than {bound}", _bound),
        "const": Wording("const", "{place} does not match: {allowed}", _allowed),
        "enum": Wording("enum", "{place} must be one of the following: {allowed}", _allowed),
        "minLength": Wording(
            "string_gte", "String length must be greater than or equal to {value}", _value
        ),
        "maxLength": Wording(
            "string_lte", "String length must be less than or equal to {value}", _value
        ),
        "pattern": Wording("pattern", "Does not match pattern '{value}'", _value),
        "format": Wording("format", "Does not match format '{value}'", _value),
    }
)
