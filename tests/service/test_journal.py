"""Every interaction a world served: a ring that forgets the oldest."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.interaction import Interaction, Request
from mockserver.service.journal import KEPT_BODY_BYTES, KEPT_INTERACTIONS, Journal


ASKED = Interaction(Request("GET", "/v1/predictions"), 200, (), b"{}", 5)


@given(st.integers(0, 30), st.integers(0, 10))
def test_the_newest_are_kept_and_all_are_counted(served: int, kept: int) -> None:
    """Entries are numbered from 1; a number never changes when older ones are forgotten."""
    journal = Journal(kept)
    for at_ms in range(served):
        journal.append(replace(ASKED, at_ms=at_ms))
    numbers = [entry.number for entry in journal]
    assert numbers == list(range(1, served + 1))[max(0, served - kept) :]
    assert [entry.interaction.at_ms + 1 for entry in journal] == numbers
    assert (len(journal), journal.count) == (min(served, kept), served)


def test_a_journal_is_bounded_if_nothing_else_is_said() -> None:
    """A fake that runs for weeks does not fill the memory."""
    journal = Journal()
    for _ in range(KEPT_INTERACTIONS + 1):
        journal.append(ASKED)
    assert len(journal) == KEPT_INTERACTIONS


def test_an_entry_keeps_what_the_fake_wants_to_say() -> None:
    """Notes, and whether the API has such a path at all."""
    journal = Journal()
    journal.append(ASKED, ("input_image not fetched",), unmatched=True)
    journal.append(ASKED)
    noted, plain = journal
    assert (noted.notes, noted.unmatched) == (("input_image not fetched",), True)
    assert (plain.notes, plain.unmatched) == ((), False)


def test_bodies_up_to_the_limit_are_kept_as_they_are() -> None:
    """The limit itself included."""
    body = b"x" * KEPT_BODY_BYTES
    served = replace(ASKED, request=replace(ASKED.request, body=body), response_body=body)
    journal = Journal()
    journal.append(served)
    assert [entry.interaction for entry in journal] == [served]


def test_a_longer_body_is_cut_and_hashed() -> None:
    """What is left says how long it was, and lets two bodies be told apart."""
    body = b"x" * KEPT_BODY_BYTES + b"y"
    told = f"… {len(body)} bytes in all, sha256 {sha256(body).hexdigest()}".encode()
    journal = Journal()
    journal.append(replace(ASKED, request=replace(ASKED.request, body=body), response_body=body))
    [entry] = journal
    assert entry.interaction.request.body == body[:-1] + told
    assert entry.interaction.response_body == body[:-1] + told
    assert entry.interaction.request.path == ASKED.request.path
