"""Secrets that would reach a disk, or have: sought in every layer of what is to be written.

Where `redacting.py` takes out what it finds, nothing is changed here: what is found is a reason
to write nothing at all.
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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

_ANY_SHAPE: Final = pattern(b"|".join(b"(?:%b)" % shape.pattern for _, shape in SHAPES))
_BASE64: Final = pattern(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = pattern(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){12,}(?![0-9A-Fa-f])")
_WEB_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_GZIP: Final = b"\x1f\x8b"
_ANY_HEADER: Final = 32 + zlib.MAX_WBITS
"""zlib finds out whether it is gzip. Source: zlib.h, inflateInit2."""
_SHORT: Final = 8192
"""Letters of base64 that are read from each of the four places they may begin at."""
_FOUND: Final = "<CANARY:1>"


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that is in what was looked through; `text` may be shown, it does not tell it.

    `line` counts from 1; what is packed stands in the line that its outermost layer begins in.
    """

    what: str
    shown: str
    line: int = 0
    layers: tuple[str, ...] = ()

    def __str__(self) -> str:
        inside = f", inside {' in '.join(reversed(self.layers))}" if self.layers else ""
        return f"line {self.line}: {self.what} ({self.shown}){inside}"


Found = tuple[int, Leak]
"""A leak, and the offset of what it was found in."""


def leaks(data: bytes, canaries: Iterable[str] = ()) -> Iterator[Leak]:
    """What is in `data`, in whatever encoding: `canaries`, and what is a secret by its form."""
    known = tuple(filter(None, canaries))
    told: set[tuple[str, str]] = set()
    for at, found in (*_spelled_out(data, known), *_in_layers(data, known, (), 0, set())):
        if (found.what, found.shown) not in told:
            told.add((found.what, found.shown))
            yield replace(found, line=data.count(b"\n", 0, at) + 1)


def _spelled_out(data: bytes, known: tuple[str, ...]) -> Iterator[Found]:
    """Canaries in any spelling, and forms of secrets in what escapes say."""
    for canary in known:
        masked = Mask((canary,), {canary: _FOUND}).data(data)
        at = masked.find(_FOUND.encode())
        if at >= 0 and _FOUND.encode() not in data:
            yield at, Leak("a known secret", fingerprint(canary))
    text = spelled(data)
    for at, found in _shaped(text.said, ()):
        yield text.span(at, at)[0], found


def _in_layers(
    data: bytes, known: tuple[str, ...], layers: tuple[str, ...], begun: int, seen: set[bytes]
) -> Iterator[Found]:
    """What is in `data` and in what it unpacks to, each once; a layer is told where it begins."""
    for canary in known:
        if canary.encode(errors="surrogatepass") in data:
            yield begun, Leak("a known secret", fingerprint(canary), layers=layers)
    for at, found in _shaped(data, layers):
        yield begun if layers else at, found
    if len(layers) < MOST_LAYERS:
        for name, at, inner in _packed(data, seen):
            where = begun if layers else at
            yield from _in_layers(inner, known, (*layers, name), where, seen)


def _shaped(data: bytes, layers: tuple[str, ...]) -> Iterator[Found]:
    """What is a secret by its form, and where it stands."""
    for what, shape in SHAPES if _ANY_SHAPE.search(data) else ():
        for match in shape.finditer(data):
            shown = fingerprint(match[0].decode(errors="replace"))
            yield match.start(), Leak(what, shown, layers=layers)


def _packed(data: bytes, seen: set[bytes]) -> Iterator[tuple[str, int, bytes]]:
    """What can be unpacked in a layer, and where it begins there; what was `seen` is left out."""
    if data.startswith(_GZIP):
        yield from (("gzip", 0, plain) for plain in _inflated(data))
    for match in _HEX.finditer(data):
        if match[0] not in seen:
            seen.add(match[0])
            yield "hex", match.start(), unhexlify(match[0])
    for match in _BASE64.finditer(data):
        if match[0] in seen:
            continue
        seen.add(match[0])
        text = match[0].rstrip(b"=").translate(_WEB_SAFE)
        # Where the letters of a word stand before it, nobody knows where it begins.
        for offset in range(4) if len(text) <= _SHORT else (0,):
            yield "base64", match.start(), _decoded(text[offset:])


def _decoded(letters: bytes) -> bytes:
    # A letter more than a whole number of groups says nothing.
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return b64decode(whole + b"=" * (-len(whole) % 4))


def _inflated(data: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj(_ANY_HEADER).decompress(data, MOST_BYTES)
    except zlib.error:
        return
