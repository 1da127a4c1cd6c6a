"""Ids in the form upstream gives them.

A prediction id is 26 characters of lower-case Crockford base32 over the 128 bits of a UUIDv7
(and two zero bits), whose four 32-bit words w0..w3 are written in the order w3, w1, w0, w2.
Its millisecond time is the prediction's `created_at`.
Source: decoded from 20 published ids, 2024 to 2026.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b, shake_128
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from mockserver.core.timestamps import compact_timestamp


ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
RFC4648: Final = "abcdefghijklmnopqrstuvwxyz234567"
PREDICTION_ID_LENGTH: Final = 26
STREAM_LENGTH: Final = 52

_LETTERS: Final = ascii_uppercase + ascii_lowercase + digits

_TO_STREAM: Final = str.maketrans(ALPHABET, RFC4648)
_FROM_STREAM: Final = str.maketrans(RFC4648, ALPHABET)
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS: Final = tuple(first + second for first in ALPHABET for second in ALPHABET)
_WORD: Final = 0xFFFF_FFFF
_TIMED: Final = 7
"""The version of those UUIDs that begin with the time of their making. Source: RFC 9562."""

CELL: Final = 0x51
"""The ten bits that name upstream's cluster: mid-2025, as in all ids of the documents."""


def entropy(seed: int, ordinal: int, purpose: bytes = b"id") -> bytes:
    """16 bytes drawn from `seed` for the `ordinal`-th thing of its kind; equal draws are equal."""
    return blake2b(b"%d:%d" % (seed, ordinal), digest_size=16, person=purpose).digest()


def prediction_id(at_ms: int, drawn: bytes) -> str:
    """The id of a prediction created at `at_ms`; `drawn` gives its 64 free bits."""
    free = int.from_bytes(drawn[:8])
    rand_a = CELL << 2 | free >> 62
    word0 = at_ms >> 16 & _WORD
    word1 = (at_ms & 0xFFFF) << 16 | 0x7000 | rand_a
    word2 = 0x8000_0000 | free >> 32 & 0x3FFF_FFFF
    word3 = free & _WORD
    return _encode(word3 << 96 | word1 << 64 | word0 << 32 | word2)


def created_ms(identifier: str) -> int:
    """The Unix time in milliseconds that `identifier` carries.

    Raises `ValueError` if it is not a prediction id of upstream's present form.
    """
    bits = _decode(identifier)
    word1, word0 = bits >> 64 & _WORD, bits >> 32 & _WORD
    if word1 >> 12 & 0xF != _TIMED:
        raise ValueError(f"{identifier!r} carries no time: its UUID version is not {_TIMED}")
    return word0 << 16 | word1 >> 16


def carried_ms(identifier: object) -> int | None:
    """The creation instant in an id of upstream's form; None for any other."""
    try:
        return created_ms(str(identifier))
    except ValueError:
        return None


def token(drawn: bytes, length: int, alphabet: str = RFC4648) -> str:
    """A text of `length` characters that looks random: parts of file names."""
    return shake_128(drawn).digest(length).translate(_spelling(alphabet)).decode("ascii")


def request_id(at_ms: int, drawn: bytes) -> str:
    """An id in the form of the new-api family: the second, its fraction, eight characters.

    Source: captured error bodies of that family, 2024 to 2026.
    """
    nanoseconds = int.from_bytes(drawn[8:11]) % 1_000_000
    return f"{compact_timestamp(at_ms)}{nanoseconds:06d}{token(drawn, 8, _LETTERS)}"


def stream_name(world_key: str, prediction_id: str) -> str:
    """The 52 characters that name a prediction's stream, from which both can be told again."""
    told = (world_key + prediction_id.translate(_TO_STREAM))[:STREAM_LENGTH]
    return told + token(told.encode(), STREAM_LENGTH - len(told))


def stream_target(name: str, key_length: int) -> tuple[str, str]:
    """The world key and the prediction id that `name` was made of; nonsense names nobody's."""
    told = name[key_length : key_length + PREDICTION_ID_LENGTH]
    return name[:key_length], told.translate(_FROM_STREAM)


@cache
def _spelling(alphabet: str) -> bytes:
    """The character that each byte stands for."""
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))


def _encode(bits128: int) -> str:
    bits = bits128 << 2
    return "".join([_PAIRS[bits >> shift & 0x3FF] for shift in range(120, -1, -10)])


def _decode(identifier: str) -> int:
    if len(identifier) != PREDICTION_ID_LENGTH or not set(identifier) <= _VALUE.keys():
        raise ValueError(f"{identifier!r} is not 26 characters of {ALPHABET}")
    bits = 0
    for character in identifier:
        bits = bits << 5 | _VALUE[character]
    if bits & 3:
        raise ValueError(f"{identifier!r} is not an id: its last two bits are not zero")
    return bits >> 2
