"""Uploaded files: found for a day, kept within bounds, and remembered by what was made of them."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from hmac import digest
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import ids
from mockserver.core.problem import FileNotFound
from mockserver.service.files import (
    LIFE_MS,
    File,
    Files,
    Upload,
    file_id,
    named_in,
    secret,
    signature,
)


NOW_MS = 1_800_000_000_000
ADDRESS = "https://fake.test/v1/files/{}"


def draw(ordinal: int, purpose: bytes) -> bytes:
    """As a world of seed 7 draws."""
    return ids.entropy(7, ordinal, purpose)


def sent(data: bytes, name: str = "a.png") -> Upload:
    """A file as it arrives."""
    return Upload(name, "image/png", data)


def kept(files: Files, *contents: bytes) -> list[File]:
    """The files made of `contents`, uploaded one after the other."""
    return [files.add(sent(data), NOW_MS + at, draw) for at, data in enumerate(contents)]


@given(st.binary(min_size=16, max_size=16))
def test_an_id_is_a_uuid_in_base64(drawn: bytes) -> None:
    """48 letters and digits, so that no address of a stream (`bcwr-…`) can be one."""
    made = file_id(drawn)
    assert len(made) == 48
    assert made.isascii()
    assert made.isalnum()
    assert UUID(b64decode(made).decode()).version == 4


def test_a_file_has_its_digests() -> None:
    """SHA-256 and MD5 in hexadecimal, and the time it came."""
    (file,) = kept(Files(), b"abc")
    assert file.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert file.md5 == "900150983cd24fb0d6963f7d28e17f72"
    assert (file.at_ms, file.expires_ms) == (NOW_MS, NOW_MS + 24 * 3_600_000)


def test_the_newest_comes_first() -> None:
    """As upstream documents its list."""
    files = Files()
    first, second, third = kept(files, b"1", b"2", b"3")
    assert files.here(NOW_MS) == (third, second, first)


@pytest.mark.parametrize(("later_ms", "found"), [(0, 1), (LIFE_MS - 1, 1), (LIFE_MS, 0)])
def test_a_file_lives_for_a_day(later_ms: int, found: int) -> None:
    """And is found no more in the millisecond in which it expires."""
    files = Files()
    (file,) = kept(files, b"abc")
    assert len(files.here(NOW_MS + later_ms)) == found
    assert (files.taking(NOW_MS + later_ms)(ADDRESS.format(file.id)) == b"abc") is bool(found)


def test_an_expired_file_cannot_be_looked_at() -> None:
    """It is refused like one that never was."""
    files = Files()
    (file,) = kept(files, b"abc")
    with pytest.raises(FileNotFound):
        files.look(file.id, file.expires_ms)


@pytest.mark.parametrize("again", [Files.look, Files.delete])
def test_a_deleted_file_is_gone(again: object) -> None:
    """It can neither be looked at nor deleted again, nor begin a prediction."""
    assert callable(again)
    files = Files()
    (file,) = kept(files, b"abc")
    files.delete(file.id, NOW_MS)
    assert files.here(NOW_MS) == ()
    assert files.taking(NOW_MS)(ADDRESS.format(file.id)) is None
    with pytest.raises(FileNotFound):
        again(files, file.id, NOW_MS)


def test_what_was_made_of_a_file_remembers_it() -> None:
    """A prediction begun before the deletion finds its input, one begun after does not."""
    files = Files()
    (file,) = kept(files, b"abc")
    address = ADDRESS.format(file.id)
    assert files.taking(NOW_MS)(address) == b"abc"
    files.delete(file.id, NOW_MS + 5)
    assert files.taken(NOW_MS)(address) == b"abc"
    assert files.taken(NOW_MS + 6)(address) is None
    assert files.taking(NOW_MS + 6)(address) is None


def test_what_nobody_used_is_forgotten_when_deleted() -> None:
    """Its bytes are free at once."""
    files = Files()
    (file,) = kept(files, b"abc")
    files.delete(file.id, NOW_MS)
    assert files.taken(NOW_MS)(ADDRESS.format(file.id)) is None


@given(st.lists(st.binary(max_size=6), max_size=12))
def test_a_world_holds_a_bounded_number_of_bytes(contents: list[bytes]) -> None:
    """The oldest go first; the newest stays, whatever its size."""
    files = Files(kept=4, kept_bytes=20)
    added = kept(files, *contents)
    here = files.here(NOW_MS + len(contents))
    assert list(here) == added[::-1][: len(here)]
    assert len(here) <= 4
    assert len(here) <= 1 or sum(file.held_bytes for file in here) <= 20
    assert here[:1] == tuple(added[-1:])


def test_the_deleted_go_before_the_oldest() -> None:
    """What nobody finds any more makes room first."""
    files = Files(kept=2)
    first, second = kept(files, b"1", b"2")
    files.taking(NOW_MS)(ADDRESS.format(second.id))
    files.delete(second.id, NOW_MS)
    (third,) = kept(files, b"3")
    assert files.here(NOW_MS) == (third, first)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:4010/v1/files/{}",
        "https://gateway.test/replicate/v1/files/{}",
        "http://localhost/gateways/winfull/replicate/v1/files/{}",
        "https://api.replicate.com/v1/files/{}",
    ],
)
def test_an_address_names_a_file(address: str) -> None:
    """At every host and prefix: the id alone decides, since nobody can guess it."""
    made = file_id(draw(0, b"file"))
    assert named_in(address.format(made)) == made


@pytest.mark.parametrize(
    "address",
    [
        "",
        "{}",
        "/v1/files/{}",
        "ftp://a.test/v1/files/{}",
        "https://a.test/v1/files/{}/download",
        "https://a.test/v1/files/bcwr-{}",
        "https://a.test/?x=/files/{}",
        "https://a.test/v1/files/{}#x",
    ],
)
def test_other_addresses_name_none(address: str) -> None:
    """A stream, a download, a query or a bare id is no file that was uploaded."""
    assert named_in(address.format(file_id(draw(0, b"file")))) == ""


def test_a_signature_is_an_hmac_of_owner_id_and_expiry() -> None:
    """HMAC-SHA256 in base64 of the three, a space between. Source: upstream's document."""
    key = secret(draw)
    wanted = b64encode(digest(key.encode(), b"mattt abc 1708515345", "sha256")).decode()
    assert signature(key, "mattt", "abc", 1708515345) == wanted
