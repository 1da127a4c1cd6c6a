"""Where a recording's own hosts lead here, its addresses are played as they were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front
from tests.playing import Listener, kept
from tests.recording import CATALOGUE, Recording


REAL: Final = "https://api.replicate.com"
CALLED: Final = {"host": "api.replicate.com"}


def played_to(recording: Recording, *genuine: str, new_ids: bool = False) -> Listener:
    """Plays a recording to whoever calls, also at the `genuine` hosts."""
    front = Front(Fake(Settings(clock="manual"), CATALOGUE))
    front.cassettes().genuine = genuine
    front.play(kept(recording), new_ids=new_ids)
    return Listener(front)


def urls(made: Mapping[str, Any]) -> Mapping[str, str]:
    """The addresses of a prediction that a client follows."""
    return {name: made["urls"][name] for name in ("get", "cancel", "stream")}


@pytest.mark.parametrize("genuine", ["api.replicate.com", "*.replicate.com"])
def test_addresses_stay_for_whoever_called_one(recording: Recording, genuine: str) -> None:
    """By its name, or by a pattern: the whole answer is the recorded one."""
    listener = played_to(recording, genuine)
    recorded = json.loads(recording.recorded[0].seen.response_body)
    assert listener.create(headers=CALLED) == recorded
    assert recorded["urls"]["get"].startswith(f"{REAL}/v1/")


def test_they_lead_here_whoever_called_us(recording: Recording) -> None:
    """Who was given our address is on no proxy's way to another."""
    made = played_to(recording, "api.replicate.com").create()
    assert {url.partition("/v1/")[0] for url in urls(made).values()} == {"http://127.0.0.1:4010"}


def test_a_recorded_host_that_does_not_lead_here_is_led(recording: Recording) -> None:
    """As where a local fake was recorded in the place of the host that is called."""
    made = played_to(recording, "called.test").create(headers={"host": "called.test"})
    assert {url.partition("/v1/")[0] for url in urls(made).values()} == {"http://called.test"}


def test_of_two_hosts_the_one_that_is_called_answers() -> None:
    """Again and again, although the other was not asked for yet."""
    recording = Recording()
    for host in ("a.test", "b.test"):
        recording.exchange("GET", "/v1/account", headers={"host": host})
    for at, host in enumerate(("a.test", "b.test")):
        one = recording.recorded[at]
        seen = replace(one.seen, response_body=host.encode())
        recording.recorded[at] = replace(one, seen=seen)
    listener = played_to(recording, "*.test")
    for host in ("b.test", "b.test", "a.test", "b.test"):
        assert listener.ask("GET", "/v1/account", None, {"host": host})[1] == host.encode()


def test_new_ids_are_in_genuine_addresses_too(recording: Recording) -> None:
    """And lead to the prediction that has them, whichever of its addresses is followed."""
    listener = played_to(recording, "api.replicate.com", new_ids=True)
    one, two = (listener.create(headers=CALLED) for _ in range(2))
    assert one["urls"] != two["urls"]
    assert all(url.startswith(REAL) for made in (one, two) for url in urls(made).values())
    listener.wait(60_000)
    for made in (one, two):
        _, told = listener.ask("GET", made["urls"]["get"].removeprefix(REAL), None, CALLED)
        assert json.loads(told)["id"] == made["id"]
        _, heard = listener.ask("GET", made["urls"]["stream"].removeprefix(REAL), None, CALLED)
        assert b"event: done" in heard
