"""How long a refusal asks a client to wait."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from mockserver.core.interaction import Interaction


ABSURD_MS: Final = 120_000
"""Longer than anybody waits for an answer. Source: the official clients cap at a minute or two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wait that was asked for, in milliseconds of the world; `dated` by a date."""

    ms: int
    dated: bool = False

    @property
    def absurd(self) -> bool:
        """Whether it is longer than is to be slept through."""
        return self.ms > ABSURD_MS


def asked_of(seen: Interaction) -> Asked | None:
    """What one `Retry-After` asks for; None where there is none, several, or no reading it.

    Source: RFC 9110, 10.2.3; `retry-after-ms` is what official clients read beside it.
    """
    values = [value for name, value in seen.response_headers if name.lower() == "retry-after"]
    if len(values) != 1:
        return None
    text = values[0].strip()
    if text.isascii() and text.isdigit():
        return Asked(min(int(text) * 1000, *_finer(seen), _FOREVER_MS))
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return Asked(max(0, round(date.timestamp() * 1000) - seen.at_ms), dated=True)


_FOREVER_MS: Final = 10 * 365 * 86_400_000


def _finer(seen: Interaction) -> list[int]:
    """The same in milliseconds, which may be less."""
    return [
        int(value)
        for name, value in seen.response_headers
        if name.lower() == "retry-after-ms" and value.isdigit()
    ]
