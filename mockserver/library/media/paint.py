"""The pixels of a picture: a mosaic, a panel of text, a band, the images it was made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.library.media import palette as colours
from mockserver.library.media.font import Face
from mockserver.library.media.lettering import readable, wrapped
from mockserver.library.media.thumbnail import thumbnail


if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from mockserver.library.media.picture import Picture

PROMPT_CHARS = 120
BAND_TEXT = "MOCK   drawn by mockserver, not by a model"

_CELLS = 8
_MAX_THUMBNAILS = 4
_PROMPT_SIZES = (0.062, 0.050, 0.040, 0.032, 0.025)
"""Letter sizes for the prompt, as parts of the picture's shorter side, largest first."""

_PANEL_PART = 0.5
"""Most of the picture's height that the prompt may take before its letters shrink."""

_LINE = 1.36
_SMALL = 0.026
_SMALLEST_PX = 8
_BRIGHT, _DIM = 255, 165


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: letter size in pixels, brightness 0 to 255."""

    text: str
    size_px: int
    level: int

    @property
    def height_px(self) -> int:
        """The line with the space below it."""
        return round(self.size_px * _LINE)


def painted(picture: Picture) -> Image.Image:
    """The image: with a palette for png, in full colour otherwise."""
    canvas = _mosaic(picture)
    _add_panel(canvas, picture)
    _add_band(canvas)
    image = canvas if picture.format == "png" else canvas.convert("RGB")
    _add_inputs(image, picture.input_images)
    return image


def _mosaic(picture: Picture) -> Image.Image:
    """The ground: 8 x 8 cells in colours that follow from what was asked."""
    from PIL import Image

    digest = _digest(picture)
    cells = bytes(byte % colours.MOSAIC_COLOURS for byte in digest[1:])
    small = Image.frombytes("P", (_CELLS, _CELLS), cells)
    canvas = small.resize((picture.width, picture.height), Image.Resampling.NEAREST)
    canvas.putpalette(colours.palette(digest[0] / 256))
    return canvas


def _digest(picture: Picture) -> bytes:
    """One byte for the hue and one for each cell; quality and format change nothing."""
    asked = (picture.model, picture.prompt, picture.seed, picture.index)
    state = hashlib.shake_256(repr(asked).encode())
    for data in picture.input_images:
        state.update(hashlib.sha256(data).digest())
    return state.digest(1 + _CELLS * _CELLS)


def _add_panel(canvas: Image.Image, picture: Picture) -> None:
    """Lay the text over the lower part of the canvas."""
    from PIL import Image, ImageDraw

    unit = min(canvas.size)
    margin, padding = unit // 28, unit // 32
    width = canvas.width - 2 * margin
    lines = _panel_lines(picture, width - 2 * padding, canvas.height)
    height = sum(line.height_px for line in lines) + 2 * padding
    panel = _lettered((width, height), lines, (padding, padding), colours.PANEL_RAMP)
    accent = (0, 0, max(1, padding // 4), height)
    panel.paste(colours.ACCENT, accent)
    corners = Image.new("1", panel.size)
    box = (0, 0, width - 1, height - 1)
    ImageDraw.Draw(corners).rounded_rectangle(box, padding // 2, fill=1)
    canvas.paste(panel, (margin, canvas.height - margin - height), corners)


def _panel_lines(picture: Picture, width_px: int, height_px: int) -> list[Line]:
    """Model, prompt and numbers, from top to bottom."""
    unit = min(picture.width, picture.height)
    small_px = _size_px(unit, _SMALL)
    numbers = (
        f"{picture.width}x{picture.height}   seed {picture.seed}   index {picture.index}"
        f"   {picture.format}" + ("" if picture.format == "png" else f" q{picture.quality}")
    )
    return [
        *_lines(readable(picture.model), small_px, _DIM, width_px),
        *_prompt_lines(picture.prompt, unit, width_px, height_px),
        *_lines(numbers, small_px, _DIM, width_px),
    ]


def _prompt_lines(prompt: str, unit: int, width_px: int, height_px: int) -> list[Line]:
    """The prompt in the largest letters that fit; what does not fit even small is left out."""
    cut = prompt[:PROMPT_CHARS]
    text = readable(cut + "..." if len(prompt) > PROMPT_CHARS else cut)
    room_px = height_px * _PANEL_PART
    lines: list[Line] = []
    for part in _PROMPT_SIZES:
        lines = _lines(text, _size_px(unit, part), _BRIGHT, width_px)
        if sum(line.height_px for line in lines) <= room_px:
            return lines
    return lines[: max(1, int(room_px // lines[0].height_px))]


def _lines(text: str, size_px: int, level: int, width_px: int) -> list[Line]:
    """The text wrapped to a width."""
    return [Line(line, size_px, level) for line in wrapped(text, Face(size_px), width_px)]


def _size_px(unit: int, part: float) -> int:
    """A letter size; below the smallest, letters are no longer letters."""
    return max(_SMALLEST_PX, round(unit * part))


def _add_band(canvas: Image.Image) -> None:
    """Lay the warning over the top, so that nobody takes the picture for a model's."""
    height = max(_SMALLEST_PX + 2, min(canvas.size) // 28)
    size_px = max(_SMALLEST_PX, height * 5 // 8)
    line = Line(BAND_TEXT, size_px, _BRIGHT)
    corner = (min(canvas.size) // 28, height // 2 - size_px * 5 // 8)
    canvas.paste(_lettered((canvas.width, height), [line], corner, colours.BAND_RAMP), (0, 0))


def _lettered(
    size: tuple[int, int],
    lines: Sequence[Line],
    corner: tuple[int, int],
    ramp: int,
) -> Image.Image:
    """Lines of text in one of the palette's ramps: its first colour is the ground."""
    from PIL import Image, ImageDraw

    grey = Image.new("L", size)
    pen = ImageDraw.Draw(grey)
    x, y = corner
    for line in lines:
        Face(line.size_px).draw(pen, (x, y + line.size_px), line.text, line.level)
        y += line.height_px
    steps = [ramp + level * (colours.RAMP_STEPS - 1) // 255 for level in range(256)]
    return grey.point(steps, "P")


def _add_inputs(image: Image.Image, inputs: Sequence[bytes]) -> None:
    """Show what the picture was made from, small, below the band at the right."""
    shown = inputs[:_MAX_THUMBNAILS]
    unit = min(image.size)
    side = min(unit // 4, image.width // (len(shown) + 1))
    gap = unit // 28
    x = image.width - gap
    for data in reversed(shown):
        small = thumbnail(data, max(1, side))
        x -= small.width
        image.paste(_in_colours_of(image, small), (x, 2 * gap))
        x -= gap // 2


def _in_colours_of(image: Image.Image, small: Image.Image) -> Image.Image:
    """The thumbnail in the mode, and with the palette, of the image it goes on."""
    return small.quantize(palette=image) if image.mode == "P" else small
