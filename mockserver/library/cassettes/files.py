"""Cassettes on a disk: written as a whole or not at all, side files under names of our own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from mockserver.core.cassette import Cassette, Recorded
from mockserver.library.cassettes.reading import NotACassette, cassette_of
from mockserver.library.cassettes.written import written
from mockserver.library.errors import LibraryError


MOST_BYTES: Final = 256 * 1024 * 1024
"""The largest cassette, and the largest side file, that is read."""
_HEAD_BYTES: Final = 4096
KEPT_INSIDE_BYTES: Final = 64 * 1024
"""Bodies beyond this are kept in side files, where there is a folder for them."""


class NoCassette(LibraryError):
    """There is no such file: nothing was recorded yet."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a cassette comes to on a disk: its own bytes, and those of its side files by name."""

    data: bytes
    side_files: Mapping[str, bytes]


def outputs_of(path: Path) -> Path:
    """The folder of the side files of the cassette at `path`, if nobody names another."""
    return path.with_name(f"{path.stem}.outputs")


def load(path: Path, outputs: Path | None = None) -> Cassette:
    """The cassette at `path`, whose side files are in `outputs`.

    Raises `NoCassette` where there is none, `NotACassette` where there is something else.
    """
    folder = outputs or outputs_of(path)

    def side(name: str, size: int) -> bytes:
        return _side_file(folder / name, name, size)

    try:
        data = read(path)
    except FileNotFoundError:
        raise NoCassette(f"{path}: there is no such cassette; record it first") from None
    except OSError as reason:
        raise NotACassette(f"{path}: {reason.strerror}") from None
    return cassette_of(data, side, str(path))


def as_written(cassette: Cassette, *, aside: bool) -> Written:
    """The bytes that `save` writes; with `aside`, large bodies are put into side files."""
    side_files: dict[str, bytes] = {}

    def put(one: Recorded) -> Recorded:
        if one.parts or len(one.seen.response_body) <= KEPT_INSIDE_BYTES:
            return replace(one, side_file="")
        name = sha256(one.seen.response_body).hexdigest()
        side_files[name] = one.seen.response_body
        return replace(one, side_file=name)

    recorded = tuple(map(put, cassette.recorded)) if aside else cassette.recorded
    for one in () if aside else recorded:
        if one.side_file:
            side_files[one.side_file] = one.seen.response_body
    return Written(written(replace(cassette, recorded=recorded)), side_files)


def save(path: Path, told: Written, outputs: Path | None = None) -> None:
    """Put the cassette in the place of the one before; whatever happens, one of them is whole.

    Raises `LibraryError`.
    """
    folder = outputs or outputs_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if told.side_files:
            folder.mkdir(parents=True, exist_ok=True)
        # They come first: a cassette never names a file that is not there.
        for name, data in told.side_files.items():
            write(folder / name, data)
        write(path, told.data)
    except OSError as reason:
        raise LibraryError(f"{path}: it cannot be written: {reason}") from None


def write(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there once it is safe on the disk.

    Raises `LibraryError` where a link stands in its place: what is written stays where it is
    written. Raises `OSError`.
    """
    if path.is_symlink():
        raise LibraryError(f"{path}: this is a link; name the file itself, or remove the link")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write_safely(unfinished, data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write_safely(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the move itself safe, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _side_file(path: Path, name: str, size: int) -> bytes:
    try:
        data = read(path)
    except OSError as reason:
        raise NotACassette(f"{path}: the side file of an answer: {reason.strerror}") from None
    if len(data) != size or sha256(data).hexdigest() != name:
        raise NotACassette(f"{path}: expected {size} bytes of this name, seen {len(data)} others")
    return data


def read(path: Path) -> bytes:
    """The bytes of a file that is not too large. Raises `NotACassette` and `OSError`."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise NotACassette(f"{path}: expected at most {MOST_BYTES} bytes, seen {size}")
    return path.read_bytes()


def is_claimed(path: Path) -> bool:
    """Whether a file says that it is a cassette, right or wrong. Raises `OSError`."""
    with path.open("rb") as file:
        return b'"mockserver cassette ' in file.read(_HEAD_BYTES)
