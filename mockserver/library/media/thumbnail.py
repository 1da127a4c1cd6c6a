"""Input images made small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.library.media.measure import BROKEN_IMAGE, MediaError, open_image


if TYPE_CHECKING:
    from PIL import Image

_FRAME = (248, 248, 250)
_UNREADABLE = (110, 110, 118)


def thumbnail(data: bytes, side_px: int) -> Image.Image:
    """The image within a square, framed; a crossed-out tile when it cannot be decoded."""
    from PIL import ImageOps

    try:
        small = _shrunk(data, side_px)
    except (MediaError, *BROKEN_IMAGE):
        small = _crossed_out(side_px)
    return ImageOps.expand(small, border=max(1, side_px // 64), fill=_FRAME)


def _shrunk(data: bytes, side_px: int) -> Image.Image:
    """The upright image in full colour, on white where it is transparent."""
    from PIL import Image, ImageOps

    with open_image(data) as image:
        image.draft("RGB", (side_px, side_px))  # a JPEG then decodes at a fraction of its size
        image.thumbnail((side_px, side_px))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    ground = Image.new("RGB", upright.size, _FRAME)
    ground.paste(upright, mask=upright)
    return ground


def _crossed_out(side_px: int) -> Image.Image:
    """A grey tile with a cross."""
    from PIL import Image, ImageDraw

    tile = Image.new("RGB", (side_px, side_px), _UNREADABLE)
    pen = ImageDraw.Draw(tile)
    pen.line((0, 0, side_px, side_px), fill=_FRAME)
    pen.line((0, side_px, side_px, 0), fill=_FRAME)
    return tile
