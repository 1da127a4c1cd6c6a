"""A webhook as it is posted, and how its posting may go."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Posting:
    """How a delivery goes out: so many `copies`, so much later than it is due.

    `lost`: nothing is posted, and the sender believes it was. `together`: all copies at once.
    `last`: behind everything else of its prediction. `early`: before create has answered.
    """

    copies: int = 1
    delay_ms: int = 0
    lost: bool = False
    together: bool = False
    last: bool = False
    early: bool = False
