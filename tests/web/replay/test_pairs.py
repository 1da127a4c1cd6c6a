"""Why a life is recorded and not a list of pairs: what such a list does where ours answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockserver.core.cassette import Recorded
from tests.playing import played
from tests.recording import Recording, polled


class Missing(Exception):
    """No pair is left for a request."""


@dataclass
class Pairs:
    """A player of pairs in their order, as tools for HTTP in general have it; `again`: for ever.

    Source: vcrpy 9.4.2, `Cassette.play_response`, whose behaviour docs/cassettes.md tells as
    measured.
    """

    recorded: list[Recorded]
    again: bool = False
    used: set[int] = field(default_factory=set)

    def ask(self, method: str, path: str) -> Any:
        """The answer of the first pair that was not played, or of the first at all."""
        for place, one in enumerate(self.recorded):
            same = (one.request.method, one.request.path) == (method, path)
            if same and (self.again or place not in self.used):
                self.used.add(place)
                return json.loads(one.seen.response_body)
        raise Missing(f"{method} {path}")

    def looks(self) -> Iterator[str]:
        """The statuses that a client sees which creates and looks, and looks again."""
        create = self.recorded[0].request
        made = self.ask(create.method, create.path)
        while True:
            yield self.ask("GET", f"/v1/predictions/{made['id']}")["status"]


@pytest.fixture
def recording() -> Recording:
    """A client that looked twice before the end, and once after it."""
    return polled([310, 100, 1_000])


def test_one_look_more_is_missing_from_pairs(recording: Recording) -> None:
    """And is on a cassette of ours: what has ended stays as it ended."""
    looks = Pairs(recording.recorded).looks()
    assert [next(looks) for _ in range(3)] == ["processing", "processing", "succeeded"]
    with pytest.raises(Missing):
        next(looks)
    listener = played(recording)
    ended = listener.until_ended(listener.create(), 10)
    assert listener.until_ended(ended, 10) == ended


def test_pairs_that_are_played_again_never_end(recording: Recording) -> None:
    """The first answer is given for ever: whoever waits for the end hangs."""
    looks = Pairs(recording.recorded, again=True).looks()
    assert {next(looks) for _ in range(1_000)} == {"processing"}
    listener = played(recording)
    assert listener.until_ended(listener.create(), 10)["status"] == "succeeded"


def test_pairs_have_no_other_channel(recording: Recording) -> None:
    """A stream that nobody listened to is not there; a life can be listened to all the same."""
    made = json.loads(recording.recorded[0].seen.response_body)
    path = made["urls"]["stream"].partition("replicate.com")[2]
    with pytest.raises(Missing):
        Pairs(recording.recorded).ask("GET", path)
    listener = played(recording)
    _, heard = listener.ask("GET", listener.create()["urls"]["stream"])
    assert heard.rstrip().endswith(b"data: {}")
