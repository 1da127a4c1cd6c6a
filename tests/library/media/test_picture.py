"""A picture that stands in for a model's output: real, reproducible, legible, marked."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from mockserver.library.media.drawing import draw
from mockserver.library.media.measure import MediaError
from mockserver.library.media.picture import Picture, media_type


FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
SOFTWARE, IMAGE_DESCRIPTION = 0x0131, 0x010E
PROMPT = "把这辆车变成红色, keep the café"

PICTURE = Picture(
    model="black-forest-labs/flux-kontext-pro",
    width=320,
    height=192,
    format="png",
    quality=80,
    seed=42,
    index=0,
    prompt=PROMPT,
)


def opened(picture: Picture) -> Image.Image:
    """The picture, drawn and fully decoded."""
    image = Image.open(io.BytesIO(draw(picture)))
    image.load()
    return image


def pixels(picture: Picture) -> bytes:
    """What is seen, whatever the metadata."""
    return opened(picture).convert("RGB").tobytes()


def photograph(size: tuple[int, int], colour: str, kind: str = "PNG") -> bytes:
    """An input image of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("picture_format", FORMATS)
@pytest.mark.parametrize("size", [(320, 192), (192, 320), (65, 33), (1, 1), (700, 8)])
def test_a_picture_is_a_real_file_of_the_asked_format_and_size(
    picture_format: str, size: tuple[int, int]
) -> None:
    """Any decoder opens it: the container, the width and the height are what was asked."""
    width, height = size
    image = opened(replace(PICTURE, format=picture_format, width=width, height=height))

    assert image.format == FORMATS[picture_format]
    assert image.size == size


@pytest.mark.parametrize("picture_format", FORMATS)
def test_the_same_picture_is_the_same_bytes(picture_format: str) -> None:
    """Equal values are drawn as equal files."""
    picture = replace(PICTURE, format=picture_format)

    assert draw(picture) == draw(replace(picture))


@pytest.mark.parametrize(
    "other",
    [
        replace(PICTURE, index=1),
        replace(PICTURE, seed=43),
        replace(PICTURE, prompt="something else"),
        replace(PICTURE, model="black-forest-labs/flux-fill-dev"),
        replace(PICTURE, input_images=(photograph((40, 40), "red"),)),
    ],
    ids=["index", "seed", "prompt", "model", "input"],
)
def test_another_cause_gives_another_picture(other: Picture) -> None:
    """Index, seed, prompt, model and input image each change what is seen."""
    assert pixels(other) != pixels(PICTURE)


@pytest.mark.parametrize("picture_format", ["jpg", "webp"])
def test_lower_quality_makes_a_smaller_file(picture_format: str) -> None:
    """`output_quality` reaches the encoder, from 0 to 100."""
    sizes = [
        len(draw(replace(PICTURE, format=picture_format, quality=quality)))
        for quality in (0, 50, 100)
    ]

    assert sizes == sorted(set(sizes))


def test_png_takes_no_notice_of_quality() -> None:
    """Quality is a matter of lossy formats."""
    assert draw(PICTURE) == draw(replace(PICTURE, quality=1))


def test_png_carries_what_made_it() -> None:
    """Text chunks: the whole prompt, the parameters as JSON, the software."""
    image = opened(PICTURE)

    assert isinstance(image, PngImageFile)
    assert image.text["prompt"] == PROMPT
    assert image.text["Software"] == "mockserver"
    assert json.loads(image.text["parameters"]) == {
        "model": "black-forest-labs/flux-kontext-pro",
        "width": 320,
        "height": 192,
        "seed": 42,
        "index": 0,
        "input_images": 0,
        "mock": True,
    }


@pytest.mark.parametrize("picture_format", ["jpg", "webp"])
def test_lossy_formats_carry_what_made_them(picture_format: str) -> None:
    """EXIF: Software, and the prompt as ImageDescription in UTF-8."""
    exif = opened(replace(PICTURE, format=picture_format)).getexif()

    assert exif[SOFTWARE] == "mockserver"
    assert exif[IMAGE_DESCRIPTION].encode("latin-1").decode() == PROMPT


def test_the_top_is_a_band_that_says_mock() -> None:
    """No one mistakes it for a model's work: an amber band of its own across the top."""
    edge = opened(PICTURE).convert("RGB").crop((0, 0, 320, 1))

    assert edge.tobytes() == bytes((255, 193, 7)) * 320


@pytest.mark.parametrize("picture_format", ["png", "webp"])
def test_an_input_image_is_shown_in_a_corner(picture_format: str) -> None:
    """Proof that the right file arrived: its colour appears at the top right."""
    picture = replace(
        PICTURE,
        width=512,
        height=512,
        format=picture_format,
        quality=100,
        input_images=(photograph((900, 900), "#ff0000", "JPEG"),),
    )

    red, green, blue = opened(picture).convert("RGB").crop((430, 100, 431, 101)).tobytes()

    assert red > 220
    assert max(green, blue) < 60


@pytest.mark.parametrize("count", [1, 2, 4, 9])
def test_any_number_of_input_images_finds_room(count: int) -> None:
    """Several thumbnails stand side by side; more than four are not shown."""
    images = tuple(photograph((60, 20 + n), "green") for n in range(count))

    assert opened(replace(PICTURE, input_images=images)).size == (320, 192)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", photograph((64, 64), "red")[:80], photograph((64, 64), "red")[:-30]]
)
def test_an_input_image_that_cannot_be_decoded_spoils_nothing(data: bytes) -> None:
    """A broken input is shown as a crossed-out tile."""
    assert opened(replace(PICTURE, input_images=(data,))).size == (320, 192)


@given(st.text(max_size=200), st.sampled_from(sorted(FORMATS)))
@settings(max_examples=40, deadline=None)
def test_any_prompt_can_be_drawn(prompt: str, picture_format: str) -> None:
    """Whatever is asked for, in any script, with any control character: a picture."""
    picture = replace(PICTURE, prompt=prompt, format=picture_format, width=160, height=120)

    assert opened(picture).size == (160, 120)


@pytest.mark.parametrize("picture_format", FORMATS)
@pytest.mark.parametrize("prompt", ["\ud800 lone", "nul\0", "红" * 50_000, "", "x" * 100_000])
def test_hostile_prompts_can_be_drawn(picture_format: str, prompt: str) -> None:
    """Lone surrogates, NUL and a hundred thousand letters overflow no metadata segment."""
    assert opened(replace(PICTURE, prompt=prompt, format=picture_format)).size == (320, 192)


@pytest.mark.parametrize(
    ("picture_format", "expected"),
    [("png", "image/png"), ("jpg", "image/jpeg"), ("webp", "image/webp")],
)
def test_a_format_has_its_media_type(picture_format: str, expected: str) -> None:
    """The `Content-Type` under which the file is served."""
    assert media_type(picture_format) == expected


@pytest.mark.parametrize(
    ("picture", "complaint"),
    [
        (replace(PICTURE, format="gif"), "unknown picture format 'gif'; expected one of png, jpg"),
        (replace(PICTURE, width=0), "0x192 pixels"),
    ],
)
def test_a_picture_that_cannot_be_is_refused(picture: Picture, complaint: str) -> None:
    """An unknown format or an empty side is an error that says what was expected."""
    with pytest.raises(MediaError, match=complaint):
        draw(picture)
