"""A webhook as it is sent in a case: sealed for this moment, and spoiled by a fault."""

from __future__ import annotations

from typing import Final

from mockserver.contract.hooks.story import Part
from mockserver.core import ids
from mockserver.core.fault import Fault, Operation, Source
from mockserver.core.letter import Letter, Seal
from mockserver.core.signature import ID, SignatureRefused, secret, signatures
from mockserver.library.errors import LibraryError
from mockserver.library.faults.catalogue import kinds, members, said
from mockserver.library.faults.kinds import Kind, Strike


_SECRET_BYTES: Final = 24


def seal_of(whole: str, seed: int = 0) -> Seal:
    """What signs with the secret `whole`. Raises `LibraryError` where that is none."""
    try:
        signatures([whole], "", 0, b"")
    except SignatureRefused as reason:
        raise LibraryError(f"the secret is none: {reason}") from None
    return Seal((whole,), drawn_secret(seed))


def drawn_secret(seed: int) -> str:
    """A secret that nobody has, drawn from `seed`."""
    drawn = ids.entropy(seed, 0, b"whsec") + ids.entropy(seed, 1, b"whsec")
    return secret(drawn[:_SECRET_BYTES])


def spoiling(text: str) -> Fault:
    """The fault that `text` tells, which spoils what a webhook says. Raises `LibraryError`."""
    fault = said(text, {})
    for member in members(fault.name):
        if kinds()[member.name].letter is None:
            raise LibraryError(f"{member.name} does not spoil what a webhook says")
    return fault


def letter_of(
    part: Part, seal: Seal, now_ms: int, fault: Fault | None = None, seed: int = 0
) -> Letter:
    """The webhook `part`, sealed for `now_ms`, as `fault`, which is `spoiling`, leaves it."""
    written = seal(part.letter, now_ms // 1000, part.body)
    for member in members(fault.name) if fault else ():
        kind = kinds()[member.name]
        if fault and kind.letter:
            written = kind.letter(
                written, _strike(fault, kind, written, seal=seal, now_ms=now_ms, seed=seed)
            )
    return written


def _strike(
    fault: Fault, kind: Kind, letter: Letter, *, seal: Seal, now_ms: int, seed: int
) -> Strike:
    subject = letter.header(ID)
    return Strike(
        fault=fault,
        source=Source.FLAG,
        kind=kind,
        operation=Operation.WEBHOOK,
        subject=subject,
        ordinal=1,
        draw=fault.draw(seed, subject, 1),
        now_ms=now_ms,
        params=kind.values(dict(fault.params)),
        seal=seal,
    )
