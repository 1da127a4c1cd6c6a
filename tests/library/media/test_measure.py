"""Input images: `data:` URIs decoded, sizes read from headers, hostile files refused."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mockserver.library.media.measure import MAX_PIXELS, MediaError, input_bytes, measure


UPRIGHT, TURNED_RIGHT = 1, 6
ORIENTATION = 0x0112
ORIENTATION_AS_TEXT = b"II*\0" + struct.pack("<IHHHI4sI", 8, 1, ORIENTATION, 2, 2, b"6\0", 0)


def image_file(size: tuple[int, int], kind: str, **options: Any) -> bytes:
    """A real file of a format Pillow writes."""
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def orientation(value: int) -> bytes:
    """An EXIF block that says how the camera was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return exif.tobytes()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes whose header gives any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )


@given(st.binary(max_size=200), st.sampled_from(["image/png", "", "text/plain;charset=utf-8"]))
def test_base64_comes_back_as_it_went_in(data: bytes, kind: str) -> None:
    """A `;base64` URI gives exactly the bytes that were encoded."""
    assert input_bytes(f"data:{kind};base64,{base64.b64encode(data).decode()}") == data


@given(st.binary(max_size=200))
def test_percent_form_comes_back_as_it_went_in(data: bytes) -> None:
    """Without `;base64`, `%XX` stands for one byte."""
    assert input_bytes("data:," + "".join(f"%{byte:02X}" for byte in data)) == data


@pytest.mark.parametrize(
    ("uri", "complaint"),
    [
        ("", "not a data URI"),
        ("https://example.com/a.png", "not a data URI"),
        ("data:image/png;base64", "not a data URI"),
        (" data:,x", "not a data URI"),
        ("data:image png;base64,AAAA", "not a data URI"),
        ("data:;base64,AAA", "broken base64"),
        ("data:;base64,AA=A", "broken base64"),
        ("data:;base64,AA AA", "broken base64"),
        ("data:;base64,__--", "broken base64"),
        ("data:,100%", "broken percent escape"),
        ("data:,%zz", "broken percent escape"),
        ("data:,\u8f66", "outside ASCII"),
        ("data:;base64,\u8f66", "outside ASCII"),
    ],
)
def test_a_broken_data_uri_is_refused(uri: str, complaint: str) -> None:
    """Nothing is guessed: what is not a `data:` URI to the letter is an error that says why."""
    with pytest.raises(MediaError, match=complaint):
        input_bytes(uri)


@pytest.mark.parametrize("uri", ["data:;base64,QUJDREU=", "data:,ABCDE", "data:,%41%42%43%44%45"])
def test_the_limit_counts_decoded_bytes(uri: str) -> None:
    """Five bytes pass a limit of five and not of four, however they are written."""
    assert input_bytes(uri, limit_bytes=5) == b"ABCDE"
    with pytest.raises(MediaError, match="5 bytes decoded; the limit is 4"):
        input_bytes(uri, limit_bytes=4)


def test_much_too_much_is_refused_before_it_is_decoded() -> None:
    """The length of the text already tells; its broken base64 is never looked at."""
    with pytest.raises(MediaError, match="the limit is 10"):
        input_bytes("data:;base64," + "!" * 1000, limit_bytes=10)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_size_is_read_from_the_header(kind: str) -> None:
    """Width and height of each format that models take."""
    assert measure(image_file((37, 21), kind)) == (37, 21)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(("turn", "expected"), [(UPRIGHT, (37, 21)), (TURNED_RIGHT, (21, 37))])
def test_a_size_is_as_a_viewer_shows_it(kind: str, turn: int, expected: tuple[int, int]) -> None:
    """A camera held sideways writes a turned image: EXIF orientation 5 to 8 swaps the sides."""
    assert measure(image_file((37, 21), kind, exif=orientation(turn))) == expected


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("exif", [b"MM\0*junk", b"XX", ORIENTATION_AS_TEXT])
def test_broken_exif_counts_as_upright(kind: str, exif: bytes) -> None:
    """An EXIF block that cannot be read turns nothing, and breaks nothing."""
    assert measure(image_file((37, 21), kind, exif=b"Exif\0\0" + exif)) == (37, 21)


@pytest.mark.parametrize(
    "size", [(5001, 5000), (65535, 65535), (10_000, 10_000), (2**31 - 1, 2**31 - 1)]
)
def test_an_image_bomb_is_refused_unopened(size: tuple[int, int]) -> None:
    """A hundred bytes may claim gigapixels: more than 25 million pixels are never decoded."""
    assert size[0] * size[1] > MAX_PIXELS
    with pytest.raises(MediaError, match="image too large"):
        measure(png_that_claims(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"BM" + bytes(60),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        image_file((8, 8), "PNG")[:20],
        image_file((8, 8), "BMP"),
        image_file((8, 8), "TIFF"),
        png_that_claims(0, 8),
    ],
)
def test_what_is_no_image_for_a_model_is_refused(data: bytes) -> None:
    """Text, documents, other formats and cut-off headers are errors of our own kind."""
    with pytest.raises(MediaError, match="not an image"):
        measure(data)


@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
)
def test_damage_never_surprises(kind: str, damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are overwritten: a size, or MediaError, and no other outcome."""
    data = bytearray(image_file((9, 5), kind))
    for place, value in damage:
        data[place % len(data)] = value
    try:
        width, height = measure(bytes(data))
    except MediaError:
        return
    assert 0 < width * height <= MAX_PIXELS
