"""/files: what was uploaded is told, given back, and gone once it is deleted."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import rules
from mockserver.contract.provider import Provider
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway

from .fake import Accounts
from .samples import body


BOUNDARY = "a-boundary-that-no-file-holds"


@pytest.fixture
def keeps_files(provider: Provider) -> Provider:
    """A provider that takes files."""
    takes_files(provider.profile)
    return provider


def takes_files(profile: Gateway) -> None:
    """Skip the test at a gateway that has no place for files."""
    if not (profile.has("files") and profile.serves("POST", "/files")):
        pytest.skip(f"{profile.title} has no files")


def uploaded(provider: Provider, content: bytes, name: str = "a.bin") -> Interaction:
    """The answer to an upload."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return provider.ask(
        "POST",
        "/files",
        content=head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )


@given(content=st.binary(max_size=3_000).filter(lambda data: BOUNDARY.encode() not in data))
def test_a_file_is_told_as_it_was_sent(
    accounts: Accounts, profile: Gateway, content: bytes
) -> None:
    """Its size and its digest are those of its bytes, line ends and zeros among them."""
    takes_files(profile)
    provider = accounts.open(profile)
    made = uploaded(provider, content)
    told = body(made)
    expected = (201, len(content), sha256(content).hexdigest())
    seen = (made.status, told.get("size"), told.get("checksums", {}).get("sha256"))
    assert rules.OPERATION_THERE.equal("", expected=expected, seen=seen, exchange=made) == []


def test_a_file_is_there_until_it_is_deleted(keeps_files: Provider) -> None:
    """In the list and by its id; then it is in neither."""
    kept = body(uploaded(keeps_files, b"hello"))["id"]
    before, listed = keeps_files.ask("GET", f"/files/{kept}"), keeps_files.ask("GET", "/files")
    deleted = keeps_files.ask("DELETE", f"/files/{kept}")
    after, empty = keeps_files.ask("GET", f"/files/{kept}"), keeps_files.ask("GET", "/files")
    names = [[one["id"] for one in body(page)["results"]] for page in (listed, empty)]
    expected = (200, 204, 404, [[kept], []])
    seen = (before.status, deleted.status, after.status, names)
    assert rules.OPERATION_THERE.equal("", expected=expected, seen=seen, exchange=after) == []


def test_a_file_of_one_account_is_not_there_for_another(
    accounts: Accounts, profile: Gateway
) -> None:
    """It can neither be seen nor deleted."""
    takes_files(profile)
    mine, theirs = accounts.open(profile), accounts.open(profile)
    kept = body(uploaded(mine, b"hello"))["id"]
    tried = [theirs.ask(method, f"/files/{kept}").status for method in ("GET", "DELETE")]
    found = mine.ask("GET", f"/files/{kept}")
    seen = (tried, found.status)
    assert rules.ACCOUNTS_ISOLATED.equal("", expected=([404, 404], 200), seen=seen) == []
