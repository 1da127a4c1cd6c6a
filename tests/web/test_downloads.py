"""Uploaded files are downloaded by signed addresses, and by no others."""

from __future__ import annotations

from base64 import b64encode
from hmac import digest
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

DAY_S = 24 * 3_600
NOT_FOUND = {"detail": "File not found"}


def download(api: Api) -> str:
    """The signed address of the only file there is."""
    (world,) = api.get("/__mock__/files").json["worlds"]
    address: str = world["files"][0]["download"]
    return address


def test_a_signed_address_downloads_the_file(api: Api) -> None:
    """Without a token; what a browser gets is saved and not shown."""
    api.upload(data=b"abc", filename="ä.txt")
    got = api.get(download(api), authorization=None)
    assert (got.status, got.body, got.headers["content-type"]) == (200, b"abc", "text/plain")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A4.txt"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_the_owner_can_sign_for_himself(api: Api) -> None:
    """HMAC-SHA256 of owner, id and expiry with the secret that the control API tells."""
    file_id = api.upload().json["id"]
    (world,) = api.get("/__mock__/files").json["worlds"]
    message = f"{world['owner']} {file_id} 9999999999"
    proof = b64encode(digest(world["secret"].encode(), message.encode(), "sha256")).decode()
    query = urlencode({"owner": world["owner"], "expiry": 9999999999, "signature": proof})
    assert api.get(f"/v1/files/{file_id}/download?{query}", authorization=None).body == b"abc"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owner=", "owner=x"),
        ("expiry=", "expiry=9"),
        ("expiry=", "expiry=-"),
        ("expiry=", "expiry=" + "9" * 16),
        ("signature=", "signature=x"),
        ("signature=", "signature=%C3%A4"),
        ("signature=", "s="),
        ("/download?owner", "/download?o"),
    ],
)
def test_a_changed_address_downloads_nothing(api: Api, old: str, new: str) -> None:
    """404 like an unknown file, the only refusal that upstream documents."""
    api.upload()
    got = api.get(download(api).replace(old, new), authorization=None)
    assert (got.status, got.json) == (404, NOT_FOUND)


def test_a_signed_address_expires(api: Api) -> None:
    """In the second it says, by the world's clock; so does what is deleted."""
    file_id = api.upload().json["id"]
    address = download(api)
    api.advance(DAY_S - 1)
    assert api.get(address, authorization=None).status == 200
    api.ask("DELETE", f"/v1/files/{file_id}")
    assert api.get(address, authorization=None).status == 404


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text/csv; charset=utf-8", "text/csv"),
        ("", "text/plain"),
        ("text/html\r\nSet-Cookie: a=b", "application/octet-stream"),
        ("no type", "application/octet-stream"),
        ("ä/ö", "application/octet-stream"),
    ],
)
def test_no_header_is_made_of_a_type(api: Api, kind: str, told: str) -> None:
    """What is no plain media type is downloaded as octets; an empty one is not one at all."""
    api.upload(fields={"type": kind.encode(), "filename": b"a\r\nX: y\0.txt"})
    got = api.get(download(api), authorization=None)
    assert got.headers["content-type"] == told
    assert [value for value in got.headers.values() if "\r" in value or "\n" in value] == []
