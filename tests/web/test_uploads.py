"""The files API, as upstream was recorded and as it is documented."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mockserver.web import uploads


if TYPE_CHECKING:
    from tests.web.conftest import Api

DAY_S = 24 * 3_600
TYPE = "multipart/form-data; boundary=B"
NOT_FOUND = {"detail": "File not found"}


def part(name: str, data: bytes, filename: str | None = None, kind: str = "") -> bytes:
    """One part of a form."""
    named = f'; filename="{filename}"' if filename is not None else ""
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\n{typed}\r\n'
    return b"--B\r\n" + head.encode() + data + b"\r\n"


def test_an_upload_is_answered_as_recorded(api: Api) -> None:
    """Members, order, bytes and type as in the recording of upstream, August 2024."""
    got = api.upload(data=b"", filename="t.txt")
    told = got.json
    empty = "d41d8cd98f00b204e9800998ecf8427e"
    assert (got.status, got.headers["content-type"]) == (201, "application/json; charset=UTF-8")
    assert told == {
        "id": told["id"],
        "name": "t.txt",
        "content_type": "text/plain",
        "size": 0,
        "etag": empty,
        "checksums": {"sha256": sha256().hexdigest(), "md5": empty},
        "metadata": {},
        "created_at": told["created_at"],
        "expires_at": told["expires_at"],
        "urls": {"get": f"http://127.0.0.1:4010/v1/files/{told['id']}"},
    }
    assert got.body == json.dumps(told, separators=(",", ":")).encode()


def test_an_upload_is_found_again(api: Api) -> None:
    """By its own address, and in the list, in the same bytes."""
    first, second = api.upload(), api.upload()
    assert api.get(first.json["urls"]["get"]).body == first.body
    listed = api.get("/v1/files")
    assert listed.status == 200
    assert listed.body == (
        b'{"next":null,"previous":null,"results":[%b,%b]}' % (second.body, first.body)
    )


def test_a_list_without_files_is_empty(api: Api) -> None:
    """A page like any other."""
    assert api.get("/v1/files").json == {"next": None, "previous": None, "results": []}


def test_addresses_lead_back_through_the_gateway_that_was_called(api: Api) -> None:
    """Wherever an upload came in, there its file is found."""
    body = part("content", b"abc", "a") + b"--B--\r\n"
    for_gateway = "/gateways/winfull/replicate/v1/files"
    got = api.ask("POST", for_gateway, body=body, content_type=TYPE)
    assert got.json["urls"]["get"].startswith(f"http://127.0.0.1:4010{for_gateway}/")
    assert api.get(got.json["urls"]["get"]).status == 200


def test_metadata_comes_back(api: Api) -> None:
    """As a form field or as a file of its own, keys sorted, escaped as upstream's edge does."""
    data = b'{"b": 1, "a": "<&>"}'
    for_field = api.upload(fields={"metadata": data})
    for_file = api.ask(
        "POST",
        "/v1/files",
        body=b"".join(
            (
                part("content", b"abc", "a"),
                part("metadata", data, "blob", "application/json"),
                b"--B--",
            )
        ),
        content_type=TYPE,
    )
    assert for_field.json["metadata"] == for_file.json["metadata"] == {"a": "<&>", "b": 1}
    assert rb'"metadata":{"a":"\u003c\u0026\u003e","b":1}' in for_field.body


@pytest.mark.parametrize("sent", [b"", b"  ", b"{}"])
def test_metadata_may_be_empty(api: Api, sent: bytes) -> None:
    """It is an object all the same."""
    assert api.upload(fields={"metadata": sent}).json["metadata"] == {}


def test_what_is_not_read_is_noted(api: Api) -> None:
    """One official client spells metadata in brackets, which upstream does not document."""
    assert api.upload(fields={"metadata[a]": b"1"}).json["metadata"] == {}
    (seen,) = api.get("/__mock__/journal").json["interactions"]
    assert seen["notes"] == ["part 'metadata[a]' of the form is not read"]


def test_fields_outdo_the_part(api: Api) -> None:
    """`filename` and `type` beside the content say more than its head."""
    told = api.upload(fields={"filename": b"b.zip", "type": b"application/zip"}).json
    assert (told["name"], told["content_type"]) == ("b.zip", "application/zip")


