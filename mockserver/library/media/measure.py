"""Input images: decode a `data:` URI, read a size from a header."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes


if TYPE_CHECKING:
    from PIL import Image

LIMIT_BYTES = 10_000_000
"""Source: the inline limit of the official JavaScript client."""

MAX_PIXELS = 25_000_000

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    struct.error,
    Warning,
)
"""What Pillow raises, in practice, for bytes that are not the image they claim to be.

A warning is raised only in a process that turns warnings into errors, as test runs do.
"""

_DATA_URI = re.compile(
    r"data:(?P<type>[\w!#$&^.+-]+/[\w!#$&^.+-]+)?"
    r"(?P<parameters>(?:;[\w!#$&^.+-]+=(?:[^;,\"]*|\"[^\"]*\"))*)"
    r"(?P<base64>;base64)?,",
    re.ASCII | re.IGNORECASE,
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_SHOWN_CHARS = 40


class MediaError(ValueError):
    """Media that cannot be used; the message says what was seen and what was expected."""


def input_bytes(data_uri: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """The bytes a `data:` URI carries, at most `limit_bytes`; raises MediaError.

    Source: RFC 2397 (the form), RFC 4648 §4 (the alphabet, with padding).
    """
    head = _DATA_URI.match(data_uri)
    if head is None:
        seen = data_uri[:_SHOWN_CHARS]
        raise MediaError(f"not a data URI: {seen!r}; expected data:<type>/<subtype>;base64,<data>")
    payload = data_uri[head.end() :]
    _refuse_large(len(payload) * 3 // 4 - 2 if head["base64"] else 0, limit_bytes)
    data = _unquoted(payload)
    if head["base64"]:
        data = _from_base64(data)
    _refuse_large(len(data), limit_bytes)
    return data


def measure(data: bytes) -> tuple[int, int]:
    """Width and height in pixels as a viewer shows them; raises MediaError.

    Only the header is read: whether every pixel is there stays unknown.
    """
    with open_image(data) as image:
        width, height = image.size
        turned = _orientation(image) in _TURNED
    return (height, width) if turned else (width, height)


def open_image(data: bytes) -> Image.Image:
    """The image, its pixels not yet decoded; raises MediaError.

    Only formats that models take are tried (no EPS, no PDF: their readers run programs), and
    never more than `MAX_PIXELS`: one kilobyte can claim 65535 x 65535.
    """
    from PIL import Image

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except bombs as error:
        raise MediaError(f"image too large: {error}") from error
    except BROKEN_IMAGE as error:
        raise MediaError(
            f"not an image: {len(data)} bytes that begin {data[:12]!r}; expected {_expected()}"
        ) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"image too large: {width}x{height} pixels; the limit is {MAX_PIXELS} in all"
        )
    return image


def _refuse_large(size_bytes: int, limit_bytes: int) -> None:
    """Raise MediaError when there are more than `limit_bytes`."""
    if size_bytes > limit_bytes:
        raise MediaError(
            f"data URI too large: {size_bytes} bytes decoded; the limit is {limit_bytes}"
        )


def _unquoted(payload: str) -> bytes:
    """The payload with its percent escapes resolved; raises MediaError."""
    bad = _BAD_ESCAPE.search(payload)
    if bad is not None:
        raise MediaError(
            f"broken percent escape in data URI: {payload[bad.start() : bad.start() + 3]!r}"
        )
    if not payload.isascii():
        raise MediaError(
            "data URI holds characters outside ASCII; percent-encode them or use ;base64"
        )
    return unquote_to_bytes(payload)


def _from_base64(data: bytes) -> bytes:
    """The decoded bytes; raises MediaError for a foreign character or wrong padding."""
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise MediaError(f"broken base64 in data URI: {error}") from error


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 where there is none, or none that can be read."""
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # Pillow would decode every pixel to look for a late chunk.
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except BROKEN_IMAGE:
        return 1
    return found if isinstance(found, int) else 1


def _expected() -> str:
    """The formats, as an error names them."""
    return ", ".join(FORMATS[:-1]) + " or " + FORMATS[-1]
