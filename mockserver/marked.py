"""What the mark of a test says of a cassette, for the fixtures of the plugin.

Like the plugin it imports what costs time where it is needed.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mockserver.service.handle import Handle
    from mockserver.web.front import Front
    from mockserver.web.recording.deck import Deck


def deck_of(item: pytest.Item, marked: Mapping[str, object]) -> Deck | None:
    """The cassette that the marks of a test want, if any; one that cannot be had fails it."""
    if "cassette" not in marked:
        return None
    from mockserver.library.errors import LibraryError
    from mockserver.taped import deck_of as deck_for
    from mockserver.web.recording.deck import mode_of

    mode = mode_of(str(marked.get("record_mode") or ""), os.environ)
    path = item.path.parent / str(marked["cassette"])
    try:
        deck = deck_for(path, mode, str(marked.get("upstream") or ""))
    except LibraryError as reason:
        pytest.fail(str(reason), pytrace=False)
    if deck.before is None:
        deck.gateway = str(marked.get("gateway") or deck.gateway)
    return deck


def gateway_of(deck: Deck | None, gateway: str | None) -> str | None:
    """The gateway to speak: the one that was recorded, where nobody names another."""
    return gateway or (deck.gateway if deck and deck.before else None)


def hosts_of(deck: Deck | None) -> Iterable[str]:
    """The hosts that are called on it."""
    if deck is None:
        return ()
    from mockserver.taped import hosts

    return hosts(deck)


@contextmanager
def put_in(item: pytest.Item, front: Front, deck: Deck | None, handle: Handle) -> Iterator[None]:
    """Play, or record, what the test wants; what was refused fails it, in the end."""
    if deck is None:
        yield
        return
    from mockserver.core.clock import wall_ms
    from mockserver.taped import put_in as taped

    with taped(front, deck, handle.world):
        yield
        remarks = "\n".join(deck.remarks(wall_ms()))
        missed = deck.missed
    if remarks:
        item.add_report_section("teardown", "mockserver cassette", f"{deck.path}\n{remarks}")
    if missed:
        pytest.fail(f"{deck.path}: {missed} requests were not on it:\n{remarks}", pytrace=False)
