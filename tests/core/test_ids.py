"""Ids in the form upstream gives them: a UUIDv7 in Crockford base32, its words shuffled."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.core import ids
from mockserver.core.timestamps import edge_timestamp


PUBLISHED: Final = [
    ("tpdf40dypdrma0cram394vvzkg", "2025-07-29T07:12:42.163Z"),
    ("w44zs9cet5rmc0cqzp49gpkhf8", "2025-07-12T07:27:54.577Z"),
    ("s5ny1abwn5rma0cq6ysbzw0re8", "2025-06-03T21:28:53.673Z"),
    ("4h9ajx4vrhrmy0cy415935qz7m", "2026-05-13T07:43:40.996Z"),
    ("11yss2r0gnrge0cjf05rk4np6r", "2024-10-10T20:07:19.941Z"),
    ("cjt2hahk61rgp0cf0p2arcdp9r", "2024-04-22T11:15:01.04Z"),
    ("7vr9my1z3nrj40cjb2vv9pshw0", "2024-10-04T18:07:37.245Z"),
    ("43a2hdchjxrma0crayabpygmdc", "2025-07-29T19:06:51.159Z"),
]
"""Ids that upstream's documents show, and the `created_at` that stands beside them."""

UUIDS: Final = [
    ("tpdf40dypdrma0cram394vvzkg", "01985506-beb3-7145-926f-7f9cd59af201"),
    ("w44zs9cet5rmc0cqzp49gpkhf8", "0197fd88-8ed1-7146-985a-717ae109fca5"),
    ("s5ny1abwn5rma0cq6ysbzw0re8", "019737b2-7ca9-7145-bff0-1872c96be0a9"),
    ("4h9ajx4vrhrmy0cy415935qz7m", "019e204a-9bc4-714f-9196-ff3d2452a974"),
    ("11yss2r0gnrge0cjf05rk4np6r", "0192780b-0085-7107-8992-b636087d9c8b"),
    ("cjt2hahk61rgp0cf0p2arcdp9r", "018f0584-3330-710b-ac31-b64e64b428aa"),
    ("7vr9my1z3nrj40cjb2vv9pshw0", "019258b7-3f1d-7122-b4db-31e03ef09a78"),
    ("43a2hdchjxrma0crayabpygmdc", "01985794-9197-7145-bb7a-146b20d428b5"),
]
"""The same ids, each with the UUID that it spells."""

instants: Final = st.integers(0, 2**48 - 1)
draws: Final = st.binary(min_size=16, max_size=16)
keys: Final = st.text(ids.RFC4648, min_size=10, max_size=10)


def uuid_of(identifier: str) -> UUID:
    """The UUID that an id was made of: its words put back into their order."""
    bits = int("".join(f"{ids.ALPHABET.index(one):05b}" for one in identifier), 2) >> 2
    word3, word1, word0, word2 = (bits >> shift & 0xFFFF_FFFF for shift in (96, 64, 32, 0))
    return UUID(int=word0 << 96 | word1 << 64 | word2 << 32 | word3)


@pytest.mark.parametrize(("identifier", "created_at"), PUBLISHED)
def test_published_ids_carry_their_created_at(identifier: str, created_at: str) -> None:
    """The milliseconds of an id are the prediction's creation."""
    assert edge_timestamp(ids.created_ms(identifier)) == created_at


@pytest.mark.parametrize("identifier", [identifier for identifier, _ in PUBLISHED])
def test_published_ids_are_uuids_of_version_7(identifier: str) -> None:
    """With the words in order, the version is 7 and the variant that of RFC 9562."""
    told = uuid_of(identifier)
    assert (told.version, told.variant) == (7, "specified in RFC 4122")


@pytest.mark.parametrize(("identifier", "uuid"), UUIDS)
def test_published_ids_are_made_as_ours_are(identifier: str, uuid: str) -> None:
    """The UUID in an id, and the id that we would have made of the UUID's chance in that cell."""
    told = uuid_of(identifier)
    drawn = ((told.int >> 64 & 3) << 62 | told.int & (1 << 62) - 1).to_bytes(8)
    ours = uuid_of(ids.prediction_id(ids.created_ms(identifier), drawn)).int
    cell = 0x3FF << 66
    assert str(told) == uuid
    assert ours & ~cell == told.int & ~cell


