"""Text made fit for a picture: code points for what no font has, lines that fit."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from mockserver.library.media.font import has_glyph


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.library.media.font import Face

_LAST_SHORT = 0xFFFF

_HAN = r"\u2e80-\uffef\U00020000-\U0003ffff"
_CLOSING = (
    r"\u2019\u201d\u2026\u3001\u3002\u300b\u300d\u300f\u3011"
    r"\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
_PIECE = re.compile(
    r"\\u[0-9a-f]{4} *|\\U[0-9a-f]{8} *"
    rf"|[{_HAN}][{_CLOSING}]* *"
    rf"|[^ \\{_HAN}]+ *"
    r"|.",
)
"""Where a line may break: after a space, around a Han character (but not before a closing mark),
between escaped code points."""


def readable(text: str) -> str:
    """The text on one line; what no font has stands as its code point, as JSON writes it."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(char if has_glyph(char) else _escaped(char) for char in composed)


def wrapped(text: str, face: Face, width_px: float) -> list[str]:
    """The text in lines no wider than `width_px` (a single character may be)."""
    space_px = face.length_px(" ")
    lines: list[str] = []
    used_px = 0.0
    for piece, length_px in _pieces(text, face, width_px):
        if not lines or used_px + length_px > width_px:
            lines.append("")
            used_px = 0.0
        lines[-1] += piece
        used_px += length_px + space_px * piece.endswith(" ")
    return [line.rstrip() for line in lines]


def _pieces(text: str, face: Face, width_px: float) -> Iterator[tuple[str, float]]:
    """What a line is built from, and its length without the space that may end it.

    A word wider than a line comes character by character.
    """
    for piece in _PIECE.findall(text):
        length_px = face.length_px(piece.rstrip())
        if length_px > width_px:
            yield from ((char, face.length_px(char)) for char in piece)
        else:
            yield piece, length_px


def _escaped(char: str) -> str:
    """The code point of four digits, or of eight after a capital U."""
    code = ord(char)
    return f"\\u{code:04x}" if code <= _LAST_SHORT else f"\\U{code:08x}"
