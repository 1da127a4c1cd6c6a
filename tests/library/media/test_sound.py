"""Sounds: WAV with a tone, MP3 without."""

from __future__ import annotations

import io
import wave

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.library.media.sound import LOUDNESS, RATE_HZ, SECONDS, mp3, wav


@settings(max_examples=5)
@given(seed=st.integers(0, 2**64))
def test_a_wav_is_two_seconds_of_sound(seed: int) -> None:
    """16 bits, mono, below 100 kB; the same bytes for the same seed."""
    data = wav(seed)
    with wave.open(io.BytesIO(data)) as reader:
        seen = reader.getnchannels(), reader.getsampwidth(), reader.getframerate()
        samples = memoryview(reader.readframes(reader.getnframes())).cast("h")
    assert seen == (1, 2, RATE_HZ)
    assert len(samples) == SECONDS * RATE_HZ
    assert LOUDNESS * 0.9 < max(samples) <= LOUDNESS
    assert len(data) < 100_000
    assert wav(seed) == data


def test_seeds_sound_different() -> None:
    """So that two outputs can be told apart."""
    assert wav(1) != wav(2)


def test_an_mp3_is_whole_frames() -> None:
    """Each begins with the sync word of MPEG-1 layer III, and is 24 ms long."""
    data = mp3()
    frames = [data[at : at + 96] for at in range(0, len(data), 96)]
    assert {frame[:4] for frame in frames} == {b"\xff\xfb\x14\xc4"}
    assert {len(frame) for frame in frames} == {96}
    assert abs(len(frames) * 24 - SECONDS * 1000) <= 24