@given(instants, draws)
def test_an_id_gives_back_its_instant(at_ms: int, drawn: bytes) -> None:
    """Any millisecond of 48 bits survives."""
    assert ids.created_ms(ids.prediction_id(at_ms, drawn)) == at_ms


@given(instants, draws)
def test_our_ids_have_the_form_of_the_published_ones(at_ms: int, drawn: bytes) -> None:
    """26 characters of the alphabet, version 7, the variant, two zero bits at the end."""
    made = ids.prediction_id(at_ms, drawn)
    told = uuid_of(made)
    assert len(made) == ids.PREDICTION_ID_LENGTH
    assert set(made) <= set(ids.ALPHABET)
    assert (told.version, told.variant) == (7, "specified in RFC 4122")
    assert ids.ALPHABET.index(made[-1]) % 4 == 0


@given(instants, st.sets(st.binary(min_size=8, max_size=8), min_size=2))
def test_all_64_bits_of_the_draw_count(at_ms: int, draws: set[bytes]) -> None:
    """Two predictions of one millisecond have two ids."""
    assert len({ids.prediction_id(at_ms, drawn) for drawn in draws}) == len(draws)


def test_our_ids_name_the_cluster_of_the_documents() -> None:
    """The ten bits after the version are those of mid-2025."""
    made = uuid_of(ids.prediction_id(0, bytes(16)))
    july = uuid_of("tpdf40dypdrma0cram394vvzkg")
    assert made.int >> 66 & 0x3FF == july.int >> 66 & 0x3FF == ids.CELL


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("", "is not 26 characters"),
        ("tpdf40dypdrma0cram394vvzk", "is not 26 characters"),
        ("tpdf40dypdrma0cram394vvzkgg", "is not 26 characters"),
        ("tpdf40dypdrma0cram394vvzku", "is not 26 characters of 0123456789abcdefghjkmnpqrstvwxyz"),
        ("TPDF40DYPDRMA0CRAM394VVZKG", "is not 26 characters"),
        ("tpdf40dypdrma0cram394vvzkh", "its last two bits are not zero"),
        ("00000000000000000000000000", "its UUID version is not 7"),
    ],
)
def test_other_texts_carry_no_time(identifier: str, reason: str) -> None:
    """The message shows the text and what is wrong with it."""
    with pytest.raises(ValueError, match=f"'{identifier}' .*{reason}"):
        ids.created_ms(identifier)


@given(st.integers(-(2**63), 2**63), st.integers(0, 2**31))
def test_equal_draws_are_equal_and_others_are_not(seed: int, ordinal: int) -> None:
    """Chance enters by a seed; the next thing and the next purpose draw something else."""
    drawn = ids.entropy(seed, ordinal)
    assert drawn == ids.entropy(seed, ordinal)
    assert len({drawn, ids.entropy(seed, ordinal + 1), ids.entropy(seed, ordinal, b"x")}) == 3
    assert len(drawn) == 16


@given(st.binary(), st.integers(0, 100))
def test_a_token_has_the_asked_length_and_letters(drawn: bytes, length: int) -> None:
    """Equal draws give equal tokens; a shorter token begins a longer one."""
    made = ids.token(drawn, length)
    assert len(made) == length
    assert set(made) <= set(ids.RFC4648)
    assert ids.token(drawn, 100).startswith(made)


@given(keys, instants, draws)
def test_a_stream_name_leads_back_to_its_prediction(key: str, at_ms: int, drawn: bytes) -> None:
    """The stream asks for no token, so that its name alone must tell the world."""
    identifier = ids.prediction_id(at_ms, drawn)
    name = ids.stream_name(key, identifier)
    assert ids.stream_target(name, len(key)) == (key, identifier)
    assert len(name) == ids.STREAM_LENGTH
    assert set(name) <= set(ids.RFC4648)


@example("a" * 60)
@given(st.text(max_size=60))
def test_a_strange_stream_name_names_nobody(name: str) -> None:
    """Nonsense is answered, never an exception."""
    key, identifier = ids.stream_target(name, 10)
    assert name.startswith(key)
    assert len(identifier) <= ids.PREDICTION_ID_LENGTH
