"""JSON objects in the text of a page, where words are glued to both of their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import DOTALL
from re import compile as pattern
from typing import Final

from mockserver.library.documents.page import DocumentError
from mockserver.library.documents.tree import Lines, Tree, under
from mockserver.library.json_text import MAX_DEPTH, JsonError, loads


_BRACKETS_AND_STRINGS: Final = pattern(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', DOTALL)
_DEEPER: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_TOKENS: Final = pattern(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]++', DOTALL)
# A page without tricks is read about once; one that makes the search begin anew and anew is not.
_MOST_READINGS: Final = 20
_SHORTEST_JUDGED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """A balanced `{…}` at these offsets; `tree` is None where it is no JSON, for `reason`."""

    start: int
    end: int
    line: int
    tree: Tree | None
    reason: str = ""


def blocks(text: str, name: str) -> Iterator[Block]:
    """The outermost balanced braces of `text`, in order.

    Raises `DocumentError` for more than `MAX_DEPTH` levels, and for a text made to be slow.
    """
    lines = Lines(text)
    at, read = text.find("{"), 0
    while at >= 0:
        end, seen = _end(text, at, name, lines)
        read += seen
        if read > _MOST_READINGS * max(len(text), _SHORTEST_JUDGED):
            raise DocumentError(f"{name}: expected a page, seen a tangle of braces and quotes")
        if end:
            yield _block(text, at, end, lines.of(at))
        at = text.find("{", end or at + 1)


def json_tree(text: str, line: int = 1) -> Tree:
    """The value of `text`, which begins in that line. Raises `JsonError`."""
    return Tree(loads(text.encode()), lines_of(text, line))


def _block(text: str, start: int, end: int, line: int) -> Block:
    try:
        return Block(start, end, line, json_tree(text[start:end], line))
    except JsonError as error:
        return Block(start, end, line, None, error.reason)


def _end(text: str, start: int, name: str, lines: Lines) -> tuple[int, int]:
    """The offset behind the brace that closes that at `start`, or 0, and how much was read."""
    depth = 0
    for token in _BRACKETS_AND_STRINGS.finditer(text, start):
        depth += _DEEPER.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise DocumentError(
                f"{name}:{lines.of(start)}: expected at most {MAX_DEPTH} levels of JSON, seen more"
            )
        if depth == 0:
            return token.end(), token.end() - start
    return 0, len(text) - start


@dataclass(slots=True)
class _Frame:
    """An object or a list that is open; `key` is that of the member to come."""

    pointer: str
    key: str | int | None

    def next(self) -> None:
        self.key = self.key + 1 if isinstance(self.key, int) else None


def lines_of(text: str, line: int = 1) -> Mapping[str, int]:
    """The line of every part of the JSON in `text`, by its pointer; a member's is its key's."""
    found: dict[str, int] = {"": line}
    open_: list[_Frame] = []
    read = 0
    for word in _TOKENS.finditer(text):
        line += text.count("\n", read, word.start())
        read = word.start()
        _place(word[0], line, open_, found)
    return found


def _place(word: str, line: int, open_: list[_Frame], found: dict[str, int]) -> None:
    top = open_[-1] if open_ else None
    if word in "}]":
        open_.pop()
    elif word == ",":
        open_[-1].next()
    elif word != ":" and top is not None and top.key is None:
        top.key = str(loads(word.encode()))
        found[under(top.pointer, top.key)] = line
    elif word != ":":
        pointer = under(top.pointer, top.key) if top and top.key is not None else ""
        found.setdefault(pointer, line)
        if word in "{[":
            open_.append(_Frame(pointer, None if word == "{" else 0))
