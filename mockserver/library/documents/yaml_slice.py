"""The OpenAPI document in YAML that stands in a page, as a value with lines.

Only what JSON can say is read, by YAML 1.2's core schema: no tag, no alias, no date. So nothing
is built that a page could choose, and nothing grows beyond the page.
"""

from __future__ import annotations

from math import inf, isfinite
from re import MULTILINE
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final

from mockserver.library.documents.page import DocumentError
from mockserver.library.documents.tree import Tree, under
from mockserver.library.json_text import MAX_DEPTH


if TYPE_CHECKING:
    from yaml import Event

_BEGIN: Final = pattern(r"^(?:openapi|swagger)[ \t]*:", MULTILINE)
# A page goes on behind the document; what begins like one of its own members still belongs to it.
_MEMBER: Final = pattern(
    r"(?:openapi|swagger|info|servers|paths|webhooks|components|security|tags|externalDocs"
    r"|jsonSchemaDialect|host|basePath|schemes|x-[\w-]+)[ \t]*:|- |#|\s|$"
)
_INTEGER: Final = pattern(r"[-+]?[0-9]{1,4300}")
_NUMBER: Final = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CONSTANTS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def yaml_slice(text: str) -> tuple[str, int] | None:
    """The part of a page that is an OpenAPI document in YAML, and its first line; or None."""
    begin = _BEGIN.search(text)
    if begin is None:
        return None
    kept: list[str] = []
    for line in text[begin.start() :].split("\n"):
        if not _MEMBER.match(line):
            break
        kept.append(line)
    return "\n".join(kept) + "\n", text.count("\n", 0, begin.start()) + 1


def yaml_tree(text: str, name: str, first_line: int = 1) -> Tree:
    """The value of the YAML in `text`, which begins in that line. Raises `DocumentError`."""
    try:
        import yaml
    except ImportError:
        raise DocumentError(
            f"{name}: an OpenAPI document in YAML needs PyYAML: pip install 'mockserver[yaml]'"
        ) from None
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    builder = _Builder(name, first_line)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise DocumentError(
            f"{name}:{first_line + line}: expected YAML: {error.problem}"
        ) from None
    except yaml.YAMLError as error:
        raise DocumentError(f"{name}: expected YAML: {error}") from None
    return Tree(builder.whole, builder.lines)


class _Builder:
    """Makes a value of the events of a parser, one by one."""

    def __init__(self, name: str, first_line: int) -> None:
        self.whole: object = None
        self.lines: dict[str, int] = {"": first_line}
        self._name = name
        self._first_line = first_line
        self._open: list[tuple[Any, str]] = []
        self._key: list[str | None] = []

    def take(self, event: Event) -> None:
        """The next event. Raises `DocumentError` for what is not read."""
        import yaml

        line = self._first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent):
            raise self._error(line, "no alias; write out what it stands for", f"*{event.anchor}")
        if getattr(event, "tag", None) is not None:
            raise self._error(line, "no tag", getattr(event, "tag", None))
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({}, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._key.pop()

    def _begin(self, empty: dict[str, object] | list[object], line: int) -> None:
        pointer = self._put(empty, line)
        if len(self._open) >= MAX_DEPTH:
            raise self._error(line, f"at most {MAX_DEPTH} levels of YAML", "more")
        self._open.append((empty, pointer))
        self._key.append(None)

    def _scalar(self, event: Any, line: int) -> None:
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            self._key[-1] = event.value
            self.lines[under(self._open[-1][1], event.value)] = line
        else:
            self._put(event.value if event.style else _plain(event.value), line)

    def _put(self, value: object, line: int) -> str:
        """Puts a value where it belongs; returns its pointer."""
        if not self._open:
            self.whole = value
            return ""
        inside, base = self._open[-1]
        if isinstance(inside, list):
            inside.append(value)
            pointer = under(base, len(inside) - 1)
            self.lines[pointer] = line
            return pointer
        key = self._key[-1]
        if key is None:
            raise self._error(line, "a text as key", value)
        inside[key] = value
        self._key[-1] = None
        return under(base, key)

    def _error(self, line: int, expected: str, seen: object) -> DocumentError:
        return DocumentError(f"{self._name}:{line}: expected {expected}, seen {seen!s:.80}")


def _plain(text: str) -> object:
    """The value of a scalar without quotes. Source: YAML 1.2.2, 10.3.2."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _NUMBER.fullmatch(text) else inf
    return number if isfinite(number) else text
