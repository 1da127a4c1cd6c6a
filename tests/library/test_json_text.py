"""JSON as bytes, by its strict reader and its two writers."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.library.json_text import (
    MAX_DEPTH,
    MAX_INT_DIGITS,
    JsonError,
    dumps,
    dumps_sorted,
    loads,
)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
NUMBERS = (
    st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(TEXTS, values, max_size=4),
    max_leaves=20,
)
JSON_LIKE = st.text('{}[]:,"\\\t 0123456789-+.eEtruefalsnNIinityud8c\ufeffé', max_size=60)


def typed(value: object) -> str:
    """A value's text with its types: 1, 1.0 and True differ."""
    return repr(value)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    """`loads` undoes `dumps`, for integers of any size and floats to the last bit."""
    assert typed(loads(dumps(value))) == typed(value)


@given(VALUES)
def test_sorted_keys_change_nothing_but_the_order(value: object) -> None:
    """`dumps_sorted` writes the same value; its bytes do not depend on the order of keys."""
    written = dumps_sorted(value)
    assert loads(written) == value
    assert dumps_sorted(loads(written)) == written


@given(value=VALUES, ascii_only=st.booleans())
def test_strict_json_of_others_is_read_as_they_mean_it(*, value: object, ascii_only: bool) -> None:
    """Whatever the standard library writes is read as the same value, escaped or not."""
    body = json.dumps(value, ensure_ascii=ascii_only, indent=1).encode()
    assert typed(loads(body)) == typed(value)


@given(st.binary(max_size=200) | JSON_LIKE.map(str.encode))
@example(b'["\\' + b"9" * 30)
@example(b'"' + b"9" * 30 + b'\\ud800"')
@example(b'["' + b'\\"' * 100)
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"9" * 100_000)
@example(b"-" + b"9" * 100_000)
def test_any_bytes_are_a_value_or_a_json_error(body: bytes) -> None:
    """No body raises anything but JsonError, and what is read can be written again."""
    with suppress(JsonError):
        assert isinstance(dumps(loads(body)), bytes)


@given(JSON_LIKE, st.integers(10**19, 10**25))
def test_a_long_number_beside_it_makes_no_body_more_or_less_strict(text: str, long: int) -> None:
    """The way for long numbers accepts the same bodies as the fast one, with the same value."""
    assert _read(f"[{text},{long}]".encode()) == _read(f"[{text},7]".encode())


def _read(body: bytes) -> str | None:
    try:
        value = loads(body)
    except JsonError:
        return None
    assert isinstance(value, list)
    return typed(value[:-1])


@pytest.mark.parametrize(
    ("body", "at"),
    [
        pytest.param(b"", 0, id="empty"),
        pytest.param(b"\xef\xbb\xbf{}", 0, id="byte-order-mark"),
        pytest.param(b"\xef\xbb\xbf" + b"1" * 20, 0, id="byte-order-mark-exact"),
        pytest.param('{"a":1}'.encode("utf-16"), 0, id="utf-16"),
        pytest.param('{"a":1}'.encode("utf-16-le"), 1, id="utf-16-without-mark"),
        pytest.param(b'["\xff"]', 2, id="not-utf-8"),
        pytest.param(b'["\xed\xa0\x80"]', 2, id="surrogate-bytes"),
        pytest.param(b'["\\ud800"]', None, id="lone-high-surrogate"),
        pytest.param(b'["\\udc00\\ud800"]', None, id="surrogates-swapped"),
        pytest.param(b'[%d,"\\\\\\ud800"]' % 10**20, 26, id="lone-surrogate-exact"),
        pytest.param(b"[NaN]", 1, id="nan"),
        pytest.param(b"[%d,NaN]" % 10**20, 23, id="nan-exact"),
        pytest.param(b"[-Infinity]", None, id="infinity"),
        pytest.param(b"[%d,-Infinity]" % 10**20, 23, id="infinity-exact"),
        pytest.param(b"[1e999]", None, id="out-of-range"),
        pytest.param(b"[%d,1e999]" % 10**20, 23, id="out-of-range-exact"),
        pytest.param(b"[" + b"1" * (MAX_INT_DIGITS + 1) + b"]", 1, id="too-many-digits"),
        pytest.param(b"[" * (MAX_DEPTH + 1), MAX_DEPTH, id="too-deep"),
        pytest.param("[é x]".encode(), 1, id="offset-in-bytes-first"),
        pytest.param('["é" x]'.encode(), 6, id="offset-in-bytes"),
        pytest.param(b'{"a":1}x', 7, id="more-than-one-value"),
        pytest.param(b"%dx" % 10**20, 21, id="more-than-one-value-exact"),
        pytest.param(b'["\n"]', 2, id="raw-control-character"),
        pytest.param(b"[01]", None, id="leading-zero"),
        pytest.param(b"[1,]", None, id="trailing-comma"),
        pytest.param(b"{'a':1}", 1, id="single-quotes"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_its_place(body: bytes, at: int | None) -> None:
    """The refusal names a reason and the offset in bytes (None: the parser's own choice)."""
    with pytest.raises(JsonError) as caught:
        loads(body)
    assert caught.value.reason
    assert at is None or caught.value.at == at
    assert str(caught.value).endswith(f"at byte {caught.value.at}")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"18446744073709551616", 2**64),
        (b"-9223372036854775809", -(2**63) - 1),
        (b"1" + b"0" * (MAX_INT_DIGITS - 1), 10 ** (MAX_INT_DIGITS - 1)),
        (b"-0", 0),
        (b"1.0", 1.0),
        (b"1e5", 100000.0),
        (b"0.12345678901234567890", 0.12345678901234568),
        (b'"\\u0000"', "\x00"),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b'{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
        (b'{"a":1,"a":%d}' % 10**20, {"a": 10**20}),
        (b'"' + b"[" * 100 + b'\\"{"', "[" * 100 + '"{'),
        (b"[" + b"[]," * 99 + b"[]]", [[]] * 100),
        (b" [\t1\r\n] ", [1]),
    ],
)
def test_strict_json_is_read_exactly(body: bytes, value: object) -> None:
    """Integers stay exact, the last of equal keys wins, brackets in strings are no levels."""
    assert typed(loads(body)) == typed(value)


def test_the_deepest_body_is_read() -> None:
    """`MAX_DEPTH` levels are read, one more is not."""
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert dumps(loads(body)) == body
    with pytest.raises(JsonError, match="levels"):
        loads(b"[" + body + b"]")


@pytest.mark.parametrize("big", [2, 10**30])
def test_json_is_written_compactly_in_utf_8(big: int) -> None:
    """No space, no escape that is not needed; keys as given or sorted by their bytes."""
    value = {"é": "猫", "b": [big, None], "a": {"z": 1, "B": True}}
    assert dumps(value) == f'{{"é":"猫","b":[{big},null],"a":{{"z":1,"B":true}}}}'.encode()
    assert dumps_sorted(value) == (
        f'{{"a":{{"B":true,"z":1}},"b":[{big},null],"é":"猫"}}'.encode()
    )


@pytest.mark.parametrize("value", [{1, 2}, "\ud800", object()])
def test_what_is_no_json_is_not_written(value: object) -> None:
    """A value that no body can hold is an error of the caller."""
    with pytest.raises((TypeError, ValueError)):
        dumps(value)
