"""A value that obeys a JSON Schema, drawn from a seed: what models with plain JSON put out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final


_WORDS: Final = ("harbour", "lantern", "meadow", "orchard", "pebble", "quarry", "ribbon", "sail")
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "email": "someone@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_DEEPEST: Final = 12
_SPAN: Final = 100
"""How far above its minimum a number may lie where no maximum is said."""


@dataclass(slots=True)
class Sampler:
    """Draws values; `address` gives the address of the file with a number, from 0 on."""

    seed: int
    address: Callable[[int], str]
    files: int = 0
    _drawn: int = 0

    def value(self, schema: object, depth: int = 0) -> Any:
        """One value of `schema`; what a schema does not say is a text."""
        described: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
        for word in ("const", "default", "example"):
            if described.get(word) is not None:
                return described[word]
        if described.get("enum"):
            return described["enum"][self._below(len(described["enum"]))]
        for word in ("allOf", "anyOf", "oneOf"):
            if described.get(word):
                rest = {key: inner for key, inner in described.items() if key != word}
                return self.value({**rest, **_chosen(described[word])}, depth)
        return self._typed(described, depth)

    def _typed(self, schema: Mapping[str, Any], depth: int) -> Any:
        named = schema.get("type", "object" if "properties" in schema else "string")
        kind = next((one for one in named if one != "null"), "null") if _listed(named) else named
        if kind in {"object", "array"} and depth > _DEEPEST:
            return {} if kind == "object" else []
        match kind:
            case "object":
                members = schema.get("properties", {}).items()
                return {name: self.value(member, depth + 1) for name, member in members}
            case "array":
                count = max(1, int(schema.get("minItems", 1)))
                return [self.value(schema.get("items"), depth + 1) for _ in range(count)]
            case "integer" | "number":
                return self._number(schema, whole=kind == "integer")
            case "boolean" | "null":
                return self._below(2) == 1 if kind == "boolean" else None
            case _:
                return self._text(schema)

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        least: float = schema.get("minimum", min(0, schema.get("maximum", 0)))
        most: float = schema.get("maximum", least + _SPAN)
        if whole:
            return int(least) + self._below(max(1, int(most) - int(least) + 1))
        return round(least + (most - least) * self._below(_SPAN) / _SPAN, 2)

    def _text(self, schema: Mapping[str, Any]) -> str:
        wanted = schema.get("format", "")
        if wanted == "uri":
            self.files += 1
            return self.address(self.files - 1)
        if wanted in _FORMATS:
            return _FORMATS[wanted]
        return f"{_WORDS[self._below(len(_WORDS))]} {_WORDS[self._below(len(_WORDS))]}"

    def _below(self, limit: int) -> int:
        """A number from 0 up to, but not including, `limit`."""
        self._drawn += 1
        return (self.seed // self._drawn + 7 * self._drawn) % limit


def _chosen(schemas: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first alternative that is more than null."""
    real = (one for one in schemas if one.get("type") != "null")
    return next(real, {"type": "null"})


def _listed(value: object) -> bool:
    return isinstance(value, list)
