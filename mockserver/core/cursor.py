"""Where a list page begins, as the opaque text that clients hand back.

Source: upstream's list cursors are base64 of a query text such as `p=…` (and `r=1` for pages that
lead back towards the newest).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from re import compile as pattern
from typing import Final


_TEXT: Final = pattern(r"(r=1&)?p=(0|[1-9][0-9]{0,17})", 0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position a page lies behind: older ones, or newer ones if `newer`."""

    position: int
    newer: bool = False

    def __str__(self) -> str:
        text = f"{'r=1&' if self.newer else ''}p={self.position}"
        return b64encode(text.encode()).decode()


def cursor(text: str) -> Cursor | None:
    """The cursor that `text` spells, or None if it spells none."""
    try:
        plain = b64decode(text.encode(), validate=True)
        found = _TEXT.fullmatch(plain.decode())
    except (Base64Error, ValueError):
        return None
    return Cursor(int(found[2]), newer=found[1] is not None) if found else None
