"""What the path of an address asks for: a prediction to be made, looked at, listed, canceled."""

from __future__ import annotations

from re import compile as pattern
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit


CREATE: Final = pattern(r"/predictions/?$")
LOOK: Final = pattern(r"/predictions/[^/]+/?$")
CANCEL: Final = pattern(r"/predictions/[^/]+/cancel/?$")

_MODEL: Final = pattern(r"/models/([^/{}]+/[^/{}]+)/predictions/?$")
_BEHIND_BASE: Final = pattern(
    r"(?:/models/[^/]+(?:/[^/]+)?)?/predictions(?:/[^/]+(?:/cancel)?)?/?$"
)


def parts_of(url: str) -> SplitResult:
    """The parts of an address that a page shows; all of them empty where it can be none."""
    try:
        return urlsplit(url)
    except ValueError:  # as for http://[, whose host is none
        return urlsplit("")


def joined(origin: str, path: str) -> str:
    """The address of a path at the host that is asked; the path alone where that can be none."""
    try:
        return urljoin(origin, path)
    except ValueError:
        return path


def model_in(path: str) -> str:
    """The model, `owner/name`, that a path names; empty where it names none."""
    match = _MODEL.search(path)
    return match[1] if match else ""


def base_of(path: str) -> str:
    """What stands before the part of a path that upstream's API has too."""
    return _BEHIND_BASE.sub("", path)
