"""One recording answers whatever rhythm and channel its client chooses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.distil import distilled
from mockserver.contract.events import events
from mockserver.contract.looks import Look
from mockserver.contract.oracle import lifecycle
from mockserver.core.letter import Letter
from mockserver.core.reply import Send
from mockserver.service.egress import Target
from tests.playing import played
from tests.recording import PROMPT, Recording, polled


pytestmark = pytest.mark.slow


def final_of(recording: Recording) -> Any:
    """The body of the last look that was recorded, its addresses left out."""
    return unaddressed(json.loads(recording.recorded[-1].seen.response_body))


def unaddressed(told: Any) -> Any:
    """A prediction without its addresses, which lead to wherever it is served."""
    return {name: value for name, value in told.items() if name not in ("urls", "output")}


@pytest.mark.parametrize("rhythm_ms", [1, 50, 500, 5_000, 3_600_000 // 2])
def test_any_rhythm_comes_to_the_same_end(recording: Recording, rhythm_ms: int) -> None:
    """A client that polls oftener or more rarely than the recorded one misses nothing."""
    listener = played(recording)
    ended = listener.until_ended(listener.create(), rhythm_ms)
    assert unaddressed(ended) == final_of(recording)
    assert listener.tape.misses == []


def test_a_wait_is_answered_with_the_end(recording: Recording) -> None:
    """`Prefer: wait` holds the create call until the recorded life ends."""
    listener = played(recording)
    begun_ms = listener.now_ms
    told = listener.create(headers={"prefer": "wait"})
    assert unaddressed(told) == final_of(recording)
    (job,) = distilled(recording.cassette, recording.profile).jobs
    assert listener.now_ms - begun_ms == job.states[-1].after_ms


def test_a_wait_that_is_too_short_tells_the_beginning() -> None:
    """The official clients poll on after `starting`, and after nothing else."""
    recording = polled([500] * 120, scenario="slow-boot")
    listener = played(recording)
    told = listener.create(headers={"prefer": "wait=1"})
    assert told["status"] == "starting"
    assert unaddressed(listener.until_ended(told, 500)) == final_of(recording)


def test_a_stream_tells_the_life_that_was_polled(recording: Recording) -> None:
    """Logs and outputs come as events, and `done` at the end, on the recorded clock."""
    listener = played(recording)
    made = listener.create()
    _, heard = listener.ask("GET", made["urls"]["stream"])
    told = list(events(heard))
    last = json.loads(recording.recorded[-1].seen.response_body)
    assert told[-1]["event"] == "done"
    logs = [event["data"] for event in told if event.get("event") == "logs"]
    assert "\n".join(logs).replace("\n\n", "\n") == last["logs"]
    assert sum(event.get("event") == "output" for event in told) == len(last["output"])
    assert unaddressed(listener.until_ended(made, 1)) == final_of(recording)


def test_a_webhook_brings_the_same_end(recording: Recording) -> None:
    """Who asks for webhooks is told the life that was polled, and the body is the recorded one."""
    listener = played(recording)
    came: list[Letter] = []

    def keep(_target: Target, letter: Letter) -> int:
        came.append(letter)
        return 200

    fake = listener.front.fake
    fake.courier.sender = keep
    listener.create({**PROMPT, "webhook": "http://127.0.0.1:9/hook"})
    listener.wait(60_000)
    fake.courier.perform(listener.tape.world)
    told = [json.loads(letter.body) for letter in came]
    assert [one["status"] for one in told][-1] == "succeeded"
    assert unaddressed(told[-1]) == final_of(recording)


def test_what_has_ended_stays_as_it_ended(recording: Recording) -> None:
    """However long after the last recorded look somebody asks again."""
    listener = played(recording)
    ended = listener.until_ended(listener.create(), 500)
    listener.wait(86_400_000)
    assert listener.until_ended(ended, 1) == ended


def test_a_wait_that_was_recorded_can_be_polled() -> None:
    """A client that polls is told a beginning that nobody saw, and the end that was waited for."""
    recording = Recording()
    recording.create(headers={"prefer": "wait"})
    listener = played(recording)
    made = listener.create()
    assert (made["status"], made["output"]) == ("starting", None)
    ended = listener.until_ended(made, 50)
    assert ended["status"] == "succeeded"
    assert ended["output"]


def test_a_wait_that_was_recorded_is_told_as_it_was() -> None:
    """The answer of the recorded create call, when the recorded life has ended."""
    recording = Recording()
    told = recording.create(headers={"prefer": "wait"})
    listener = played(recording)
    assert unaddressed(listener.create(headers={"prefer": "wait"})) == unaddressed(told)


def test_a_stream_that_was_recorded_comes_in_the_same_pieces() -> None:
    """Its bytes, where they were split, and when each piece came."""
    recording = Recording()
    made = recording.create()
    recording.wait(300)
    one = recording.exchange("GET", made["urls"]["stream"].partition("replicate.com")[2])
    listener = played(recording)
    begun_ms = listener.now_ms
    again = listener.create()
    listener.wait(300)
    reply, heard = listener.ask("GET", again["urls"]["stream"])
    assert heard == one.seen.response_body
    at_ms = begun_ms + 300
    assert reply.script == tuple(Send(part.data, at_ms + part.after_ms) for part in one.parts)


def test_a_stream_alone_is_enough_to_poll() -> None:
    """Who only listened has recorded the life for those who look."""
    recording = Recording()
    made = recording.create()
    recording.exchange("GET", made["urls"]["stream"].partition("replicate.com")[2])
    listener = played(recording)
    assert listener.until_ended(listener.create(), 700)["status"] == "succeeded"


@given(
    st.sampled_from(("happy", "failed", "nsfw", "canceled", "slow-boot")),
    st.lists(st.integers(1, 3_000), min_size=1, max_size=8),
    st.lists(st.integers(1, 5_000), min_size=1, max_size=8),
)
def test_no_rhythm_breaks_a_rule_of_the_oracle(
    scenario: str, recorded: list[int], rhythm: list[int]
) -> None:
    """What a cassette tells is a life, by the rules that every provider is judged by."""
    recording = polled([*recorded, 60_000], scenario=scenario)
    listener = played(recording)
    looks = [listener.create()]
    for wait_ms in (*rhythm, 60_000):
        listener.wait(wait_ms)
        looks.append(json.loads(listener.ask("GET", looks[0]["urls"]["get"])[1]))
    assert list(lifecycle(map(Look, looks))) == []
    assert unaddressed(looks[-1]) == final_of(recording)
