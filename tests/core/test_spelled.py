"""Escapes are undone, whatever their order, and every byte is known where it stood."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.spelled import MOST_LAYERS, spelled


Spelling = Callable[[str], str]

SPELLINGS: Final[tuple[Spelling, ...]] = (
    lambda text: quote(text, safe=""),
    lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    html.escape,
    lambda text: "".join(f"&#{ord(char)};" for char in text),
)
spellings = st.lists(st.sampled_from(SPELLINGS), max_size=4)
# A backslash is taken for an escape, and a percent sign or an ampersand may be one.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\\%&\r\n\t\f\b"), min_size=1)


def written(text: str, layers: list[Spelling]) -> bytes:
    """`text` in one spelling after the other."""
    for spelling in layers:
        text = spelling(text)
    return text.encode()


@given(texts, spellings)
def test_what_is_said_does_not_depend_on_how_it_is_spelled(
    text: str, layers: list[Spelling]
) -> None:
    """In any order, and in one another."""
    assert spelled(written(text, layers)).said == spelled(text.encode()).said


@given(before=texts, text=texts, after=texts, layers=spellings)
def test_each_part_is_known_where_it_stood(
    before: str, text: str, after: str, layers: list[Spelling]
) -> None:
    """What is cut out there is the part as it was spelled, no less and no more."""
    parts = [written(part, layers) for part in (before, text, after)]
    seen = spelled(b"|".join(parts))
    start = len(spelled(parts[0]).said) + 1
    end = start + len(spelled(parts[1]).said)
    first, last = seen.span(start, end)
    assert seen.said[start:end] == spelled(text.encode()).said
    assert b"|".join(parts)[first:last] == parts[1]


@given(st.binary(max_size=200))
def test_whatever_it_is_given_it_answers(data: bytes) -> None:
    """With no more bytes than it was given, each of which stood somewhere in it."""
    seen = spelled(data)
    assert len(seen.said) <= len(data)
    assert seen.span(0, len(seen.said))[1] <= len(data)


def test_the_depth_is_bounded() -> None:
    """Whoever writes deeper hides it even from those that it is for."""
    deep = "/"
    for _ in range(MOST_LAYERS + 1):
        deep = deep.replace("/", "%2F").replace("2", "%32")
    assert len(spelled(deep.encode()).layers) == MOST_LAYERS
