"""What a sentence says of a parameter, in Chinese or English: default, values, range, limit."""

from __future__ import annotations

from collections.abc import Iterator
from re import IGNORECASE, Match, Pattern
from re import compile as pattern
from typing import Final


# A page is not ours: a sentence that is longer than any author's is not read to its end.
_LONGEST: Final = 4000

# So that no run of blanks is long enough to be read in many ways.
_BLANKS: Final = pattern(r"[^\S\n]+|\n\s*(?=\n)")

_N: Final = r"(-?\d+(?:\.\d+)?)"
_QUOTED: Final = r"[“\"'`「\u2018]([^”\"'`」\u2019\n]*)[”\"'`」\u2019]"
_WORD: Final = r"[A-Za-z0-9_:./-]*[A-Za-z0-9_]"
_VALUE: Final = rf"(?:{_QUOTED}|({_WORD}))"
_ITEM: Final = rf"(?:[“\"'`「\u2018][^”\"'`」\u2019\n]*[”\"'`」\u2019]|{_WORD})"
_BETWEEN: Final = r"(?:\s*[,,、|]\s*(?:or\s+|and\s+|或|和)?|\s+(?:or|and)\s+|\s*[或和]\s*)"
_END: Final = r"(?=\s*(?:[。;;))\n]|\.(?:\s|$)|$))"


def _pattern(text: str) -> Pattern[str]:
    return pattern(text, IGNORECASE)


_DEFAULTS: Final = (
    _pattern(rf"默认(?:值)?\s*(?:为|是)?\s*[::]?\s*{_VALUE}"),
    _pattern(rf"\bdefaults?(?:\s+value)?\s*(?:\bto\b|\bis\b|[:=])\s*{_VALUE}"),
    _pattern(rf"[((,,;;]\s*default\s+{_VALUE}\s*[)),,;;]"),
)
_LISTS: Final = (
    _pattern(
        r"(?:支持|可选值|枚举值?|取值|允许值|允许的值)\s*(?:为|是|包括|有)?\s*[::]?\s*"
        rf"({_ITEM}(?:{_BETWEEN}{_ITEM})+){_END}"
    ),
    _pattern(
        r"\b(?:one\s+of|supports?|supported(?:\s+values)?|allowed(?:\s+values)?|options"
        r"|(?:possible\s+)?values|choices|enum)\b\s*(?:are\b)?\s*[::]?\s*"
        rf"({_ITEM}(?:{_BETWEEN}{_ITEM})+){_END}"
    ),
)
_ITEMS: Final = pattern(rf"{_QUOTED}|({_WORD})")
_EXTREME: Final = r"(?:the\s+)?(?:most\s+\w+|least\s+\w+|\w+est|minimum|maximum)"
_RANGES: Final = (
    _pattern(rf"{_N}\s*(?:是|为)?最[\u4e00-\u9fff]+\s*[,,、;;]?\s*而?{_N}\s*(?:是|为)?最"),
    _pattern(
        rf"{_N}\s*(?:is|=|being)?\s*{_EXTREME}\s*[,;]?\s*(?:and\s+)?{_N}\s*(?:is|=)?\s*{_EXTREME}"
    ),
    _pattern(
        r"(?:范围|介于|从|\brange|\bbetween|\bfrom)\s*(?:为|是|of|is)?\s*[::]?\s*[\[((]?\s*"
        rf"{_N}\s*(?:-|\u2013|~|~|到|至|和|,|,|\.\.\.?|\bto\b|\band\b)\s*{_N}"
    ),
    _pattern(rf"(?<![\w.:-]){_N}\s*(?:-|\u2013|~|~|到|至|\.\.\.?|\bto\b)\s*{_N}(?![\w:])"),
)
_LEAST: Final = (
    _pattern(rf"(?:>=|≥|最小(?:值)?\s*(?:为|是)?\s*[::]?|\bmin(?:imum)?\s*(?:is|[:=])?)\s*{_N}"),
)
_MOST: Final = (
    _pattern(rf"(?:<=|≤|最大(?:值)?\s*(?:为|是)?\s*[::]?|\bmax(?:imum)?\s*(?:is|[:=])?)\s*{_N}"),
)
_CONDITIONS: Final = (
    _pattern(
        rf"{_N}\s*是(?:目前|当前)?(?:使用|有|提供|设置)\s*([\w\u4e00-\u9fff]+?)\s*时所?允许的最大值"
    ),
    _pattern(
        rf"{_N}\s+is\s+(?:currently\s+)?the\s+(?:current\s+)?maximum\s+(?:allowed\s+|value\s+)?"
        r"(?:when|if|with)\s+(?:an?\s+)?[`\"']?(\w+(?: \w+)?)[`\"']?"
        r"(?:\s+(?:is|are)\s+(?:used|set|given|provided)|[.,;]|\s*$)"
    ),
)
_PICTURES: Final = {"输入图像", "输入图片", "输入图", "input_images"}

_TRUTH: Final = {"true": True, "false": False, "是": True, "否": False}


def facts_of(text: str, type_: object = None) -> Iterator[tuple[str, object]]:
    """The facts in `text` about a parameter of that type, each name at most once.

    Values that the type does not have are not taken for facts. An enum holds the default too.
    """
    said = _BLANKS.sub(" ", text[:_LONGEST])
    default = _first(_DEFAULTS, said, type_)
    if default is not None:
        yield "default", default
    if type_ in {"string", None}:
        yield from _enum(said, default)
    if type_ in {"integer", "number"}:
        yield from _limits(said, type_)


def typed(text: str, type_: object) -> object:
    """The value that `text` spells for that type, or None."""
    if type_ == "boolean":
        return _TRUTH.get(text.lower())
    if type_ in {"integer", "number"}:
        return _number(text, type_)
    return text if type_ in {"string", None} else None


def _number(text: str, type_: object) -> object:
    try:
        number = float(text)
        return int(text) if type_ == "integer" or number == int(number) else number
    except (ValueError, OverflowError):
        return None


def _first(patterns: tuple[Pattern[str], ...], text: str, type_: object) -> object:
    for one in patterns:
        for match in one.finditer(text):
            value = typed(_told(match), type_)
            if value is not None and value != "":
                return value
    return None


def _told(match: Match[str]) -> str:
    """The value that a match found, in quotes or without."""
    return next((group for group in match.groups() if group is not None), "")


def _enum(text: str, default: object) -> Iterator[tuple[str, object]]:
    for one in _LISTS:
        match = one.search(text)
        if match:
            items = [_told(item) for item in _ITEMS.finditer(match[1])]
            words = [item for item in items if item not in {"or", "and"}]
            first = [default] if default is not None and default not in words else []
            yield "enum", [*first, *words]
            return


def _limits(text: str, type_: object) -> Iterator[tuple[str, object]]:
    rest = text
    for one in _CONDITIONS:
        match = one.search(rest)
        if match:
            yield f"maximum_with_{_condition(match[2])}", _number(match[1], type_)
            rest = rest[: match.start()] + rest[match.end() :]
    yield from _range(rest, type_)


def _range(text: str, type_: object) -> Iterator[tuple[str, object]]:
    for one in _RANGES:
        match = one.search(text)
        if match and float(match[1]) < float(match[2]):
            yield "minimum", _number(match[1], type_)
            yield "maximum", _number(match[2], type_)
            return
    for name, patterns in (("minimum", _LEAST), ("maximum", _MOST)):
        limit = _first(patterns, text, type_)
        if limit is not None:
            yield name, limit


def _condition(words: str) -> str:
    """The input that a condition speaks of."""
    name = "_".join(words.lower().split())
    return "input_image" if name in _PICTURES else name
