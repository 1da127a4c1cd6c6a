"""A secret in what was compressed is found as in any other body, or nothing of it is shown."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Final

import pytest

from mockserver.core.interaction import Interaction, Request
from mockserver.core.mask import Mask, mask_of
from mockserver.core.packed import MOST_BYTES
from mockserver.core.redaction import fingerprint


PLAIN: Final = "Zx9kQw7LmN4pRt2v"


def sent(body: bytes, encoding: str = "") -> Interaction:
    """A request with that body, whose answer is empty."""
    headers = (("content-encoding", encoding),) if encoding else ()
    return Interaction(Request("POST", "/v1/a", headers=headers, body=body), 200, (), b"", 0)


def compressed(data: bytes, kind: str) -> bytes:
    """The data as that `Content-Encoding` has it."""
    return gzip.compress(data, mtime=0) if kind == "gzip" else zlib.compress(data)


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_a_secret_is_found_in_what_was_compressed(kind: str) -> None:
    """The body comes out unpacked, so that it can be read as well."""
    packed = compressed(f'{{"echo": "{PLAIN}", "a": 1}}'.encode(), kind)
    said = Interaction(Request("GET", "/"), 200, (("Content-Encoding", kind),), packed, 0)
    shown = Mask((PLAIN,)).interaction(said).response_body
    assert shown == f'{{"echo": "{fingerprint(PLAIN)}", "a": 1}}'.encode()


def test_what_was_compressed_is_found_even_if_nobody_says_that_it_was() -> None:
    """And what holds no secret stays packed, as any other file does."""
    secret, other = (gzip.compress(text, mtime=0) for text in (PLAIN.encode(), b"a hat"))
    mask = Mask((PLAIN,))
    assert mask.interaction(sent(secret)).request.body == fingerprint(PLAIN).encode()
    assert mask.interaction(sent(other)).request.body == other


def test_a_secret_that_stood_in_what_was_compressed_is_hidden_everywhere() -> None:
    """It is read as any other body."""
    packed = gzip.compress(json.dumps({"token": PLAIN}).encode(), mtime=0)
    mask = mask_of([Interaction(Request("GET", "/"), 200, (), packed, 0)])
    assert mask.text(f"echo: {PLAIN}") == f"echo: {fingerprint(PLAIN)}"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"\x8b\x03\x80\xff"),
        ("gzip", b"\x1f\x8b\x08\x00 and no more of it"),
        ("gzip", gzip.compress(bytes(MOST_BYTES + 1), mtime=0)),
    ],
    ids=["unknown", "broken", "a bomb"],
)
def test_what_cannot_be_read_is_not_shown(encoding: str, body: bytes) -> None:
    """Whether there is a secret in it cannot be known; the reason is told instead."""
    said = sent(body, encoding)
    shown = Mask(()).interaction(said).request.body
    assert shown.startswith(f"({len(body)} bytes".encode())
    assert mask_of([said]).secrets == ()


def test_a_body_may_be_unpacked_already() -> None:
    """A client unpacks an answer, and leaves the header as it came; gzip begins as gzip does."""
    for body, encoding in ((b'{"a": "hat"}', "br"), (b"\x89PNG\r\n\x1a\n\xff", "gzip")):
        assert Mask(()).interaction(sent(body, encoding)).request.body == body


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_what_is_cut_off_is_told_as_far_as_it_goes(kind: str) -> None:
    """A connection that broke leaves half of an answer."""
    packed = compressed(b"a hat " * 1000 + PLAIN.encode(), kind)
    shown = Mask((PLAIN,)).interaction(sent(packed[:-8], kind)).request.body
    assert shown.startswith(b"a hat a hat ")
    assert PLAIN.encode() not in shown
