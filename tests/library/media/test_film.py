"""Films: a few frames in a container that players read."""

from __future__ import annotations

from struct import unpack_from
from typing import Final

import pytest
from PIL import Image

from mockserver.library.media import mp4, webm
from mockserver.library.media.film import FRAME_MS, FRAMES, HEIGHT, WIDTH, film
from mockserver.library.media.measure import MediaError
from mockserver.library.media.picture import Picture


PICTURE: Final = Picture("a/b", 16, 16, "png", 80, 7, 0, "a boat at sea")
SMALL: Final = [Image.new("RGB", (32, 16), colour) for colour in ("red", "green", "blue")]
both = pytest.mark.parametrize("extension", ["mp4", "webm"])


@both
def test_a_film_is_small(extension: str) -> None:
    """Below 100 kB, so that tests are quick."""
    assert 1_000 < len(film(PICTURE, extension)) < 100_000


@both
def test_the_same_picture_makes_the_same_film(extension: str) -> None:
    """Byte for byte, whenever it is made."""
    assert film(PICTURE, extension) == film(PICTURE, extension)


def boxes(data: bytes) -> dict[str, bytes]:
    """The MP4 boxes that `data` is made of."""
    found, at = {}, 0
    while at < len(data):
        size, name = unpack_from(">I4s", data, at)
        found[name.decode()] = data[at + 8 : at + size]
        at += size
    assert at == len(data)
    return found


def inside(data: bytes, *path: str) -> bytes:
    """What lies in the box at the end of `path`."""
    for name in path:
        data = boxes(data)[name]
    return data


STBL: Final = ("moov", "trak", "mdia", "minf", "stbl")


def test_an_mp4_says_what_it_is() -> None:
    """Its brand, its length, its size in pixels, and that it is video."""
    data = film(PICTURE, "mp4")
    assert list(boxes(data)) == ["ftyp", "moov", "mdat"]
    assert inside(data, "ftyp")[:4] == b"isom"
    assert unpack_from(">2I", inside(data, "moov", "mvhd"), 12) == (1000, FRAMES * FRAME_MS)
    assert unpack_from(">2I", inside(data, "moov", "trak", "tkhd"), 76) == (
        WIDTH << 16,
        HEIGHT << 16,
    )
    assert inside(data, "moov", "trak", "mdia", "hdlr")[8:12] == b"vide"
    assert b"av01" in inside(data, *STBL, "stsd")


def test_the_frames_of_an_mp4_lie_where_its_tables_say() -> None:
    """One behind the other, from the first byte of the data to the last."""
    data = mp4.mp4(SMALL, 40)
    sizes = inside(data, *STBL, "stsz")
    (at,) = unpack_from(">I", inside(data, *STBL, "stco"), 8)
    (count,) = unpack_from(">I", sizes, 8)
    assert count == len(SMALL)
    assert at == data.index(b"mdat") + 4
    assert at + sum(unpack_from(f">{count}I", sizes, 12)) == len(data)


def test_an_mp4_needs_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pillow without it is told, with what to do."""
    monkeypatch.setattr("PIL.features.check", lambda _name: False)
    with pytest.raises(MediaError, match=r"MP4 needs a Pillow .*11\.3"):
        mp4.mp4(SMALL, 40)


def elements(data: bytes) -> list[tuple[int, bytes]]:
    """The EBML elements that `data` is made of, with sizes as we write them."""
    found, at = [], 0
    while at < len(data):
        length = 9 - data[at].bit_length()
        name, at = int.from_bytes(data[at : at + length]), at + length
        size = int.from_bytes(data[at : at + 8]) & (1 << 56) - 1
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size
    assert at == len(data)
    return found


def test_a_webm_holds_every_frame() -> None:
    """Each a key frame of VP8, at its time."""
    head, segment = elements(webm.webm(SMALL, 40))
    assert (head[0], segment[0]) == (0x1A45DFA3, 0x18538067)
    assert (0x4282, b"webm") in elements(head[1])
    _, tracks, cluster = elements(segment[1])
    assert b"V_VP8" in tracks[1]
    blocks = [data for name, data in elements(cluster[1]) if name == 0xA3]
    assert [unpack_from(">BhB", block) for block in blocks] == [
        (0x81, 40 * place, 0x80) for place in range(len(SMALL))
    ]
    assert {block[7:10] for block in blocks} == {b"\x9d\x01\x2a"}


def test_an_encoder_that_writes_something_else_is_told() -> None:
    """Not a broken film."""
    with pytest.raises(MediaError, match="no box moov"):
        mp4._inside(b"", b"moov")  # noqa: SLF001 - no encoder here can be made to do that
