"""Which file formats there are for each medium, and their media types."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mockserver.library.models import Medium


if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS: Final[Mapping[Medium, Mapping[str, str]]] = MappingProxyType(
    {
        Medium.IMAGE: {
            "png": "image/png",
            "jpg": "image/jpeg",
            "jpeg": "image/jpeg",
            "webp": "image/webp",
        },
        Medium.VIDEO: {"mp4": "video/mp4", "webm": "video/webm"},
        Medium.AUDIO: {"wav": "audio/wav", "mp3": "audio/mpeg"},
        Medium.TEXT: {"txt": "text/plain; charset=utf-8"},
    }
)
"""The media type of each extension; the first is the usual one."""


def extension(medium: Medium, asked: object) -> str:
    """The extension that was asked for, or the medium's usual one if that cannot be made."""
    known = FORMATS[medium]
    return asked if isinstance(asked, str) and asked in known else next(iter(known))
