"""JSON as bytes: read strictly, written compactly, integers exact in both directions.

What stands on the wire is read by orjson, which already refuses NaN, Infinity, numbers out of
range, lone surrogates, byte order marks and everything that is not UTF-8. Only a body with a long
run of digits takes the slower way of the standard library, because orjson makes a float of an
integer that needs more than 64 bits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from re import DOTALL
from re import compile as pattern
from typing import Final, Never

import orjson


MAX_DEPTH: Final = 64
MAX_INT_DIGITS: Final = 4300

# Every digit becomes "0" and every other byte a space, so that finding a run is one search.
_DIGITS: Final = bytes(ord("0") if chr(byte).isdecimal() else ord(" ") for byte in range(256))
# The least number of digits of an integer that 64 bits do not hold: -9223372036854775809.
_LONG_RUN: Final = b"0" * 19
# The last quote may be missing: a string that never ends must not be read more than once.
_BRACKETS_AND_STRINGS: Final = pattern(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', DOTALL)
_DEEPER: Final = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
# Any escape, so that a backslash is never taken for half of another; group 1 is a lone surrogate.
_ESCAPES: Final = pattern(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\.",
    DOTALL,
)


class JsonError(ValueError):
    """A body that is not strict JSON: `reason` says why, `at` is the offset in bytes."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} at byte {at}")
        self.reason = reason
        self.at = at


class _Literal(Exception):
    """A number whose `text` has to be refused for `reason`."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


def loads(body: bytes) -> object:
    """The value of a body in strict JSON; of equal keys the last one wins.

    At most `MAX_DEPTH` levels and `MAX_INT_DIGITS` digits in an integer. Raises JsonError.
    Source: Go's encoding/json, which upstream's errors point to, keeps the last of equal keys.
    """
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _refuse_depth(body)
    if _LONG_RUN in body.translate(_DIGITS):
        return _loads_exact(body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        _refuse(body, error)


def dumps(value: object) -> bytes:
    """`value` as compact UTF-8 JSON with the keys as given.

    Raises TypeError or ValueError for a value that `loads` never returns.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        return _dumps_exact(value, sort_keys=False)


def dumps_sorted(value: object) -> bytes:
    """`value` as compact UTF-8 JSON with the keys sorted at all levels.

    Raises TypeError or ValueError for a value that `loads` never returns.
    Source: Go's encoding/json writes a map in the order of its keys' bytes.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return _dumps_exact(value, sort_keys=True)


def _dumps_exact(value: object, *, sort_keys: bool) -> bytes:
    return json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=sort_keys,
        separators=(",", ":"),
    ).encode()


def _loads_exact(body: bytes) -> object:
    text = _decoded(body)
    try:
        value: object = json.loads(
            text, parse_int=_exact_int, parse_float=_finite, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        _refuse(body, error)
    except _Literal as literal:
        at = _bytes_before(text, text.find(literal.text))
        raise JsonError(literal.reason, at) from None
    for escape in _ESCAPES.finditer(text):
        if escape[1]:
            raise JsonError("a lone surrogate in a string", _bytes_before(text, escape.start(1)))
    return value


def _exact_int(text: str) -> int:
    if len(text.lstrip("-")) > MAX_INT_DIGITS:
        raise _Literal(f"an integer of more than {MAX_INT_DIGITS} digits", text)
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _Literal("a number that is out of range", text)
    return number


def _no_constant(text: str) -> Never:
    raise _Literal(f"{text} is no JSON", text)


def _refuse_depth(body: bytes) -> None:
    depth = 0
    for token in _BRACKETS_AND_STRINGS.finditer(body):
        depth += _DEEPER.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise JsonError(f"more than {MAX_DEPTH} levels", token.start())


def _refuse(body: bytes, error: json.JSONDecodeError) -> Never:
    text = _decoded(body)
    raise JsonError(error.msg, _bytes_before(text, error.pos)) from None


def _decoded(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise JsonError("not UTF-8", error.start) from None
    if text.startswith("\N{BYTE ORDER MARK}"):
        raise JsonError("a byte order mark", 0)
    return text


def _bytes_before(text: str, position: int) -> int:
    return len(text[:position].encode())


def members(value: object) -> Mapping[str, object]:
    """`value` if it is a JSON object, else one without members."""
    return value if isinstance(value, Mapping) else {}


def object_in(body: bytes) -> Mapping[str, object]:
    """The JSON object that a body is; one without members where it is none."""
    try:
        return members(loads(body))
    except JsonError:
        return {}


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal: numbers by their value, a flag is no number."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other
