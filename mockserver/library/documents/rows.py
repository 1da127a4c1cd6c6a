"""Tables of parameters in a page: lines as Apifox prints them, Markdown tables, and lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from re import IGNORECASE
from re import compile as pattern
from typing import Final

from mockserver.library.documents.page import Fact, Parameter, Where
from mockserver.library.documents.prose import facts_of, typed
from mockserver.library.documents.tree import Place


_NAME: Final = r"[A-Za-z_][\w.\-]{0,80}"
_TYPE: Final = (
    r"(?:string|str|integer|int|number|float|boolean|bool|object|array|list|null|any|file|uri"
    r"|enum)"
)
_TYPE_MORE: Final = r"(?:\s*[\[<(][\w\s|]*[\])>])?"
_NEEDED: Final = r"必需|必填|必选|可选|选填|非必需|非必填|required|optional"
_ROW: Final = pattern(
    rf"({_NAME})\s+({_TYPE}){_TYPE_MORE}(?:\s+({_NEEDED}))?(?:[\s,,::]+(.*))?", IGNORECASE
)
_NEEDED_LINE: Final = pattern(rf"({_NEEDED})(?:[\s,,]+(.*))?", IGNORECASE)
_LIST_ITEM: Final = pattern(
    rf"\s*[-*•]\s+[`*]*({_NAME})[`*]*\s*[((]([^()()]*)[))]\s*[::—\u2013-]?\s*(.*)"
)
_ZONES: Final = (
    (
        Where.HEADER,
        pattern(r"\W*(?:header\s*参数|请求头|headers?\b\s*(?:param\w*)?)\W*$", IGNORECASE),
    ),
    (Where.QUERY, pattern(r"\W*query\s*(?:参数|param\w*)", IGNORECASE)),
    (Where.PATH, pattern(r"\W*path\s*(?:参数|param\w*)", IGNORECASE)),
    (
        Where.ANSWER,
        pattern(r"\W*(?:返回|响应|responses?\b|returns?\b|answers?\b|output\b\W*$)", IGNORECASE),
    ),
    (
        Where.BODY,
        pattern(
            r"\W*(?:body\b|请求体|请求参数|输入参数|input\b\W*$|(?:request|input|body)\s+(?:body|param\w*|fields?)"
            r"|parameters?\b|参数)",
            IGNORECASE,
        ),
    ),
)
_ZONE_LONGEST: Final = 40
_ENDS: Final = pattern(r"\W*(?:示例|请求示例|examples?\b|#|```|curl\b)", IGNORECASE)
_TYPES: Final = {
    "str": "string",
    "uri": "string",
    "file": "string",
    "enum": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
}
_ADDRESSES: Final = frozenset({"uri", "file"})
"""Types that are told where the address of a file is taken."""
_REQUIRED: Final = {"必需", "必填", "必选", "required", "是", "yes", "true", "y", "✓", "✔", "✅"}
_OPTIONAL: Final = {
    *("可选", "选填", "非必需", "非必填", "optional", "否", "no", "false", "n", "-", "✗", "❌", "")
}
_COLUMNS: Final = (
    ("name", pattern(r"参数|字段|名称|name|parameter|field|key|header", IGNORECASE)),
    ("type", pattern(r"类型|type", IGNORECASE)),
    ("required", pattern(r"必|required|optional", IGNORECASE)),
    ("default", pattern(r"默认|default", IGNORECASE)),
    ("enum", pattern(r"枚举|可选值|取值|enum|values|options|allowed|range|范围", IGNORECASE)),
    ("text", pattern(r"说明|描述|备注|含义|desc|notes?|meaning", IGNORECASE)),
)


@dataclass(slots=True)
class Row:
    """A parameter as a table tells it, before it is known where it belongs."""

    where: Where
    name: str
    type: str
    line: int
    printed: bool = False
    """Whether it stands in a table as Apifox prints it, the members of an object below it."""
    facts: list[Fact] = field(default_factory=list)
    text: list[tuple[int, str]] = field(default_factory=list)

    def say(self, name: str, value: object, line: int, *, prose: bool = False) -> None:
        """Keep a fact."""
        self.facts.append(Fact(name, value, Place(line), prose))

    def parameter(self, path: str) -> Parameter:
        """The parameter at `path`, with what its sentences say."""
        known = {one.name for one in self.facts}
        said = [(line, text) for line, text in self.text if text]
        place = Place(said[0][0] if said else self.line)
        words = "\n".join(text for _, text in said)
        prose = [
            Fact(name, value, place, prose=True)
            for name, value in facts_of(words, self.type or None)
            if name not in known
        ]
        return Parameter(self.where, path, Place(self.line), (*self.facts, *prose), words)


def rows(lines: Sequence[str], first_line: int) -> Iterator[Row]:
    """The parameters that these lines tell, in order; the first of them has that number."""
    zone = Where.BODY
    current: Row | None = None
    columns: dict[str, int] = {}
    for index, line in enumerate(lines):
        number, text = first_line + index, line.strip()
        columns = columns if text.startswith("|") else {}
        following = lines[index + 1].strip() if index + 1 < len(lines) else ""
        found = _list_item(text, number, zone) or _printed(text, following, number, zone)
        if text.startswith("|"):
            columns, found = _table_line(text, columns, number, zone)
        # The head of a table names its columns, and not what the table is about.
        heading = not text.startswith("|")
        if found or not heading or _ends(text):
            zone = _zone(text, zone) if heading and not found else zone
            if current:
                yield current
            current = found
        elif current:
            current.text.append((number, "" if _NEEDED_LINE.fullmatch(text) else text))
    if current:
        yield current


def _zone(text: str, before: Where) -> Where:
    if len(text) > _ZONE_LONGEST:
        return before
    return next((where for where, begins in _ZONES if begins.match(text)), before)


def _ends(text: str) -> bool:
    """Whether what is said of a parameter ends before this line."""
    short = len(text) <= _ZONE_LONGEST and any(begins.match(text) for _, begins in _ZONES)
    return short or _ENDS.match(text) is not None


def _printed(text: str, following: str, line: int, zone: Where) -> Row | None:
    """`prompt string`, with whether it is needed in the same line or in the next one."""
    match = _ROW.fullmatch(text)
    if match is None:
        return None
    needed = _NEEDED_LINE.fullmatch(following)
    if not match[3] and not needed:
        return None
    row = _row(match[1], match[2], line, zone)
    row.printed = True
    row.text.append((line, match[4] or ""))
    if match[3]:
        row.say("required", _needed(match[3]), line)
    elif needed:
        row.say("required", _needed(needed[1]), line + 1)
    return row


def _list_item(text: str, line: int, zone: Where) -> Row | None:
    """`- **prompt** (string, required): what to paint`."""
    match = _LIST_ITEM.fullmatch(text)
    words = [word.strip() for word in match[2].replace(",", ",").split(",")] if match else []
    types = [word for word in words if pattern(_TYPE + _TYPE_MORE, IGNORECASE).fullmatch(word)]
    if match is None or not types:
        return None
    row = _row(match[1], types[0], line, zone)
    for word in words:
        if word.lower() in _REQUIRED | (_OPTIONAL - {""}):
            row.say("required", _needed(word), line)
    row.text.append((line, f"({', '.join(words)}) {match[3]}"))
    return row


def _table_line(
    text: str, columns: dict[str, int], line: int, zone: Where
) -> tuple[dict[str, int], Row | None]:
    """One line of a Markdown table: the head gives the columns, the others a row each."""
    cells = [cell.strip().strip("`*") for cell in text.strip("|").split("|")]
    if not columns:
        return _columns(cells), None
    named = {name: cells[at] for name, at in columns.items() if at < len(cells)}
    match = pattern(_NAME).fullmatch(named.get("name", ""))
    if match is None or "type" not in columns:
        return columns, None
    row = _row(match[0], named.get("type", ""), line, zone)
    if named.get("required", "?").lower() in _REQUIRED | _OPTIONAL:
        row.say("required", _needed(named["required"]), line)
    default = typed(named.get("default", ""), row.type)
    if default not in {None, "", "-", "—"}:
        row.say("default", default, line)
    values = named.get("enum", "")
    row.text += [(line, f"values: {values}" if "," in values else values)]
    row.text += [(line, named.get("text", ""))]
    return columns, row


def _columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        for name, known in _COLUMNS:
            if known.search(cell) and name not in found:
                found[name] = at
                break
    return found


def _row(name: str, type_: str, line: int, zone: Where) -> Row:
    plain = pattern(_TYPE, IGNORECASE).match(type_)
    word = plain[0].lower() if plain else ""
    row = Row(zone, name, _TYPES.get(word, word), line)
    if row.type:
        row.say("type", row.type, line)
    if word in _ADDRESSES:
        row.say("format", "uri", line)
    return row


def _needed(word: str) -> bool:
    return word.strip().lower() in _REQUIRED
