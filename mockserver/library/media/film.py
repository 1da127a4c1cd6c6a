"""A short film: a picture over which a bar moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mockserver.library.media.mp4 import mp4
from mockserver.library.media.paint import painted
from mockserver.library.media.webm import webm


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PIL import Image

    from mockserver.library.media.picture import Picture

FRAMES: Final = 24
FRAME_MS: Final = 80
WIDTH: Final = 480
HEIGHT: Final = 272
_BAR_PX: Final = 12


def film(picture: Picture, extension: str) -> bytes:
    """`picture`, 480 x 272 pixels, for two seconds; `extension` is mp4 or webm."""
    still = painted(replace(picture, width=WIDTH, height=HEIGHT, format="jpg"))
    frames = [_frame(still, place) for place in range(FRAMES)]
    return _MUXERS[extension](frames, FRAME_MS)


def _frame(still: Image.Image, place: int) -> Image.Image:
    from PIL import ImageDraw

    frame = still.copy()
    done_px = WIDTH * (place + 1) // FRAMES
    ImageDraw.Draw(frame).rectangle((0, 0, done_px, _BAR_PX), fill=(248, 248, 250))
    return frame


_MUXERS: Final[Mapping[str, Callable[[Sequence[Image.Image], int], bytes]]] = {
    "mp4": mp4,
    "webm": webm,
}
