"""Colours: sixteen for the mosaic, two ramps for letters, a cube for photographs."""

from __future__ import annotations

import colorsys
from itertools import product
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable

Colour = tuple[int, int, int]

MOSAIC_COLOURS = 16
RAMP_STEPS = 32
PANEL_RAMP = MOSAIC_COLOURS
BAND_RAMP = PANEL_RAMP + RAMP_STEPS
ACCENT = MOSAIC_COLOURS - 1

_COLUMNS = 4
_OPPOSITE = 0.5
_TURNS = (-0.06, 0.0, 0.06, _OPPOSITE)
_CUBE_SIDES = (6, 7, 4)

_LETTER: Colour = (248, 248, 250)
_BAND: Colour = (255, 193, 7)
_BAND_LETTER: Colour = (24, 18, 0)


def palette(hue: float) -> list[int]:
    """At most 256 colours as red, green, blue in a row, around a hue of 0 to 1."""
    panel = _colour(hue, 0.45, 0.11)
    colours = [
        *(_mosaic(hue, place) for place in range(MOSAIC_COLOURS)),
        *_ramp(panel, _LETTER),
        *_ramp(_BAND, _BAND_LETTER),
        *_cube(),
    ]
    return [part for colour in colours for part in colour]


def _mosaic(hue: float, place: int) -> Colour:
    """One of the mosaic's colours: neighbours of the hue, and every fourth its opposite."""
    row, column = divmod(place, _COLUMNS)
    shade = (row + column) % _COLUMNS
    return _colour(hue + _TURNS[column], 0.35 + 0.12 * row, 0.92 - 0.13 * shade)


def _ramp(start: Colour, end: Colour) -> Iterable[Colour]:
    """`RAMP_STEPS` colours from start to end: the grey levels of smooth letters."""
    for step in range(RAMP_STEPS):
        red, green, blue = (
            a + (b - a) * step // (RAMP_STEPS - 1) for a, b in zip(start, end, strict=True)
        )
        yield red, green, blue


def _cube() -> Iterable[Colour]:
    """Colours spread evenly, most of them in green, where the eye is keenest."""
    for place in product(*(range(side) for side in _CUBE_SIDES)):
        red, green, blue = (
            part * 255 // (side - 1) for part, side in zip(place, _CUBE_SIDES, strict=True)
        )
        yield red, green, blue


def _colour(hue: float, saturation: float, value: float) -> Colour:
    """Red, green, blue of 0 to 255."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, min(1.0, saturation), value)
    return round(red * 255), round(green * 255), round(blue * 255)
