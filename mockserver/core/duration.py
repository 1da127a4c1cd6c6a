"""Durations as `Cancel-After` spells them: `30`, `90s`, `5m`, `1h30m45s`.

Source: replicate.com/docs/topics/predictions/create-a-prediction: whole seconds, or hours, minutes
and seconds together; at least 5 seconds, at most 24 hours.
"""

from __future__ import annotations

from re import ASCII
from re import compile as pattern
from typing import Final


SHORTEST_MS: Final = 5_000
LONGEST_MS: Final = 86_400_000

_SECONDS: Final = pattern(r"\d{1,9}", ASCII)
_UNITS: Final = pattern(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", ASCII)
_EXPECTED: Final = "whole seconds like 90, or hours, minutes and seconds like 1h30m45s"


def duration_ms(text: str) -> int:
    """The milliseconds that `text` says. Raises `ValueError`."""
    told = text.strip()
    if _SECONDS.fullmatch(told):
        return int(told) * 1000
    found = _UNITS.fullmatch(told)
    if found is None or not told:
        raise ValueError(f"expected {_EXPECTED}, got {text!r}")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def cancel_after_ms(text: str) -> int:
    """The same, within the bounds of a deadline. Raises `ValueError`."""
    told_ms = duration_ms(text)
    if not SHORTEST_MS <= told_ms <= LONGEST_MS:
        raise ValueError(f"expected 5s at least and 24h at most, got {text!r}")
    return told_ms
