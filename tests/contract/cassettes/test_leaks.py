"""What is a secret is found in whatever it is packed, and what is none is left alone."""

from __future__ import annotations

import gzip
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.leaks import leaks


CANARY: Final = "canary-Kq7Zb3Nw9Xc5"

SECRETS: Final = {
    "a credential": "r8_Kq7Zb3Nw9Xc5Vt1Ym8Ls4Hd6Gf2Rj0Pu7Ea3",
    "a secret of webhooks": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "a token of Hugging Face": "hf_abcdefghijklmnopqrstuvwxyzABCDEF",
    "a token of GitHub": "ghp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
    "an access key of AWS": "AKIAIOSFODNN7EXAMPLE",
    "a signed address": "https://x.test/?X-Amz-Signature=" + "0f" * 32,
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "a bearer token": "Authorization: Bearer abcDEF0123456789abcDEF0123456789",
}

Packed = Callable[[bytes], bytes]
PACKINGS: Final[dict[str, Packed]] = {
    "plain": lambda data: data,
    "base64": b64encode,
    "base64 for addresses": lambda data: urlsafe_b64encode(data).rstrip(b"="),
    "base64 behind a word": lambda data: b"word" + b"x" + b64encode(data),
    "hex": lambda data: data.hex().encode(),
    "gzip": gzip.compress,
    "gzip in base64": lambda data: b64encode(gzip.compress(data)),
    "base64 in base64": lambda data: b64encode(b64encode(data)),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_is_known_by_its_form(what: str, packing: str) -> None:
    """In every layer that a few bytes can be packed in."""
    data = PACKINGS[packing](f"before {SECRETS[what]} after".encode())
    assert what in [leak.what for leak in leaks(data)]


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_canary_is_known_by_itself(packing: str) -> None:
    """It need not have the form of a secret."""
    found = list(leaks(PACKINGS[packing](f"x {CANARY} y".encode()), (CANARY,)))
    assert "a known secret" in [leak.what for leak in found]
    assert list(leaks(PACKINGS[packing](b"x y z"), (CANARY,))) == []


def test_a_leak_is_told_by_its_line_and_not_by_itself() -> None:
    """So that it can be found, and the report be shown."""
    (leak,) = leaks(f"one\ntwo\nthree {CANARY}".encode(), (CANARY,))
    assert str(leak) == f"line 3: a known secret ({leak.shown})"
    assert CANARY not in str(leak)
    (packed,) = leaks(b"one\n" + b64encode(f"a key: {CANARY}".encode()), (CANARY,))
    assert packed.line == 2


def test_the_layers_are_told() -> None:
    """The innermost first."""
    secret = SECRETS["a credential"].encode()
    found = list(leaks(b64encode(gzip.compress(secret))))
    assert [str(leak).partition("inside ")[2] for leak in found] == ["gzip in base64"]


@pytest.mark.parametrize(
    "text",
    [
        "Bearer <TOKEN:1>",
        "Bearer $TOKEN",
        "Bearer YOUR_API_KEY",
        "Bearer ********************",
        '{"id": "tpdf40dypdrma0cram394vvzkg", "version": "hidden"}',
        "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa",
        "https://stream.replicate.com/v1/files/bcwr-3wxwk5p2hqlmkjrbrtmdy",
        "sha256:0123abcd",
        "risk-free desk-top task-force",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    """Ids, hashes, placeholders: a check that cries wolf is switched off."""
    assert list(leaks(text.encode())) == []


@given(st.binary(max_size=200))
def test_any_bytes_can_be_looked_through(data: bytes) -> None:
    """Whatever they are, and whatever they unpack to."""
    list(leaks(data, (CANARY,)))
    list(leaks(b"\x1f\x8b" + data))
