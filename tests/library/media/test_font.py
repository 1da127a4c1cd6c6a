"""Fonts: the first that has a character draws it, and none draws a box for want of one."""

from __future__ import annotations

import importlib.resources
import struct
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from mockserver.library.media import font
from mockserver.library.media.font import SOURCES, Face, Source, has_glyph


if TYPE_CHECKING:
    from collections.abc import Iterator

SEGMENTED_COVERAGE = 12
COLLECTION = b"ttcf"


def cmap(source: Source) -> frozenset[int]:
    """The code points a font maps to a glyph, read from its own table (OpenType: `cmap`)."""
    data = (importlib.resources.files(source.package) / source.file).read_bytes()
    start = number(data, 12 + 4 * source.place) if data.startswith(COLLECTION) else 0
    (tables,) = struct.unpack_from(">H", data, start + 4)
    records = [struct.unpack_from(">4sIII", data, start + 12 + 16 * n) for n in range(tables)]
    (table,) = [offset for tag, _, offset, _ in records if tag == b"cmap"]
    (count,) = struct.unpack_from(">H", data, table + 2)
    subtables = {table + number(data, table + 8 + 8 * n) for n in range(count)}
    (segmented,) = [
        place
        for place in subtables
        if struct.unpack_from(">H", data, place)[0] == SEGMENTED_COVERAGE
    ]
    groups = [
        struct.unpack_from(">III", data, segmented + 16 + 12 * n)
        for n in range(number(data, segmented + 12))
    ]
    return frozenset(code for first, last, _ in groups for code in range(first, last + 1))


def number(data: bytes, place: int) -> int:
    """The big-endian 32-bit number at a place."""
    return int.from_bytes(data[place : place + 4], "big")


@cache
def covered() -> frozenset[int]:
    """The code points of all font packages together."""
    return frozenset().union(*map(cmap, SOURCES))


def drawn(text: str, size_px: int = 20) -> Image.Image:
    """The text in white on black."""
    image = Image.new("L", (100, 40))
    Face(size_px).draw(ImageDraw.Draw(image), (5, 30), text, 255)
    return image


@given(st.characters())
def test_a_character_is_drawn_only_if_a_font_maps_it(char: str) -> None:
    """No box is ever drawn: `has_glyph` claims nothing that the fonts' own tables deny."""
    assert not has_glyph(char) or ord(char) in covered()


@pytest.mark.parametrize("char", "車车あ한éüŁğΩέЖїế€→“…，🄰")  # noqa: RUF001 full width on purpose
def test_what_the_fonts_map_is_drawn(char: str) -> None:
    """`has_glyph` does not give up on characters that the fonts' own tables list."""
    assert has_glyph(char) == (ord(char) in covered())


@pytest.mark.parametrize(
    "char", ["\0", "\n", "\u200b", "\ufe0f", "\ud800", "\U0010ffff", "\u00a0"]
)
def test_what_cannot_be_seen_has_no_glyph(char: str) -> None:
    """Controls, joiners, lone surrogates and unassigned code points are no letters."""
    assert not has_glyph(char)


@given(st.lists(st.sampled_from(["ab", "车", " ", "é", "한"]), max_size=8))
def test_a_text_is_as_long_as_its_runs(parts: list[str]) -> None:
    """Where the font changes, nothing overlaps and nothing is lost."""
    whole = Face(20).length_px("".join(parts))

    assert whole == pytest.approx(sum(map(Face(20).length_px, parts)), abs=1.0)


def test_letters_of_two_fonts_stand_on_one_baseline() -> None:
    """Latin beside Han: the flat foot of each is at the same height."""
    assert abs(feet("H") - feet("\u53e3")) <= 2


def feet(text: str) -> int:
    """How far down the text reaches, in pixels."""
    box = drawn(text).getbbox()
    assert box is not None
    return box[3]


def test_larger_letters_are_longer() -> None:
    """A face is one size in pixels."""
    assert Face(40).length_px("Red") == pytest.approx(2 * Face(20).length_px("Red"), rel=0.1)


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which no font package is installed."""
    monkeypatch.setattr(font, "SOURCES", (Source("no_such_font_package", "none.ttf"),))
    font.forget()
    yield
    font.forget()


@pytest.mark.usefixtures("without_packages")
@pytest.mark.parametrize(("char", "expected"), [("R", True), ("é", False), ("车", False)])
def test_without_its_packages_the_small_font_serves(char: str, *, expected: bool) -> None:
    """Pillow's own font knows few letters: it is asked like any other."""
    assert has_glyph(char) == expected
