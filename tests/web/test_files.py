"""Output files are downloaded as from any good file host."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.service.outputs import OutputFile
from mockserver.web.files import file_reply


if TYPE_CHECKING:
    from tests.web.conftest import Api

DATA = bytes(range(100))
FILE = OutputFile(DATA, "image/png")
TAG = f'"{sha256(DATA).hexdigest()[:32]}"'


def ask(method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the file's reply."""
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    reply = file_reply(Request(method, "/x", headers=sent), FILE)
    return reply.status, {name.lower(): value for name, value in reply.headers}, reply.body


def test_a_file_comes_with_its_type_and_tag() -> None:
    """And may be kept for an hour, by pages of any origin."""
    status, headers, body = ask()
    assert (status, body) == (200, DATA)
    assert headers == {
        "content-type": "image/png",
        "accept-ranges": "bytes",
        "cache-control": "public,max-age=3600",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
        "etag": TAG,
    }


@pytest.mark.parametrize("known", [TAG, f"W/{TAG}", f'"other", {TAG}', "*"])
def test_who_has_it_already_gets_304(known: str) -> None:
    """No body, no type, the tag again; If-None-Match is stronger than Range."""
    status, headers, body = ask(if_none_match=known, range="bytes=0-1")
    assert (status, headers["etag"], body) == (304, TAG, b"")
    assert "content-type" not in headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=10-", 10, 99),
        ("bytes=-10", 90, 99),
        ("bytes=-1000", 0, 99),
        ("bytes=90-1000", 90, 99),
        (" bytes=0-99 ", 0, 99),
    ],
)
def test_a_range_is_a_part(asked: str, first: int, last: int) -> None:
    """206 with the place of the part in the whole. Source: RFC 9110, 14."""
    status, headers, body = ask(range=asked)
    assert (status, body) == (206, DATA[first : last + 1])
    assert headers["content-range"] == f"bytes {first}-{last}/100"


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_not_satisfiable(asked: str) -> None:
    """416 with the size."""
    status, headers, body = ask(range=asked)
    assert (status, headers["content-range"], body) == (416, "bytes */100", b"")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=-",
        "bytes=",
        "bytes=5-2",
        "items=0-1",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=0",
        "bytes=" + "9" * 16 + "-",
    ],
)
def test_a_range_that_is_none_is_ignored(asked: str) -> None:
    """The whole file; several ranges at once are not told apart."""
    assert ask(range=asked)[::2] == (200, DATA)


@pytest.mark.parametrize(("tag", "status"), [(TAG, 206), ('"other"', 200), (f"W/{TAG}", 200)])
def test_a_range_of_another_version_is_the_whole(tag: str, status: int) -> None:
    """If-Range with the strong tag only."""
    assert ask(range="bytes=0-1", if_range=tag)[0] == status


def test_only_get_asks_for_parts() -> None:
    """A range of HEAD is ignored. Source: RFC 9110, 14.2."""
    assert ask("HEAD", range="bytes=0-1")[0] == 200


def test_an_output_is_downloaded_where_it_was_said_to_lie(api: Api) -> None:
    """A real picture, the same bytes each time, without a token."""
    created = api.create(x_mock_scenario="instant")
    first = api.get(created["output"], authorization=None)
    again = api.get(created["output"])
    assert first == again
    assert (first.status, first.body[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    part = api.get(created["output"], range="bytes=0-7")
    assert (part.status, part.body) == (206, first.body[:8])
    head = api.ask("HEAD", created["output"])
    assert (head.status, head.headers["etag"]) == (200, first.headers["etag"])


@pytest.mark.parametrize("seconds", [0, 1])
def test_no_output_lies_there_before_it_is_made(api: Api, seconds: int) -> None:
    """404 until the prediction has succeeded, and for any other name."""
    made = api.create(x_mock_scenario="instant")
    world_key = made["output"].split("/")[-2].removesuffix(made["id"])
    created = api.create()
    api.advance(seconds)
    address = f"/delivery/xezq/{world_key}{created['id']}/"
    name = made["output"].rpartition("/")[2]
    assert api.get(address + name).status == 404
    assert api.get(made["output"] + "x").status == 404
