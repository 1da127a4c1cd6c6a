"""What holds for every fault of a webhook, whatever letter it meets."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.fault import Operation
from mockserver.core.letter import Letter, Posting, Seal
from mockserver.core.signature import ID, SIGNATURE, TIMESTAMP, secret
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import Strike
from tests.faults import strike_of


OWN: Final = secret(b"a key of 24 bytes, so so")
COMING: Final = secret(b"another one of 24 bytes.")
EXAMPLES: Final = tuple(
    text.replace("10000000", "9")
    for text in catalogue.examples("hook")
    if catalogue.kinds()[text.partition(";")[0]].letter
)
TEXTS: Final = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=12)
LETTERS: Final = st.builds(
    Letter,
    st.lists(st.tuples(st.sampled_from([ID, TIMESTAMP, SIGNATURE, "x"]), TEXTS)).map(tuple),
    st.binary(max_size=30)
    | st.sampled_from([b"{}", b"[]", b'{"id":"","a":"\\ud800"}', b'"\xc3"']),
)

SEAL: Final = Seal((OWN,), COMING)
USUAL: Final = SEAL(
    Letter(((ID, "msg_1"),), b""),
    1_767_225_600,
    '{"status":"x","id":"abc","input":{"prompt":"a señor and his 帽子"}}'.encode(),
)


def struck(text: str) -> Strike:
    """The fault that `text` describes, as it strikes a webhook."""
    return strike_of(text, operation=Operation.WEBHOOK, seal=SEAL)


def made(text: str, letter: Letter) -> Letter:
    """What the fault makes of a letter."""
    strike = struck(text)
    assert strike.kind.letter is not None
    return strike.kind.letter(letter, strike)


@pytest.mark.parametrize("text", EXAMPLES)
@given(letter=LETTERS)
@settings(max_examples=20, deadline=None)
def test_every_letter_survives(text: str, letter: Letter) -> None:
    """It can still be posted: bytes, headers of one line, a method and a path; and it repeats."""
    edited = made(text, letter)
    assert made(text, letter) == edited
    assert isinstance(edited.body, bytes)
    assert edited.method.isalpha()
    assert all(not {"\r", "\n"} & set(f"{name}{value}") for name, value in edited.headers)
    "".join(f"{name}{value}" for name, value in edited.headers).encode("latin-1")


@pytest.mark.parametrize("first", EXAMPLES)
def test_faults_meet(first: str) -> None:
    """One edits what another has edited; what comes of it can still be posted."""
    for second in EXAMPLES:
        met = made(second, made(first, USUAL))
        assert met.method.isalpha()
        "".join(f"{name}{value}" for name, value in met.headers).encode("latin-1")


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_letter_is_changed(text: str) -> None:
    """No kind does nothing to a webhook as it usually is."""
    assert made(text, USUAL) != USUAL


@pytest.mark.parametrize(
    ("fault", "posting"),
    [
        ("hook.duplicate", Posting("completed", copies=2)),
        ("hook.duplicate;copies=3;gap_ms=5", Posting("completed", copies=3, gap_ms=5)),
        ("hook.duplicate_concurrent", Posting("completed", copies=2, together=True)),
        ("hook.reorder", Posting("completed")),
        ("hook.before_create_response", Posting("completed", early=True)),
        ("hook.lost", Posting("completed", lost=True)),
        ("hook.delayed;delay_ms=9", Posting("completed", delay_ms=9)),
    ],
)
def test_every_posting_is_said(fault: str, posting: Posting) -> None:
    """What a kind says of a delivery, and nothing else."""
    strike = struck(fault)
    assert strike.kind.posting is not None
    assert strike.kind.posting(Posting("completed"), strike) == posting
