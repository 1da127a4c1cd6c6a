"""Secrets that would reach a disk, or have: sought in every layer of what is to be written.

Where `redacting.py` takes out what it finds, nothing is changed here: what is found is a reason
to write nothing at all.
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from mockserver.core.mask import Mask
from mockserver.core.redaction import CREDENTIAL, fingerprint
from mockserver.core.spelled import spelled


MOST_LAYERS: Final = 3
"""How deep encodings are undone in one another."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""What one layer may come to: a few bytes can stand for any number of them."""

SHAPES: Final = (
    ("a credential", pattern(rb"(?<![\w-])(?:" + CREDENTIAL.encode() + rb")(?![\w-])")),
    ("a secret of webhooks", pattern(rb"(?<![\w-])whsec_[A-Za-z0-9+/=_-]{20,}")),
    ("a token of Hugging Face", pattern(rb"(?<![\w-])hf_[A-Za-z0-9]{30,}")),
    ("a token of GitHub", pattern(rb"(?<![\w-])gh[pousr]_[A-Za-z0-9]{36,}")),
    ("an access key of AWS", pattern(rb"(?<![A-Z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    ("a signed address", pattern(rb"(?i:X-Amz-Signature|X-Goog-Signature)=[0-9a-fA-F]{32,}")),
    ("a private key", pattern(rb"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    ("a bearer token", pattern(rb"(?i:bearer) {1,8}(?=[a-z]*[^a-z\s])[\w.~+/=-]{24,}")),
)
"""What is a secret by its form. Source: the forms in which their issuers write them."""

_BASE64: Final = pattern(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = pattern(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){12,}(?![0-9A-Fa-f])")
_WEB_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_GZIP: Final = b"\x1f\x8b"
_ANY_HEADER: Final = 32 + zlib.MAX_WBITS
"""zlib finds out whether it is gzip. Source: zlib.h, inflateInit2."""
_FOUND: Final = "<CANARY:1>"


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that is in what was looked through; `text` may be shown, it does not tell it.

    `at` is the offset of the layer it was found in, `line` counts from 1.
    """

    what: str
    shown: str
    line: int
    layers: tuple[str, ...] = ()

    def __str__(self) -> str:
        inside = f", inside {' in '.join(reversed(self.layers))}" if self.layers else ""
        return f"line {self.line}: {self.what} ({self.shown}){inside}"


def leaks(data: bytes, canaries: Iterable[str] = ()) -> Iterator[Leak]:
    """What is in `data`, in whatever encoding: `canaries`, and what is a secret by its form."""
    known = tuple(filter(None, canaries))
    seen: set[tuple[str, str]] = set()
    for found in _in_layer(data, known, (), 1):
        if (found.what, found.shown) not in seen:
            seen.add((found.what, found.shown))
            yield found


def _in_layer(
    data: bytes, known: tuple[str, ...], layers: tuple[str, ...], line: int
) -> Iterator[Leak]:
    for canary in known:
        at = _canary_at(data, canary)
        if at is not None:
            yield Leak(
                "a known secret", fingerprint(canary), _line(data, at, line, layers), layers
            )
    for text in dict.fromkeys((data, spelled(data).said)):
        for what, shape in SHAPES:
            for match in shape.finditer(text):
                shown = fingerprint(match[0].decode(errors="replace"))
                yield Leak(what, shown, _line(text, match.start(), line, layers), layers)
    if len(layers) < MOST_LAYERS:
        for name, at, inner in _packed(data):
            yield from _in_layer(inner, known, (*layers, name), _line(data, at, line, layers))


def _canary_at(data: bytes, canary: str) -> int | None:
    """Where it begins, in any spelling; None if it is not there."""
    masked = Mask((canary,), {canary: _FOUND}).data(data)
    at = masked.find(_FOUND.encode())
    return None if at < 0 or _FOUND.encode() in data else at


def _packed(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """What can be unpacked in a layer, and where it begins there."""
    if data.startswith(_GZIP):
        yield from (("gzip", 0, plain) for plain in _inflated(data))
    for match in _HEX.finditer(data):
        yield "hex", match.start(), unhexlify(match[0])
    for match in _BASE64.finditer(data):
        text = match[0].rstrip(b"=").translate(_WEB_SAFE)
        # A letter more than a whole number of groups says nothing.
        text = text[: len(text) - (len(text) % 4 == 1)]
        try:
            yield "base64", match.start(), b64decode(text + b"=" * (-len(text) % 4))
        except NotBase64:
            continue


def _inflated(data: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj(_ANY_HEADER).decompress(data, MOST_BYTES)
    except zlib.error:
        return


def _line(data: bytes, at: int, line: int, layers: tuple[str, ...]) -> int:
    """The line of the file; what is packed stands in the line it begins in."""
    return line if layers else data.count(b"\n", 0, at) + 1
