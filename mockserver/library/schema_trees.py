"""Schemas as trees of whatever JSON can hold: copied, thinned out, moved into another document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def without(value: Any, keys: frozenset[str]) -> Any:
    """A copy of `value` with `keys` left out at every level."""
    if isinstance(value, Mapping):
        return {key: without(inner, keys) for key, inner in value.items() if key not in keys}
    if isinstance(value, list):
        return [without(inner, keys) for inner in value]
    return value


def within(value: Any, name: str) -> Any:
    """A copy of a schema whose own references are made to hold inside component `name`."""
    if isinstance(value, Mapping):
        return {key: _moved(key, inner, name) for key, inner in value.items()}
    if isinstance(value, list):
        return [within(inner, name) for inner in value]
    return value


def _moved(key: str, value: Any, name: str) -> Any:
    if key == "$ref":
        return value.replace("#/", f"#/components/schemas/{name}/", 1)
    return within(value, name)
