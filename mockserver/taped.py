"""A cassette for one program or one test: played, or recorded on the way, as its mode says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mockserver.library.cassettes.files import load
from mockserver.library.errors import LibraryError
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.service.worlds import World
from mockserver.web.front import Front
from mockserver.web.recording.deck import Deck, Mode, found
from mockserver.web.recording.places import Places, upstream_at
from mockserver.web.recording.recorder import Recorder


UPSTREAM_TOKEN: Final = "MOCKSERVER_UPSTREAM_TOKEN"  # noqa: S105 - where it is, not what
"""The variable with the token that a recording spends."""


def playing(path: Path | str, *, new_ids: bool = False, clock: str = "poll") -> Front:
    """The cassette at `path`, as something that answers: for `FakeTransport` and `mounted`.

    With `new_ids` a create call is played as often as it is asked. Raises `NoCassette` and
    `NotACassette`.
    """
    cassette = load(Path(path))
    front = Front(Fake(Settings(clock=clock, gateway=cassette.gateway)))
    front.play(cassette, new_ids=new_ids)
    return front


def deck_of(path: Path, mode: Mode, upstream: str = "") -> Deck:
    """The deck that plays the cassette at `path`, or records it from `upstream`, as `mode` says.

    Raises `LibraryError`.
    """
    deck = Deck(path, mode, found(path, mode), upstream=upstream)
    if deck.records:
        if not upstream:
            raise LibraryError(
                f"{path}: nothing says whom to record (mode {mode}): "
                "name it in the mark, upstream='https://api.replicate.com/v1'"
            )
        upstream_at(upstream)
    if deck.before is not None:
        deck.gateway = deck.before.gateway
    return deck


@contextmanager
def put_in(front: Front, deck: Deck, world: World | None = None) -> Iterator[None]:
    """Let `deck` answer in `world`, or in all; what was recorded is written at the end."""
    recorder = _recorder(front, deck) if deck.records else None
    player = deck.load_into(front, recorder, world)
    try:
        yield
    finally:
        if recorder is not None:
            recorder.close()
            deck.save()
        if world is not None:
            player.stop(world)


def hosts(deck: Deck) -> frozenset[str]:
    """Whom the requests on the cassette were sent to."""
    recorded = deck.before.recorded if deck.before else ()
    return frozenset(one.request.hostname for one in recorded)


def _recorder(front: Front, deck: Deck) -> Recorder:
    origin, base_path = upstream_at(deck.upstream)
    places = Places(origin, base_path=base_path, plain=front.plain)
    token = os.environ.get(UPSTREAM_TOKEN, "")
    deck.secrets = (*deck.secrets, *filter(None, [token]))
    return Recorder(places, token=token, kept=deck.kept)
