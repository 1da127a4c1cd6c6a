"""Letters and what seals them."""

from __future__ import annotations

from mockserver.core.letter import Letter, Seal
from mockserver.core.signature import ID, SIGNATURE, TIMESTAMP, secret, verify


OWN = secret(b"a key of 24 bytes, so so")
LETTER = Letter((("A", "1"), (ID, "msg_1"), ("B", "2")), b"before")


def test_a_header_keeps_its_place() -> None:
    """A new value stands where the old one stood, in whatever case it is named."""
    assert LETTER.with_header("a", "9").headers[0] == ("A", "9")
    assert LETTER.with_header("C", "3").headers[-1] == ("C", "3")


def test_headers_can_be_left_out() -> None:
    """Those that are named, and no others."""
    assert LETTER.without("a", "b").headers == ((ID, "msg_1"),)


def test_a_seal_signs_what_is_sent() -> None:
    """The body, for the time that is told; a second seal takes the place of the first."""
    sealed = Seal((OWN,))(Seal((OWN,))(LETTER, 5, b"first"), 7, b"second")
    assert sealed.body == b"second"
    assert [name for name, _ in sealed.headers] == ["A", ID, "B", TIMESTAMP, SIGNATURE]
    verify([OWN], dict(sealed.headers), sealed.body, now_ms=7_000)


def test_somebody_else_seals_otherwise() -> None:
    """With the secrets that are theirs."""
    other = secret(b"another one of 24 bytes.")
    sealed = Seal((OWN,)).of(other)(LETTER, 7, b"body")
    verify([other], dict(sealed.headers), b"body", now_ms=7_000)
