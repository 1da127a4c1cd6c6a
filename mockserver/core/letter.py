"""A webhook as it is posted, what it is signed with, and how its posting may go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockserver.core import signature


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted: headers and body; `path` empty is that of the receiver's own address."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    method: str = "POST"
    path: str = ""

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name), "")

    def with_header(self, name: str, value: str) -> Letter:
        """The same letter with this header in its place, or behind the others."""
        wanted = name.lower()
        if wanted not in {own.lower() for own, _ in self.headers}:
            return replace(self, headers=(*self.headers, (name, value)))
        headers = ((own, value if own.lower() == wanted else was) for own, was in self.headers)
        return replace(self, headers=tuple(headers))

    def without(self, *names: str) -> Letter:
        """The same letter without the headers of these names, in lower case."""
        kept = (header for header in self.headers if header[0].lower() not in names)
        return replace(self, headers=tuple(kept))


@dataclass(frozen=True, slots=True)
class Seal:
    """What webhooks are signed with: the secrets in force, the newest first.

    `coming` is the secret that the next rotation brings, which nobody was told yet.
    """

    secrets: tuple[str, ...] = ()
    coming: str = ""

    def __call__(self, letter: Letter, at: int | str, body: bytes) -> Letter:
        """The letter with this body, signed anew for a timestamp, which should be seconds."""
        signed = signature.signatures(self.secrets, letter.header(signature.ID), at, body)
        stamped = letter.with_header(signature.TIMESTAMP, str(at))
        return replace(stamped.with_header(signature.SIGNATURE, signed), body=body)

    def of(self, *secrets: str) -> Seal:
        """The seal of somebody who signs with these secrets."""
        return replace(self, secrets=secrets)


@dataclass(frozen=True, slots=True)
class Posting:
    """How a delivery goes out: so many `copies`, so much later than it is due.

    A copy follows the one before it after `gap_ms`; `together`: all copies at once.
    `lost`: nothing is posted, and the sender believes it was.
    `last`: behind all that comes after it of its prediction. `early`: before create has answered.
    `event` is what is told.
    """

    event: str = ""
    copies: int = 1
    gap_ms: int = 1_000
    delay_ms: int = 0
    lost: bool = False
    together: bool = False
    last: bool = False
    early: bool = False
