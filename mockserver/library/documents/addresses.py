"""What the path of an address asks for: a prediction to be made, looked at, listed, canceled."""

from __future__ import annotations

from re import compile as pattern
from typing import Final


CREATE: Final = pattern(r"/predictions/?$")
LOOK: Final = pattern(r"/predictions/[^/]+/?$")
CANCEL: Final = pattern(r"/predictions/[^/]+/cancel/?$")

_MODEL: Final = pattern(r"/models/([^/{}]+/[^/{}]+)/predictions/?$")
_BEHIND_BASE: Final = pattern(
    r"(?:/models/[^/]+(?:/[^/]+)?)?/predictions(?:/[^/]+(?:/cancel)?)?/?$"
)


def model_in(path: str) -> str:
    """The model, `owner/name`, that a path names; empty where it names none."""
    match = _MODEL.search(path)
    return match[1] if match else ""


def base_of(path: str) -> str:
    """What stands before the part of a path that upstream's API has too."""
    return _BEHIND_BASE.sub("", path)
