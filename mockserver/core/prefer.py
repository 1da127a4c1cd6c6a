"""What the `Prefer` header asks for: a list of tokens, of which only `wait` is upstream's.

Source: RFC 7240 (unknown preferences are ignored); replicate.com/docs, `Prefer: wait=n`.
"""

from __future__ import annotations

from re import compile as pattern
from typing import Final


LONGEST_WAIT_S: Final = 60

_WAIT: Final = pattern(r"wait(?:\s*=\s*\"?([0-9]{1,9})\"?)?")


def wait_ms(prefer: str) -> int | None:
    """How long the client asks to hold its create call open; None if it does not ask.

    `wait` alone is the maximum of 60 s, and so is anything above; below 1 s is no wait.
    """
    asked = _asked(prefer)
    if asked is None:
        return None
    seconds = LONGEST_WAIT_S if asked == "wait" else int(asked.partition("=")[2])
    return min(seconds, LONGEST_WAIT_S) * 1000 or None


def preference_applied(prefer: str) -> str:
    """The `Preference-Applied` header for `prefer`: its wait as it was sent, or nothing."""
    return _asked(prefer) or ""


def _asked(prefer: str) -> str | None:
    for preference in prefer.split(","):
        found = _WAIT.fullmatch(preference.partition(";")[0].strip().lower())
        if found:
            return "wait" if found[1] is None else f"wait={found[1]}"
    return None
