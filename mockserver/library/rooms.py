"""Where the data folders are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path


_PACKAGE = Path(__file__).resolve().parents[1]


def room(name: str) -> Path:
    """The data folder `name`: packed in the wheel, or beside the package."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
