"""Where the data folders are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


_PACKAGE = Path(__file__).resolve().parents[1]


def room(name: str) -> Path:
    """The data folder `name`: packed in the wheel, or beside the package."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def room_hash(name: str) -> str:
    """Twelve hex digits that change with any file of the data folder `name`."""
    folder = room(name)
    state = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            told = f"{path.relative_to(folder).as_posix()}\n".encode()
            state.update(told + sha256(path.read_bytes()).digest())
    return state.hexdigest()[:12]
