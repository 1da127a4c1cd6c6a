"""A moving picture as WebM with VP8: every frame is the key frame of a lossy WebP file.

Sources: RFC 8794 (EBML), RFC 9559 (Matroska), RFC 9649 (WebP).
"""

from __future__ import annotations

import io
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Final

from mockserver.library.media.measure import MediaError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_INFO: Final = 0x1549A966
_TRACKS: Final = 0x1654AE6B
_CLUSTER: Final = 0x1F43B675
_SIMPLE_BLOCK: Final = 0xA3
_KEY_FRAME: Final = 0x80
_QUALITY: Final = 20


def webm(images: Sequence[Image.Image], frame_ms: int) -> bytes:
    """The images as a film; the same bytes for the same images within one release of Pillow."""
    width, height = images[0].size
    head = _element(
        _EBML,
        _number(0x4286, 1), _number(0x42F7, 1), _number(0x42F2, 4), _number(0x42F3, 8),
        _element(0x4282, b"webm"), _number(0x4287, 2), _number(0x4285, 2),
    )  # fmt: skip
    info = _element(
        _INFO,
        _number(0x2AD7B1, 1_000_000),
        _element(0x4489, pack(">d", len(images) * frame_ms)),
        _element(0x4D80, b"mockserver"),
        _element(0x5741, b"mockserver"),
    )
    video = _element(0xE0, _number(0xB0, width), _number(0xBA, height))
    track = _element(
        0xAE,
        _number(0xD7, 1), _number(0x73C5, 1), _number(0x9C, 0), _number(0x83, 1),
        _element(0x86, b"V_VP8"), video,
    )  # fmt: skip
    cluster = _element(_CLUSTER, _number(0xE7, 0), *_blocks(images, frame_ms))
    return head + _element(_SEGMENT, info, _element(_TRACKS, track), cluster)


def _blocks(images: Sequence[Image.Image], frame_ms: int) -> Iterator[bytes]:
    for place, image in enumerate(images):
        where = pack(">BhB", 0x81, place * frame_ms, _KEY_FRAME)
        yield _element(_SIMPLE_BLOCK, where, _key_frame(image))


def _key_frame(image: Image.Image) -> bytes:
    """The picture as VP8 codes it, without the file around it."""
    file = io.BytesIO()
    image.save(file, "WEBP", quality=_QUALITY, method=0)
    data = file.getvalue()
    at = 12
    while at + 8 <= len(data):
        name, size = unpack_from("<4sI", data, at)
        if name == b"VP8 ":
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise MediaError("the encoder wrote no lossy frame")


def _element(name: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    # A size of eight bytes: the first says how many there are.
    size = (1 << 56 | len(body)).to_bytes(8)
    return name.to_bytes((name.bit_length() + 7) // 8) + size + body


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))
