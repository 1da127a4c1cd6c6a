"""The JSON Schema of a body, made of what a page says of its members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mockserver.library.documents.page import Parameter


_KEPT: Final = ("type", "default", "enum", "minimum", "maximum", "format")
_LIMIT: Final = "maximum_with_"


def schema_of(parameters: Iterable[Parameter]) -> dict[str, object]:
    """The schema of the object whose members these are; what is not said is not constrained."""
    whole: dict[str, Any] = {"type": "object", "properties": {}}
    for one in parameters:
        if not one.path or "[]" in one.path:
            continue
        *outer, name = one.path.split(".")
        inside = whole
        for step in outer:
            inside = inside["properties"].setdefault(step, {})
            inside.setdefault("properties", {})
        described = inside["properties"].setdefault(name, {})
        described.update({word: one.said(word) for word in _KEPT if one.said(word) is not None})
        if one.said("required") is True:
            inside.setdefault("required", []).append(name)
        _conditions(one, inside)
    return whole


def _conditions(one: Parameter, inside: dict[str, Any]) -> None:
    for fact in one.facts:
        if fact.name.startswith(_LIMIT):
            given = fact.name.removeprefix(_LIMIT)
            limit = {"properties": {one.name: {"maximum": fact.value}}}
            inside.setdefault("allOf", []).append({"if": {"required": [given]}, "then": limit})
