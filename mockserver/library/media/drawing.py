"""A picture value made into a file."""

from __future__ import annotations

from mockserver.library.media.encode import encoded
from mockserver.library.media.measure import MediaError
from mockserver.library.media.paint import painted
from mockserver.library.media.picture import Picture, media_type


def draw(picture: Picture) -> bytes:
    """The file; the same bytes for the same value within one release of Pillow.

    Raises MediaError for an unknown format or a side below one pixel.
    """
    media_type(picture.format)
    if min(picture.width, picture.height) < 1:
        raise MediaError(
            f"picture of {picture.width}x{picture.height} pixels; each side must be at least 1"
        )
    return encoded(painted(picture), picture)
