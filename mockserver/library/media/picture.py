"""A picture that stands in for a model's output, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.library.media.measure import MediaError


if TYPE_CHECKING:
    from collections.abc import Mapping

_MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a picture depends on: equal values are drawn as equal bytes.

    `width` and `height` in pixels; `format` png, jpg or webp; `quality` 0 to 100, ignored by
    png; `input_images` are the files a model was asked to edit, shown small in a corner.
    """

    model: str
    width: int
    height: int
    format: str
    quality: int
    seed: int
    index: int
    prompt: str
    input_images: tuple[bytes, ...] = ()


def media_type(picture_format: str) -> str:
    """The `Content-Type` of `png`, `jpg` or `webp`; raises MediaError for anything else."""
    try:
        return _MEDIA_TYPES[picture_format]
    except KeyError as error:
        known = ", ".join(_MEDIA_TYPES)
        raise MediaError(
            f"unknown picture format {picture_format!r}; expected one of {known}"
        ) from error
