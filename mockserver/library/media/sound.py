"""Two seconds of sound: a tone as WAV, silence as MP3."""

from __future__ import annotations

import io
import wave
from array import array
from math import pi, sin
from sys import byteorder
from typing import Final


SECONDS: Final = 2
RATE_HZ: Final = 16_000
LOUDNESS: Final = 6_000
_SCALE_HZ: Final = (220.0, 246.94, 277.18, 329.63, 369.99, 440.0)
"""A pentatonic scale, from A3 up."""

_SILENT_FRAME: Final = bytes((0xFF, 0xFB, 0x14, 0xC4)) + bytes(92)
"""One frame of MPEG-1 layer III, mono, 48 kHz, 32 kbit/s, that holds no signal: 96 bytes, 24 ms.

Source: ISO 11172-3, 2.4.1.3 (header) and 2.4.2.7 (side information of zeros is silence).
"""
_FRAMES: Final = SECONDS * 1000 // 24


def wav(seed: int) -> bytes:
    """Two notes that follow from `seed`: 16 bits, mono, 16 kHz, 64 kB."""
    samples = array("h", (_sample(place, seed) for place in range(SECONDS * RATE_HZ)))
    if byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def mp3() -> bytes:
    """Silence; there is no encoder here that could put a signal into it."""
    return _SILENT_FRAME * _FRAMES


def _sample(place: int, seed: int) -> int:
    """The `place`-th sample: one note in the first half, another in the second."""
    half = place * 2 // (SECONDS * RATE_HZ)
    note = _SCALE_HZ[(seed >> (3 * half)) % len(_SCALE_HZ)]
    # A little fading at both ends of a note, so that it does not click.
    into = place % (SECONDS * RATE_HZ // 2)
    fade = min(1.0, into / 400, (SECONDS * RATE_HZ // 2 - into) / 400)
    return round(LOUDNESS * fade * sin(2 * pi * note * place / RATE_HZ))
