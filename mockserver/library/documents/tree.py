"""A JSON value that knows in which line of its document each part of it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final


_LONGEST_INDEX: Final = 9


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a document, counted from 1, and a JSON pointer into the value that is meant.

    The pointer starts at the whole document where that is OpenAPI, else at the JSON of the page.
    """

    line: int
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A value at `base`; `lines` tells where each pointer of the whole stands."""

    value: object = field(hash=False)
    lines: Mapping[str, int] = field(hash=False, repr=False)
    base: str = ""

    @property
    def place(self) -> Place:
        """Where it stands; a part that has no line of its own stands where its parent does."""
        pointer = self.base
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return Place(self.lines.get(pointer, 1), self.base)

    def at(self, *keys: str | int) -> Tree:
        """The part below these keys; its value is None where there is none."""
        found: Tree = self
        for key in keys:
            found = Tree(_child(found.value, key), self.lines, under(found.base, key))
        return found

    def has(self, key: str) -> bool:
        """Whether it is an object with such a member."""
        return isinstance(self.value, dict) and key in self.value

    def members(self) -> Iterator[tuple[str, Tree]]:
        """The members of an object; none where it is no object."""
        for name in self.value if isinstance(self.value, dict) else ():
            yield name, self.at(name)

    def items(self) -> Iterator[Tree]:
        """The items of a list; none where it is no list."""
        for index in range(len(self.value) if isinstance(self.value, list) else 0):
            yield self.at(index)

    def text(self) -> str:
        """The value if it is a text, else an empty one."""
        return self.value if isinstance(self.value, str) else ""


class Lines:
    """Which line, counted from 1, the characters of a text stand in."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        ends = (at for at, char in enumerate(text) if char == "\n")
        self._starts = [0, *(end + 1 for end in ends)]

    def of(self, offset: int) -> int:
        """The line of the character at `offset`."""
        return bisect_right(self._starts, offset)


def under(pointer: str, key: str | int) -> str:
    """The JSON pointer of the member `key` of what stands at `pointer`. Source: RFC 6901."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _child(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return value.get(key)
    index = str(key)
    if isinstance(value, list) and index.isdecimal() and len(index) <= _LONGEST_INDEX:
        return value[int(index)] if int(index) < len(value) else None
    return None
