"""The pieces of code in a page that send its example: one for each language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from re import compile as pattern
from typing import Final

from mockserver.library.documents.curl import Curl
from mockserver.library.documents.page import Fact
from mockserver.library.documents.tree import Place


_FENCE: Final = pattern(r"(?:```|~~~)\s*([\w+#-]*)\s*")
_BEGINS: Final = (
    ("javascript", pattern(r"(?:var|let|const)\s+\w+\s*=|fetch\(|await\s+fetch\(")),
    ("python", pattern(r"import\s+[\w.]+\s*$|from\s+[\w.]+\s+import\s")),
)
_CODE: Final = pattern(r"[\x20-\x7e\t]*[=({}\])][\x20-\x7e\t]*")
_NAMES: Final = {"js": "javascript", "node": "javascript", "py": "python", "golang": "go"}
# What is no program of its own, or is told as the example that it is.
_NO_PROGRAMS: Final = frozenset({"", "http", "json", "text", "txt", "yaml", "yml"})
_SHELLS: Final = frozenset({"bash", "console", "curl", "sh", "shell", "zsh"})


def snippets(text: str, asked: Sequence[Curl]) -> Iterator[Fact]:
    """The commands and programs of a page as they stand there, by language, in order.

    The name of a fact is the language.
    """
    for one in asked:
        yield Fact("curl", text[one.start : one.stop], one.request.place)
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at].strip())
        begins = next((name for name, first in _BEGINS if first.match(lines[at])), "")
        end = at + 1
        if fence:
            end = _closed(lines, end)
            name = fence[1].lower()
            if name not in _NO_PROGRAMS | _SHELLS:
                yield _program(_NAMES.get(name, name), lines, at + 1, end)
            end += 1
        elif begins:
            end = _left(lines, at, begins)
            yield _program(begins, lines, at, end)
        at = end


def _program(language: str, lines: Sequence[str], at: int, end: int) -> Fact:
    return Fact(language, "\n".join(lines[at:end]).rstrip(), Place(at + 1))


def _closed(lines: Sequence[str], at: int) -> int:
    """The line that closes the fence, or the end of all."""
    while at < len(lines) and not _FENCE.fullmatch(lines[at].strip()):
        at += 1
    return at


def _left(lines: Sequence[str], at: int, language: str) -> int:
    """The first line behind a program without a fence: another language, words, or the end."""
    others = [first for name, first in _BEGINS if name != language]
    after_blank = False
    while at < len(lines):
        line = lines[at]
        ended = after_blank and line.strip() and not _CODE.fullmatch(line)
        if ended or any(first.match(line) for first in others):
            break
        after_blank = not line.strip()
        at += 1
    return at
