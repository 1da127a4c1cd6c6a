"""The schemas of an OpenAPI document: references followed, and said as JSON Schema says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.library.documents.page import DocumentError, Fact, Parameter, Where
from mockserver.library.documents.prose import facts_of
from mockserver.library.documents.tree import Tree, under


MAX_PARTS: Final = 100_000
"""How many values a document may have once each reference is written out."""
_DEEPEST: Final = 128
_KEPT: Final = ("type", "default", "enum", "minimum", "maximum", "format")
_EXCLUSIVE: Final = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


class Inliner:
    """Writes out the local references of `whole`; a part that contains itself ends there."""

    def __init__(self, whole: Tree, name: str) -> None:
        self._whole = whole
        self._name = name
        self._parts = 0
        self._lines = dict(whole.lines)

    def tree(self, part: Tree) -> Tree:
        """`part` without references. Raises `DocumentError` for one that leads nowhere."""
        return Tree(self._value(part, (), part.base), self._lines, part.base)

    def _value(self, part: Tree, within: tuple[str, ...], at: str) -> object:
        """The value of `part`, written out at the pointer `at`; its lines are kept there too."""
        self._parts += 1
        self._lines.setdefault(at, part.place.line)
        depth = at.count("/")
        if self._parts > MAX_PARTS or depth > _DEEPEST or len(within) > _DEEPEST:
            expected = f"at most {MAX_PARTS} values and {_DEEPEST} levels"
            raise self._error(part, expected, "more, by references")
        reference = part.at("$ref").value
        if isinstance(reference, str):
            return {} if reference in within else self._target(part, reference, within, at)
        if isinstance(part.value, dict):
            return {
                name: self._value(one, within, under(at, name)) for name, one in part.members()
            }
        if isinstance(part.value, list):
            return [self._value(one, within, under(at, i)) for i, one in enumerate(part.items())]
        return part.value

    def _target(self, part: Tree, reference: str, within: tuple[str, ...], at: str) -> object:
        if not reference.startswith("#/"):
            raise self._error(part, "a reference into the document itself (#/…)", reference)
        keys = [key.replace("~1", "/").replace("~0", "~") for key in reference[2:].split("/")]
        found = self._whole.at(*keys)
        if found.value is None:
            raise self._error(part, "a reference to something", reference)
        return self._value(found, (*within, reference), at)

    def _error(self, part: Tree, expected: str, seen: str) -> DocumentError:
        where = f"{self._name}:{part.place.line}"
        return DocumentError(f"{where}: {part.base}: expected {expected}, seen {seen:.200}")


def plain(schema: Tree) -> Tree:
    """An OpenAPI 3.0 schema as JSON Schema: nullable, and limits that are excluded."""
    return Tree(_plain(schema.value), schema.lines, schema.base)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    said: dict[str, object] = {name: _plain(one) for name, one in value.items()}
    if said.get("nullable") is True and isinstance(said.get("type"), str):
        said["type"] = [said["type"], "null"]
        listed = said.get("enum")
        if isinstance(listed, list):
            said["enum"] = [*listed, None]
    for excluded, limit in _EXCLUSIVE:
        if said.get(excluded) is True:
            said[excluded] = said.pop(limit, 0)
        elif said.get(excluded) is False:
            del said[excluded]
    return said


def parameters_of(schema: Tree, where: Where, prefix: str = "") -> Iterator[Parameter]:
    """The members of an object's schema, by dotted paths, each before its own members."""
    for part in schema.at("allOf").items():
        yield from parameters_of(part, where, prefix)
    needed = schema.at("required").value
    required = needed if isinstance(needed, list) else []
    for name, one in schema.at("properties").members():
        path = f"{prefix}{name}"
        said = Fact("required", name in required, one.place)
        words = one.at("description").text()
        yield Parameter(where, path, one.place, (said, *_facts(one)), words)
        yield from parameters_of(one, where, f"{path}.")
        yield from parameters_of(one.at("items"), where, f"{path}[].")


def _facts(schema: Tree) -> Iterator[Fact]:
    for word in _KEPT:
        if schema.has(word):
            yield Fact(word, schema.at(word).value, schema.at(word).place)
    text = schema.at("description")
    for name, value in facts_of(text.text(), _type(schema)):
        yield Fact(name, value, text.place, prose=True)


def _type(schema: Tree) -> str | None:
    """The type that is not null, where there is one."""
    said = schema.at("type").value
    kinds = [one for one in said if one != "null"] if isinstance(said, list) else [said]
    return kinds[0] if kinds and isinstance(kinds[0], str) else None
