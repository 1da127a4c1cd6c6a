"""Fonts: the first that has a character draws it, and none draws a box for want of one.

Noto Sans (package `fontpkg-noto-sans`: Latin, Greek, Cyrillic) comes before Noto Sans CJK
(package `noto-cjk-sans-otc`: Han, kana, Hangul) and Pillow's own small font, which is there
even when the packages are not.
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, cast


if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_PROBE_PX = 20
_UNASSIGNED = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a font is: a package, a file in it, and the place of the face in the file."""

    package: str
    file: str
    place: int = 0


SOURCES = (
    Source("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    # Simplified Chinese, the third face of the collection, decides the shape of shared Han.
    Source("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", 2),
)


@dataclass(frozen=True, slots=True)
class Face:
    """All fonts at one size in pixels."""

    size_px: int

    def length_px(self, text: str) -> float:
        """How wide the text is drawn."""
        return sum(font.getlength(run) for font, run in self._runs(text))

    def draw(self, pen: ImageDraw, baseline: tuple[float, float], text: str, fill: int) -> None:
        """Draw the text from a point on its baseline to the right."""
        x, y = baseline
        for font, run in self._runs(text):
            pen.text((x, y), run, fill=fill, font=font, anchor="ls")
            x += font.getlength(run)

    def _runs(self, text: str) -> Iterator[tuple[FreeTypeFont, str]]:
        """The text in parts, each with the font that has it."""
        fonts = _fonts(self.size_px)
        for place, run in groupby(text, key=_place):
            yield fonts[place], "".join(run)


def has_glyph(char: str) -> bool:
    """Whether some font draws this character itself, not the box that stands for "missing"."""
    return char == " " or (char.isprintable() and _place(char) >= 0)


def forget() -> None:
    """Drop every cached font and glyph: needed only where the fonts themselves change."""
    for cached in (_fonts, _place, _missing):
        cached.cache_clear()


@cache
def _fonts(size_px: int) -> tuple[FreeTypeFont, ...]:
    """The fonts that are installed, in order of preference."""
    from PIL import ImageFont

    installed = [font for source in SOURCES for font in _loaded(source, size_px)]
    return (*installed, cast("FreeTypeFont", ImageFont.load_default(size_px)))


def _loaded(source: Source, size_px: int) -> Iterator[FreeTypeFont]:
    """The font, if its package is installed.

    The basic layout draws the same pixels whether or not a shaping library is installed.
    """
    from PIL import ImageFont

    try:
        path = importlib.resources.files(source.package) / source.file
    except ModuleNotFoundError:
        return
    basic = ImageFont.Layout.BASIC
    yield ImageFont.truetype(str(path), size_px, source.place, layout_engine=basic)


@lru_cache(maxsize=8192)
def _place(char: str) -> int:
    """Which of the fonts draws the character; -1 for none."""
    fonts = enumerate(_fonts(_PROBE_PX))
    return next((place for place, font in fonts if _mask(font, char) != _missing(place)), -1)


@cache
def _missing(place: int) -> bytes:
    """The pixels of the box that stands for a missing character."""
    return _mask(_fonts(_PROBE_PX)[place], _UNASSIGNED)


def _mask(font: FreeTypeFont, char: str) -> bytes:
    """The pixels of one character."""
    return bytes(font.getmask(char))
