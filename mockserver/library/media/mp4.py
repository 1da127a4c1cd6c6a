"""A moving picture as MP4 with AV1: frames coded as an AVIF sequence, put into boxes of our own.

Sources: ISO 14496-12 (boxes), the AV1-in-ISOBMFF binding (sample entry `av01`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Final

from mockserver.library.media.measure import MediaError


if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

_TIMESCALE: Final = 1000
_MATRIX: Final = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_TO_TABLES: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_VISUAL_ENTRY_BYTES: Final = 86


@dataclass(frozen=True, slots=True)
class _Coded:
    """What the encoder made: the decoder's configuration, each frame, and which are whole."""

    entry: bytes
    frames: tuple[bytes, ...]
    sync_table: bytes


def mp4(images: Sequence[Image.Image], frame_ms: int) -> bytes:
    """The images as a film; the same bytes for the same images within one release of Pillow."""
    coded = _coded(images, frame_ms)
    width, height = images[0].size
    kind = _box(b"ftyp", b"isom", pack(">I", 512), b"isom", b"iso6", b"av01", b"mp41")
    # The table of offsets is as long whatever it says, so the header can be measured first.
    data_at = len(kind) + len(_movie(coded, width, height, frame_ms, 0)) + 8
    movie = _movie(coded, width, height, frame_ms, data_at)
    return kind + movie + _box(b"mdat", *coded.frames)


def _coded(images: Sequence[Image.Image], frame_ms: int) -> _Coded:
    from PIL import features

    if not features.check("avif"):
        raise MediaError("MP4 needs a Pillow that can write AVIF (11.3 or later)")
    file = io.BytesIO()
    rest = list(images[1:])
    images[0].save(
        file, "AVIF", save_all=True, append_images=rest,
        duration=frame_ms, speed=10, quality=50, max_threads=1,
    )  # fmt: skip
    data = file.getvalue()
    tables = data
    for name in _TO_TABLES:
        tables = _inside(tables, name)
    entry = _inside(_inside(tables, b"stsd")[8:], b"av01")
    configuration = _inside(entry[_VISUAL_ENTRY_BYTES - 8 :], b"av1C")
    sizes = _inside(tables, b"stsz")
    (at,) = unpack_from(">I", _inside(tables, b"stco"), 8)
    return _Coded(configuration, tuple(_split(data, at, sizes)), _inside(tables, b"stss"))


def _split(data: bytes, at: int, sizes: bytes) -> list[bytes]:
    """The frames, which lie one behind the other from `at` on."""
    (count,) = unpack_from(">I", sizes, 8)
    frames = []
    for size in unpack_from(f">{count}I", sizes, 12):
        frames.append(data[at : at + size])
        at += size
    return frames


def _inside(boxes: bytes, name: bytes) -> bytes:
    """What the first box called `name` holds. Raises MediaError if there is none."""
    at = 0
    while at + 8 <= len(boxes):
        size, kind = unpack_from(">I4s", boxes, at)
        if kind == name:
            return boxes[at + 8 : at + size]
        at += max(size, 8)
    raise MediaError(f"the encoder wrote no box {name.decode()}")


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I4s", 8 + len(body), name) + body


def _full(name: bytes, flags: int, *parts: bytes) -> bytes:
    return _box(name, pack(">I", flags), *parts)


def _movie(coded: _Coded, width: int, height: int, frame_ms: int, data_at: int) -> bytes:
    """The header of one film of one track. Its times of making are 0, so that it never differs."""
    lasts = len(coded.frames) * frame_ms
    head = pack(">5IH10x", 0, 0, _TIMESCALE, lasts, 0x10000, 0x100)
    track = pack(">5I8x4H", 0, 0, 1, 0, lasts, 0, 0, 0, 0) + _MATRIX
    return _box(
        b"moov",
        _full(b"mvhd", 0, head, _MATRIX, bytes(24), pack(">I", 2)),
        _box(
            b"trak",
            _full(b"tkhd", 3, track, pack(">2I", width << 16, height << 16)),
            _box(
                b"mdia",
                _full(b"mdhd", 0, pack(">4I2H", 0, 0, _TIMESCALE, lasts, 0x55C4, 0)),
                _full(b"hdlr", 0, bytes(4), b"vide", bytes(13)),
                _box(
                    b"minf",
                    _full(b"vmhd", 1, bytes(8)),
                    _box(b"dinf", _full(b"dref", 0, pack(">I", 1), _full(b"url ", 1))),
                    _tables(coded, width, height, frame_ms, data_at),
                ),
            ),
        ),
    )


def _tables(coded: _Coded, width: int, height: int, frame_ms: int, data_at: int) -> bytes:
    count = len(coded.frames)
    sizes = pack(f">2I{count}I", 0, count, *map(len, coded.frames))
    entry = _box(
        b"av01",
        pack(">6xH16x2H2I4xH32xHh", 1, width, height, 0x480000, 0x480000, 1, 24, -1),
        _box(b"av1C", coded.entry),
    )
    return _box(
        b"stbl",
        _full(b"stsd", 0, pack(">I", 1), entry),
        _full(b"stts", 0, pack(">3I", 1, count, frame_ms)),
        _full(b"stsc", 0, pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", 0, sizes),
        _full(b"stco", 0, pack(">2I", 1, data_at)),
        _box(b"stss", coded.sync_table),
    )
