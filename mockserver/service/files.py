"""Files that clients upload: kept for a day of the world's clock, and usable as inputs."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from hashlib import md5, sha256
from re import compile as pattern
from threading import Lock
from typing import Final
from uuid import UUID

from mockserver.core.problem import FileNotFound
from mockserver.library.models import Model


KEPT_FILES: Final = 1_000
KEPT_BYTES: Final = 256 * 1024 * 1024
"""The most that one world holds; the oldest file goes first, and before it those deleted."""
MOST_BYTES: Final = 100 * 1024 * 1024
"""A file has fewer bytes than this. Source: upstream's OpenAPI document, "less than 100MB"."""
LIFE_MS: Final = 24 * 3_600_000
"""Source: upstream's recording of 2024-08 (its document's example shows one hour)."""

_ADDRESS: Final = pattern(r"https?://[^?#]{1,500}/files/([A-Za-z0-9]{48})")

Draw = Callable[[int, bytes], bytes]
"""Sixteen bytes for the n-th thing of a kind, as a world draws them."""
Find = Callable[[str], bytes | None]
"""The bytes of the uploaded file that an address names, if it is here."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; `metadata` is a JSON object in compact form."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    metadata: bytes = b"{}"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was taken in at `at_ms`; digests are in hexadecimal."""

    id: str
    upload: Upload
    sha256: str
    md5: str
    at_ms: int

    @property
    def expires_ms(self) -> int:
        """The instant from which on nobody finds the file."""
        return self.at_ms + LIFE_MS

    @property
    def held_bytes(self) -> int:
        """What it weighs."""
        return len(self.upload.data) + len(self.upload.metadata)


class Files:
    """The files of one world.

    What a prediction was made from is kept after its deletion too, until it is pushed out: the
    picture shows it whenever it is drawn.
    """

    def __init__(self, kept: int = KEPT_FILES, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept = kept
        self._left_bytes = kept_bytes
        self._files: dict[str, File] = {}
        self._deleted: dict[str, int] = {}
        self._used: set[str] = set()
        self._count = 0
        self._lock = Lock()

    def add(self, upload: Upload, at_ms: int, draw: Draw) -> File:
        """Keep `upload`. Takes as long as hashing does: not for an event loop."""
        digest, old_digest = sha256(upload.data), md5(upload.data, usedforsecurity=False)
        with self._lock:
            name = file_id(draw(self._count, b"file"))
            file = File(name, upload, digest.hexdigest(), old_digest.hexdigest(), at_ms)
            self._count += 1
            self._files[name] = file
            self._left_bytes -= file.held_bytes
            while len(self._files) > self._kept or (self._left_bytes < 0 < len(self._files) - 1):
                self._push_out(at_ms)
        return file

    def copy(self) -> Files:
        """The same files, to be added to and deleted from apart from these."""
        with self._lock:
            other = copy(self)
            vars(other).update(
                _files=dict(self._files),
                _deleted=dict(self._deleted),
                _used=set(self._used),
                _lock=Lock(),
            )
        return other

    def look(self, file_id: str, now_ms: int) -> File:
        """The file of this id. Raises `FileNotFound` also when it is deleted or expired."""
        file = self._files.get(file_id)
        if file is None or not self._is_here(file, now_ms):
            raise FileNotFound(file_id)
        return file

    def here(self, now_ms: int) -> tuple[File, ...]:
        """All that can be found, the newest first."""
        known = tuple(self._files.values())
        return tuple(file for file in reversed(known) if self._is_here(file, now_ms))

    def delete(self, file_id: str, now_ms: int) -> None:
        """Let nobody find the file any more. Raises `FileNotFound`."""
        with self._lock:
            file = self.look(file_id, now_ms)
            self._deleted[file.id] = now_ms
            if file.id not in self._used:
                self._forget(file)

    def taking(self, now_ms: int) -> Find:
        """Finds what can be found now, for a prediction that begins now."""

        def find(address: str) -> bytes | None:
            file = self._files.get(named_in(address))
            if file is None or not self._is_here(file, now_ms):
                return None
            self._used.add(file.id)
            return file.upload.data

        return find

    def taken(self, at_ms: int) -> Find:
        """Finds what a prediction that began at `at_ms` was given, as long as it is kept."""

        def find(address: str) -> bytes | None:
            file = self._files.get(named_in(address))
            if file is None or at_ms >= file.expires_ms:
                return None
            return None if self._deleted.get(file.id, at_ms) < at_ms else file.upload.data

        return find

    def _is_here(self, file: File, now_ms: int) -> bool:
        return file.id not in self._deleted and now_ms < file.expires_ms

    def _push_out(self, now_ms: int) -> None:
        """Forget the first that nobody finds any more, or else the first of all."""
        known = self._files.values()
        gone = next((file for file in known if not self._is_here(file, now_ms)), None)
        self._forget(gone or next(iter(known)))

    def _forget(self, file: File) -> None:
        del self._files[file.id]
        self._deleted.pop(file.id, None)
        self._used.discard(file.id)
        self._left_bytes += file.held_bytes


def file_id(drawn: bytes) -> str:
    """48 letters and digits. Source: live ids are UUIDs, as text, in base64."""
    return b64encode(str(UUID(bytes=drawn, version=4)).encode()).decode()


def named_in(address: str) -> str:
    """The id of the file that `address` leads to, at whichever host; or nothing."""
    found = _ADDRESS.fullmatch(address)
    return found[1] if found else ""


def nowhere(_address: str) -> None:
    """Finds nothing: where no file was uploaded."""


def secret(draw: Draw) -> str:
    """What the download addresses of a world are signed with."""
    return (draw(0, b"file secret") + draw(1, b"file secret")).hex()


def signature(key: str, owner: str, file_id: str, expiry_s: int) -> str:
    """What proves that a download address was given out. Source: upstream's OpenAPI document."""
    told = f"{owner} {file_id} {expiry_s}"
    return b64encode(hmac.digest(key.encode(), told.encode(), "sha256")).decode()


def told_of(model: Model, given: Mapping[str, object], find: Find) -> Iterator[str]:
    """A note for each input that names an uploaded file, found or not."""
    for name in model.file_inputs:
        value = given.get(name)
        named = named_in(value) if isinstance(value, str) else ""
        if named:
            data = find(str(value))
            seen = _MISSING if data is None else f"is here: {len(data)} bytes"
            yield f"{name} names the uploaded file {named}, which {seen}"


_MISSING: Final = (
    "is not here (deleted, expired, or of another account): taken for 1024x1024 pixels"
)
