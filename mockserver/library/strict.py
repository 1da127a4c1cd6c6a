"""Data files read strictly: a key that nobody asks for is an error, as is one that is missing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar, cast

from mockserver.library.errors import LibraryError


T = TypeVar("T", str, int, bool)

_REQUIRED: Final = object()
_SHOWN_CHARACTERS: Final = 80


class Table:
    """One table of a data file; `file` and `at` say in errors where it stands."""

    __slots__ = ("_asked", "_values", "at", "file")

    def __init__(self, values: object, file: Path, at: str = "") -> None:
        self.file = file
        self.at = at
        self._asked: set[str] = set()
        if not isinstance(values, dict):
            raise self.error("", "a table", values)
        self._values: dict[str, object] = values

    def error(self, key: str, expected: str, seen: object) -> LibraryError:
        """The error that `key` should have held `expected`."""
        where = ".".join(part for part in (self.at, key) if part) or "the whole file"
        return LibraryError(f"{self.file}: {where}: expected {expected}, seen {_shown(seen)}")

    def __iter__(self) -> Iterator[str]:
        """The keys, as they stand in the file."""
        return iter(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        """The text at `key`."""
        return self._plain(key, str, "text", default)

    def integer(self, key: str, default: int | None = None) -> int:
        """The whole number at `key`."""
        return self._plain(key, int, "a whole number", default)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false at `key`."""
        return self._plain(key, bool, "true or false", default)

    def number(self, key: str) -> float:
        """The number at `key`, whole or not."""
        value = self.value(key)
        if type(value) not in (int, float):
            raise self.error(key, "a number", value)
        return float(cast("float", value))

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """The list of texts at `key`."""
        value = self.value(key, _REQUIRED if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, "a list of texts", value)
        return tuple(value)

    def one_of(self, key: str, choices: Sequence[str]) -> str:
        """The text at `key`, which is one of `choices`."""
        value = self.value(key)
        if value not in choices:
            raise self.error(key, "one of " + ", ".join(choices), value)
        return cast("str", value)

    def raw(self, key: str) -> Mapping[str, object]:
        """The table at `key` as it stands, such as an embedded JSON Schema."""
        value = self.value(key)
        if not isinstance(value, dict):
            raise self.error(key, "a table", value)
        return value

    def table(self, key: str) -> Table:
        """The table at `key`, to be read as strictly as this one."""
        return Table(self.value(key), self.file, self._under(key))

    def tables(self, key: str, default: Sequence[object] | None = None) -> Iterator[Table]:
        """The list of tables at `key`."""
        value = self.value(key, _REQUIRED if default is None else list(default))
        if not isinstance(value, list):
            raise self.error(key, "a list of tables", value)
        return (
            Table(item, self.file, f"{self._under(key)}[{index}]")
            for index, item in enumerate(value)
        )

    def value(self, key: str, default: object = _REQUIRED) -> object:
        """Whatever stands at `key`, or `default`; an error if there is neither."""
        self._asked.add(key)
        found = self._values.get(key, default)
        if found is _REQUIRED:
            raise LibraryError(
                f"{self.file}: {self._under(key)}: missing (found here: {', '.join(self._values)})"
            )
        return found

    def has(self, key: str) -> bool:
        """Whether there is such a key; asking does not count as reading it."""
        return key in self._values

    def skip(self, *keys: str) -> None:
        """Accept `keys`, which are for readers of the file only."""
        self._asked.update(keys)

    def done(self) -> None:
        """Raise if there is a key that was not asked for."""
        strange = [key for key in self._values if key not in self._asked]
        if strange:
            raise LibraryError(
                f"{self.file}: {self._under(strange[0])}: unknown key "
                f"(known here: {', '.join(sorted(self._asked))})"
            )

    def _under(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def _plain(self, key: str, kind: type[T], expected: str, default: T | None) -> T:
        value = self.value(key, _REQUIRED if default is None else default)
        # Not isinstance: true is no whole number here, although Python says so.
        if type(value) is not kind:
            raise self.error(key, expected, value)
        return value


def toml_table(path: Path) -> Table:
    """The TOML file at `path`; `LibraryError` if it is missing or broken."""
    return Table(toml_value(path), path)


def toml_value(path: Path) -> Mapping[str, object]:
    """What the TOML file at `path` holds; `LibraryError` if it is missing or broken."""
    try:
        return tomllib.loads(_text_of(path))
    except tomllib.TOMLDecodeError as broken:
        raise LibraryError(f"{path}: expected TOML: {broken}") from broken


def json_table(path: Path) -> Table:
    """The JSON file at `path`; `LibraryError` if it is missing or broken."""
    return Table(json_value(path), path)


def json_value(path: Path) -> object:
    """Whatever the JSON file at `path` holds; `LibraryError` if it is missing or broken."""
    try:
        value: object = json.loads(_text_of(path))
    except json.JSONDecodeError as broken:
        raise LibraryError(f"{path}: expected JSON: {broken}") from broken
    return value


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise LibraryError(f"{path}: there is no such file") from missing
    except UnicodeDecodeError as broken:
        raise LibraryError(f"{path}: expected UTF-8 text: {broken}") from broken


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
