"""The curl commands that stand in a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from mockserver.library.documents.json_blocks import json_tree
from mockserver.library.documents.page import Request
from mockserver.library.documents.tree import Lines, Place, Tree
from mockserver.library.json_text import JsonError


_BEGIN: Final = pattern(r"(?<![\w-])curl(?=\s+['\"-]|\s+https?://)")
# What may be glued behind a closing quote is a word of its own, so that it spoils no body.
_WORDS: Final = pattern(
    r"[ \t]++|\\\r?\n|(?P<end>\r?\n)|'(?P<raw>[^']*+)'|\"(?P<quoted>(?:[^\"\\]++|\\[\s\S])*+)\""
    r"|(?P<bare>[^\s'\"]++)|['\"]"
)
_ESCAPED: Final = pattern(r"\\([\"\\$`])")
_BODIES: Final = frozenset(
    {"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"}
)


@dataclass(frozen=True, slots=True)
class Curl:
    """A command at these offsets; `broken` says why its body, which looks like JSON, is none.

    It ends with the words that are glued to it, and stops before them.
    """

    start: int
    end: int
    stop: int
    request: Request
    broken: str = ""


def curls(text: str) -> Iterator[Curl]:
    """Every curl command of `text` that has an address."""
    at, lines = 0, Lines(text)
    while begin := _BEGIN.search(text, at):
        words, at = _words(text, begin.end())
        found = _read(words, lines, begin.start(), at)
        if found:
            yield found


@dataclass(frozen=True, slots=True)
class _Word:
    """A word at `offset`, which ends with its quote at `end`."""

    text: str
    offset: int
    end: int


def _words(text: str, at: int) -> tuple[list[_Word], int]:
    """The words from `at` to the end of the command, and that end."""
    words: list[_Word] = []
    for match in _WORDS.finditer(text, at):
        kind, at = match.lastgroup, match.end()
        if kind == "end":
            return words, match.start()
        if kind == "quoted":
            words.append(_Word(_ESCAPED.sub(r"\1", match["quoted"]), match.start() + 1, at))
        elif kind:
            words.append(_Word(match[kind], match.start(kind), at))
    return words, at


def _read(words: list[_Word], lines: Lines, start: int, end: int) -> Curl | None:
    method = url = broken = ""
    stop = start
    headers: list[tuple[str, str]] = []
    body: Tree | None = None
    previous = ""
    for one in words:
        word = one.text
        if previous in {"-X", "--request"}:
            method = word.upper()
        elif previous in {"-H", "--header"} and ":" in word:
            name, _, value = word.partition(":")
            headers.append((name.strip(), value.strip()))
        elif previous in _BODIES:
            body, broken = _body(word, lines.of(one.offset))
            method = method or "POST"
        elif word.startswith(("http://", "https://", "$")) and not url:
            url = word
        elif not word.startswith("-"):
            previous = word
            continue
        previous, stop = word, one.end
    if not url:
        return None
    place = Place(lines.of(start))
    return Curl(
        start, end, stop, Request(method or "GET", url, tuple(headers), body, place), broken
    )


def _body(word: str, line: int) -> tuple[Tree | None, str]:
    if not word.lstrip().startswith("{"):
        return None, ""
    try:
        return json_tree(word, line), ""
    except JsonError as error:
        return None, error.reason
