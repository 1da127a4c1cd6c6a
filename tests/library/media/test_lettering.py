"""Text made fit for a picture: code points for what no font has, lines that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.media.font import Face, has_glyph
from mockserver.library.media.lettering import readable, wrapped


FACE = Face(20)


@pytest.mark.parametrize(
    "text", ["把这辆车变成红色", "café, Füße", "Привет мир", "Ωμέγα", "あア", "한국어"]
)
def test_the_scripts_of_most_prompts_are_drawn_as_they_are(text: str) -> None:
    """Chinese, Japanese, Korean, accented Latin, Cyrillic and Greek need no escape."""
    assert readable(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("😀", r"\U0001f600"),
        ("\u0e01", r"\u0e01"),
        ("a\0b", r"a\u0000b"),
        ("\ud800", r"\ud800"),
        ("\u200d", r"\u200d"),
        ("  two\n\twords ", "two words"),
        ("cafe\u0301", "caf\u00e9"),
        ("", ""),
    ],
)
def test_what_the_font_lacks_stands_as_its_code_point(text: str, expected: str) -> None:
    """Never a row of boxes: a code point can be read, and pasted back."""
    assert readable(text) == expected


@given(st.text(max_size=60))
def test_only_what_some_font_has_is_drawn(text: str) -> None:
    """Whatever the text: each character that is left has a glyph."""
    assert all(map(has_glyph, readable(text)))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80), st.integers(60, 400))
def test_lines_fit_and_lose_nothing(text: str, width_px: int) -> None:
    """Wrapped lines are no wider than asked and hold every letter in order."""
    shown = readable(text)
    lines = wrapped(shown, FACE, width_px)

    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
    assert max(map(FACE.length_px, lines), default=0) <= width_px


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("红色红色红色", ["红色红色", "红色"]),
        ("红色红色\uff0c红", ["红色红", "色\uff0c红"]),
        (r"\u0e01\u0e01", [r"\u0e01", r"\u0e01"]),
        ("unbreakable", ["unbreak", "able"]),
        ("", []),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, lines: list[str]) -> None:
    """After words, around Han characters but not before a comma, between code points."""
    assert wrapped(text, FACE, 86) == lines