def test_a_file_without_a_type_is_octets(api: Api) -> None:
    """Source: upstream's OpenAPI document."""
    body = part("content", b"abc", "a") + b"--B--\r\n"
    told = api.ask("POST", "/v1/files", body=body, content_type=TYPE).json
    assert told["content_type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../x", "x"),
        ("/abs/x", "x"),
        ("..", ".."),
        ("nul.json", "nul.json"),
        ("-rf", "-rf"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("a" * 255, "a" * 255),
        ("名" * 85, "名" * 85),
    ],
)
def test_a_name_is_only_shown(api: Api, sent: str, kept: str) -> None:
    """Without its path, and never used as one: the file is found by its id."""
    told = api.upload(filename=sent).json
    assert told["name"] == kept
    assert api.get(f"/v1/files/{told['id']}").status == 200


@pytest.mark.parametrize("sent", ["", "a/", "a" * 256, "名" * 86])
def test_a_name_has_1_to_255_bytes(api: Api, sent: str) -> None:
    """In UTF-8; anything else is refused."""
    got = api.upload(filename=sent)
    assert got.status == 400
    assert "255 bytes" in got.json["detail"]


@pytest.mark.parametrize(
    ("metadata", "seen"), [(b"[1]", "list"), (b"{", "byte"), (b"\xff", "UTF-8"), (b"NaN", "byte")]
)
def test_metadata_is_a_json_object(api: Api, metadata: bytes, seen: str) -> None:
    """Anything else is refused, and it is said why."""
    got = api.upload(fields={"metadata": metadata})
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert seen in got.json["detail"]


@pytest.mark.parametrize("body", [b"", b"abc", b"--B--\r\n", part("other", b"x", "a") + b"--B--"])
def test_a_form_has_a_content(api: Api, body: bytes) -> None:
    """A broken form and one without the file are refused alike."""
    got = api.ask("POST", "/v1/files", body=body, content_type=TYPE)
    assert got.status == 400
    assert got.json["title"] == "Malformed request body"


@pytest.mark.parametrize(("size", "status"), [(9, 201), (10, 413)])
def test_a_file_is_less_than_the_limit(
    api: Api, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    """100 MB upstream; a file of exactly the limit is too large. The body has one member."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    got = api.upload(data=b"x" * size)
    assert got.status == status
    assert (got.json == {"detail": "Files must be less than 100MB in size"}) is (status == 413)


def test_a_deleted_file_is_gone(api: Api) -> None:
    """204 with a type and no body, then 404 with upstream's text."""
    address = api.upload().json["urls"]["get"]
    gone = api.ask("DELETE", address)
    assert (gone.status, gone.body) == (204, b"")
    assert gone.headers["content-type"] == "text/plain; charset=UTF-8"
    again = api.ask("DELETE", address)
    assert (again.status, again.json) == (404, NOT_FOUND)
    assert (api.get(address).status, api.get(address).json) == (404, NOT_FOUND)
    assert api.get(address).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("seconds", "status"), [(DAY_S - 1, 200), (DAY_S, 404)])
def test_a_file_expires_after_a_day(api: Api, seconds: int, status: int) -> None:
    """Of the world's clock."""
    address = api.upload().json["urls"]["get"]
    api.advance(seconds)
    assert api.get(address).status == status


def test_nobody_sees_the_files_of_another(api: Api) -> None:
    """Each token has its own, and without one there are none."""
    address = api.upload().json["urls"]["get"]
    other = "Bearer somebody-else"
    assert api.get(address, authorization=other).status == 404
    assert api.ask("DELETE", address, authorization=other).status == 404
    assert api.get("/v1/files", authorization=other).json["results"] == []
    assert [api.get(at, authorization=None).status for at in (address, "/v1/files")] == [401, 401]
    assert api.upload(authorization=None).status == 401
    assert api.get(address).status == 200


def test_files_know_no_rate_limit(api: Api) -> None:
    """Source: the recordings of files, the only ones without these headers."""
    got = api.upload()
    told = [*got.headers, *api.get(got.json["urls"]["get"]).headers]
    assert [name for name in told if name.startswith("ratelimit")] == []


def test_files_and_streams_share_a_path(api: Api) -> None:
    """The name tells them apart: a stream asks for no token, a file does."""
    stream = api.create()["urls"]["stream"]
    assert "/v1/files/bcwr-" in stream
    assert api.get(stream, authorization=None).headers["content-type"].startswith("text/event")


def test_a_large_upload_stays_off_the_event_loop(api: Api) -> None:
    """It is read where long calculations are made."""
    body = part("content", b"abc", "a") + b"--B--\r\n"
    answer = api.answer("POST", "/v1/files", body=body, content_type=TYPE)
    assert type(answer).__name__ == "Work"
