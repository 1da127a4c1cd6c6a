"""Which formats can be made."""

from __future__ import annotations

import pytest

from mockserver.library.media.formats import FORMATS, extension
from mockserver.library.models import Medium


@pytest.mark.parametrize(
    ("medium", "asked", "made"),
    [
        (Medium.IMAGE, "webp", "webp"),
        (Medium.IMAGE, "jpeg", "jpeg"),
        (Medium.IMAGE, "svg", "png"),
        (Medium.IMAGE, None, "png"),
        (Medium.VIDEO, "webm", "webm"),
        (Medium.VIDEO, "png", "mp4"),
        (Medium.AUDIO, "mp3", "mp3"),
        (Medium.AUDIO, 3, "wav"),
        (Medium.TEXT, "srt", "txt"),
    ],
)
def test_what_cannot_be_made_is_made_as_usual(medium: Medium, asked: object, made: str) -> None:
    """An imported model may ask for anything."""
    assert extension(medium, asked) == made


@pytest.mark.parametrize("medium", Medium)
def test_every_medium_has_a_format(medium: Medium) -> None:
    """And each format a media type."""
    assert all("/" in media_type for media_type in FORMATS[medium].values())
