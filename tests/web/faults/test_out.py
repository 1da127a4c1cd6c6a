"""Outputs of another shape than was promised, and files that are not what they seem."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from PIL import Image, UnidentifiedImageError

from tests.faults import edited_by, reply_of


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

ENDED_S: Final = 60.0
DRAWN_S: Final = 10.0
"""How long it may take to draw a picture, at most."""
SCHNELL: Final = "black-forest-labs/flux-schnell"
TWO: Final[dict[str, object]] = {"input": {"prompt": "a lighthouse", "num_outputs": 2}}
"""What a model is asked for that gives a list; the other one gives a single address."""


def form(output: Any) -> Any:
    """An output with every address in it called `url`."""
    match output:
        case list():
            return [form(one) for one in output]
        case dict():
            return {name: form(one) for name, one in output.items()}
        case str():
            return "url" if "/delivery/" in output else output
    return output


@pytest.mark.parametrize(
    ("fault", "of_list", "alone"),
    [
        ("out.null_on_success", None, None),
        ("out.empty_list", [], []),
        ("out.fewer", ["url"], None),
        ("out.nulls_inside", ["url", None], [None]),
        ("out.string_for_list", "url", "url"),
        ("out.list_for_string", ["url", "url"], ["url"]),
        ("out.object", {"urls": ["url", "url"]}, {"url": "url"}),
    ],
)
def test_forms_of_outputs(caller: Caller, fault: str, of_list: object, alone: object) -> None:
    """Success is told with another output than the model promises."""
    several = caller.told(fault, after_s=ENDED_S, body=TWO, model=SCHNELL)
    single = caller.told(fault, after_s=ENDED_S)
    assert (form(several.json["output"]), form(single.json["output"])) == (of_list, alone)
    assert single.json["status"] == "succeeded"
    named = [*several.entry.faults, *single.entry.faults]
    assert named
    assert all(one.startswith(fault) for one in named)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("out.url_relative", "/delivery/"),
        ("out.url_spaces;form=around", " http://127.0.0.1:"),
        ("out.url_foreign_origin", "http://localhost:"),
    ],
)
def test_addresses_of_files(caller: Caller, fault: str, seen: str) -> None:
    """Addresses of files begin in another way than they should."""
    told = caller.told(fault, after_s=ENDED_S)
    assert told.json["output"].startswith(seen)


def test_an_address_with_a_space_inside(caller: Caller) -> None:
    """A space stands where `%20` should."""
    told = caller.told("out.url_spaces;form=inside", after_s=ENDED_S)
    assert told.json["output"].endswith(".png?name=a file")


def test_an_unsafe_address_where_the_api_is_safe() -> None:
    """`https:` becomes `http:`, in whatever the output holds."""
    reply = reply_of({"id": "a", "output": [{"file": "https://a.example/b.png"}, "text"]})
    told = b'[{"file":"http://a.example/b.png"},"text"]'
    assert told in edited_by("out.url_http", reply).body


def test_a_running_output_changes_its_type(caller: Caller) -> None:
    """A list at one look, a text at the next; the end is told as it is."""
    told = [
        caller.told("out.type_flips_while_processing", after_s=1, times=times).json["output"]
        for times in (1, 2, 3)
    ]
    assert told == [[], "", []]
    ended = caller.told("out.type_flips_while_processing", after_s=ENDED_S)
    assert form(ended.json["output"]) == "url"


def test_an_output_shrinks(caller: Caller) -> None:
    """Every second look tells one less."""
    told = [
        form(
            caller.told("out.shrinks", after_s=ENDED_S, times=times, body=TWO, model=SCHNELL).json[
                "output"
            ]
        )
        for times in (1, 2, 3)
    ]
    assert told == [["url", "url"], ["url"], ["url", "url"]]


def downloaded(caller: Caller, fault: str) -> Told:
    """A file of a prediction that has ended, under `fault`."""
    return caller.told(fault, "output", after_s=ENDED_S, quiet_s=DRAWN_S)


@pytest.mark.parametrize(
    ("fault", "status"), [("out.url_404", 404), ("out.url_403", 403), ("out.url_410", 410)]
)
def test_files_that_cannot_be_had(caller: Caller, fault: str, status: int) -> None:
    """The download is refused, and the journal says by what."""
    told = downloaded(caller, fault)
    assert (told.status, told.entry.faults[0].startswith(fault)) == (status, True)


@pytest.mark.parametrize(("ms", "status"), [(60_001, 200), (60_000, 403)])
def test_an_address_expires(caller: Caller, ms: int, status: int) -> None:
    """So long after creation it is good no more; the prediction is 60 s old."""
    assert downloaded(caller, f"out.url_expired_after;ms={ms}").status == status


@pytest.mark.parametrize(
    ("chosen", "types"),
    [
        ("octet_stream", ["application/octet-stream"]),
        ("text", ["text/plain; charset=utf-8"]),
        ("json", ["application/json"]),
        ("none", []),
    ],
)
def test_the_type_of_a_file_is_wrong(caller: Caller, chosen: str, types: list[str]) -> None:
    """The bytes are those of a picture all the same."""
    told = downloaded(caller, f"out.url_wrong_type;form={chosen}")
    assert (told.headers("content-type"), told.body[1:4]) == (types, b"PNG")


def test_a_page_for_people_with_200(caller: Caller) -> None:
    """HTML in the place of the file."""
    told = downloaded(caller, "out.url_html_200")
    assert (told.status, told.headers("content-type")) == (200, ["text/html; charset=utf-8"])
    assert told.body.startswith(b"<!DOCTYPE html>")


def test_a_file_of_no_bytes(caller: Caller) -> None:
    """200, its usual type, and nothing."""
    told = downloaded(caller, "out.url_zero_bytes")
    assert (told.status, told.headers("content-type"), told.body) == (200, ["image/png"], b"")
    assert told.headers("content-length") == ["0"]


@pytest.mark.parametrize(("chosen", "short"), [("promised", True), ("unnoticed", False)])
def test_a_file_breaks_off(caller: Caller, chosen: str, *, short: bool) -> None:
    """Half of it comes, with the length of the whole or of the half."""
    told = downloaded(caller, f"out.url_truncated;form={chosen}")
    (length,) = told.headers("content-length")
    assert (int(length) // 2 == len(told.body), int(length) == len(told.body)) == (
        short,
        not short,
    )
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(told.body)).load()


def test_a_file_moves_to_another_origin_where_it_is_to_be_had(caller: Caller) -> None:
    """302 to the same port by another name, and only once."""
    world = caller.world()
    born = caller.created(world)
    world.clock.advance(ENDED_S)
    caller.set(world, "out.url_redirect_foreign")
    request = caller.request(world, "output", born)
    moved = caller.sent(world, request, quiet_s=DRAWN_S)
    where = urlsplit(moved.headers("location")[0])
    assert (moved.status, where.hostname) == (302, "localhost")
    path = f"{where.path}?{where.query}".encode()
    there = caller.sent(
        world,
        b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        quiet_s=DRAWN_S,
    )
    assert (there.status, there.body[1:4]) == (200, b"PNG")


def test_a_picture_of_another_size(caller: Caller) -> None:
    """Half as wide and half as high as it was asked for."""
    true = Image.open(BytesIO(downloaded(caller, "out.url_expired_after;ms=80000000").body))
    false = Image.open(BytesIO(downloaded(caller, "out.image_wrong_size").body))
    assert (false.format, false.size) == ("PNG", (true.width // 2, true.height // 2))


def test_a_picture_of_another_format(caller: Caller) -> None:
    """WebP, called PNG."""
    told = downloaded(caller, "out.image_wrong_format")
    assert told.headers("content-type") == ["image/png"]
    assert Image.open(BytesIO(told.body)).format == "WEBP"


def test_a_picture_that_is_noise(caller: Caller) -> None:
    """It begins as a picture, has its full length, and cannot be decoded."""
    told = downloaded(caller, "out.image_corrupt")
    assert Image.open(BytesIO(told.body)).format == "PNG"
    with pytest.raises((OSError, SyntaxError)):
        Image.open(BytesIO(told.body)).load()


@pytest.mark.parametrize("name", ["out.image_wrong_size", "out.image_wrong_format"])
def test_what_is_no_picture_is_not_redrawn(name: str) -> None:
    """Films, sounds and texts stay as they are."""
    with pytest.raises(UnidentifiedImageError):
        Image.open(BytesIO(b"no picture"))
    assert edited_by(name, reply_of(b"no picture")).body == b"no picture"
