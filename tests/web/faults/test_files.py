"""Uploads that are refused, lost or slow, and files that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.library.faults import catalogue


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.web.faults.conftest import Caller, Told

FORM = (
    b"--B\r\n"
    b'Content-Disposition: form-data; name="content"; filename="a.txt"\r\n\r\n'
    b"abc\r\n--B--\r\n"
)


def request(caller: Caller, world: LiveWorld, asked: str, body: bytes = b"") -> bytes:
    """A request to `POST /files` or the like."""
    method, path = asked.split(" ")
    _, _, rest = caller.request(world, "files", {}).partition(b"\r\n")
    typed = b"Content-Type: multipart/form-data; boundary=B"
    head = rest.replace(b"Content-Type: application/json", typed).replace(
        b"Content-Length: 0", b"Content-Length: %d" % len(body)
    )
    return f"{method} /v1{path} HTTP/1.1\r\n".encode() + head + body


def uploaded(caller: Caller, world: LiveWorld, *advance_s: float) -> Told:
    """What an upload is answered with, at once or while so many seconds pass."""
    upload = request(caller, world, "POST /files", FORM)
    return (
        caller.sent(world, upload, advance_s)
        if advance_s
        else caller.sent(world, upload, quiet_s=5.0)
    )


def held(caller: Caller, world: LiveWorld) -> list[str]:
    """The names of the files that the account has."""
    world.world.faults.clear()
    told = caller.sent(world, request(caller, world, "GET /files")).json
    return [one["name"] for one in told["results"]]


def test_an_upload_is_refused_as_too_large(caller: Caller) -> None:
    """413, and nothing was taken."""
    world = caller.world()
    caller.set(world, "file.upload_413")
    told = uploaded(caller, world)
    assert (told.status, told.entry.faults[0][:15]) == (413, "file.upload_413")
    assert held(caller, world) == []


def test_an_upload_is_taken_but_never_answered(caller: Caller) -> None:
    """RST; the file is there."""
    world = caller.world()
    caller.set(world, "file.upload_reset")
    told = uploaded(caller, world)
    assert (told.data, told.ended) == (b"", "rst")
    assert held(caller, world) == ["a.txt"]


def test_an_upload_is_answered_late(caller: Caller) -> None:
    """Nothing comes for ten seconds."""
    world = caller.world()
    assert uploaded(caller, world).status == 201
    caller.set(world, "file.upload_slow")
    assert uploaded(caller, world, 9.999).data == b""
    assert uploaded(caller, world, 10).status == 201


@pytest.mark.parametrize(
    ("asked", "status"),
    [("GET /files/{id}", 404), ("GET /files", 200), ("DELETE /files/{id}", 204)],
)
def test_a_file_is_gone(caller: Caller, asked: str, status: int) -> None:
    """Whoever looks at it is told 404; the list still has it, and it can be deleted."""
    world = caller.world()
    born = uploaded(caller, world).json
    caller.set(world, "file.gone")
    assert caller.sent(world, request(caller, world, asked.format(id=born["id"]))).status == status


@pytest.mark.parametrize("fault", catalogue.examples("file"))
def test_a_list_of_files_is_left_alone(caller: Caller, fault: str) -> None:
    """Uploads and single files are meant."""
    assert caller.told(fault, "files").status == 200
