"""What a tape plays once, again, or not at all, and what it says of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply, Reset
from tests.playing import Listener, kept, played
from tests.recording import FLUX, PROMPT, Recording


def test_what_was_not_recorded_is_refused_beside_the_nearest(recording: Recording) -> None:
    """424, and the one value in which the request differs, by its place."""
    listener = played(recording)
    reply, data = listener.ask(
        "POST", f"/v1/models/{FLUX}/predictions", {"input": {"prompt": "a ship"}}
    )
    told = json.loads(data)
    assert (reply.status, told["title"]) == (424, "Not on the cassette")
    assert "The nearest is interaction 0" in told["detail"]
    assert "/input/prompt: recorded 'a lighthouse', asked 'a ship'" in told["detail"]
    assert listener.tape.misses == [told["detail"]]


def test_nothing_falls_through_to_the_fake(recording: Recording) -> None:
    """Paths that the fake has are refused as well, if nobody asked for them when it recorded."""
    listener = played(recording)
    for path in ("/v1/models", "/v1/account", "/v1/predictions", "/v1/predictions/abc"):
        assert listener.ask("GET", path)[0].status == 424


def test_a_create_call_makes_one_prediction(recording: Recording) -> None:
    """It is played once: a client that submits twice is told so."""
    listener = played(recording)
    listener.create()
    reply, data = listener.ask("POST", f"/v1/models/{FLUX}/predictions", PROMPT)
    assert reply.status == 424
    assert "played as often" in json.loads(data)["detail"]


def test_under_new_ids_a_create_call_is_played_again(recording: Recording) -> None:
    """Each prediction has an id, addresses and a life of its own."""
    listener = played(recording, new_ids=True)
    one = listener.create()
    listener.wait(60_000)
    two = listener.create()
    recorded_id = json.loads(recording.recorded[0].seen.response_body)["id"]
    assert len({one["id"], two["id"], recorded_id}) == 3
    assert listener.until_ended(one, 1)["id"] == one["id"]
    assert json.loads(listener.ask("GET", two["urls"]["get"])[1])["status"] == "starting"
    _, heard = listener.ask("GET", two["urls"]["stream"])
    assert b"event: done" in heard
    assert recorded_id not in json.dumps([one, two])


def test_refusals_come_in_their_order() -> None:
    """A create call that was refused and tried again is refused and tried again."""
    recording = Recording()
    path = f"/v1/models/{FLUX}/predictions"
    recording.exchange("POST", path, PROMPT, {"x-mock-fault": "http.status;status=429"})
    recording.create()
    listener = played(recording)
    assert listener.ask("POST", path, PROMPT)[0].status == 429
    assert listener.ask("POST", path, PROMPT)[0].status == 201


def test_what_changes_nothing_is_answered_again() -> None:
    """Lists, models and files may be asked for as often as one likes."""
    recording = Recording()
    recording.exchange("GET", "/v1/account")
    listener = played(recording)
    answers = {listener.ask("GET", "/v1/account")[1] for _ in range(3)}
    assert answers == {recording.recorded[0].seen.response_body}


def test_a_cancel_that_was_recorded_cancels() -> None:
    """At the instant it is asked for, whatever the recorded one was."""
    recording = Recording()
    made = recording.create("slow-boot")
    recording.wait(2_000)
    recording.exchange("POST", f"/v1/predictions/{made['id']}/cancel")
    recording.look(made["id"])
    listener = played(recording)
    made = listener.create()
    listener.wait(100)
    assert json.loads(listener.ask("POST", made["urls"]["cancel"])[1])["status"] == "canceled"
    assert listener.until_ended(made, 1)["status"] == "canceled"


def test_a_cancel_that_was_not_recorded_is_refused(recording: Recording) -> None:
    """Nobody knows what it would have come to."""
    listener = played(recording)
    made = listener.create()
    reply, data = listener.ask("POST", made["urls"]["cancel"])
    assert reply.status == 424
    assert "Nobody asked to cancel" in json.loads(data)["detail"]


def test_a_connection_that_broke_breaks_again() -> None:
    """Where there was no answer there is none."""
    recording = Recording()
    recording.create()
    broken = replace(
        recording.recorded[0],
        seen=replace(recording.recorded[0].seen, status=0, response_headers=(), response_body=b""),
        error="ReadError: reset",
    )
    listener = played(replace(kept(recording), recorded=(broken,), jobs=()))
    path = f"/v1/models/{FLUX}/predictions"
    sent = (("host", "127.0.0.1"), ("authorization", "Bearer t"))
    reply = listener.front.answer(Request("POST", path, "", sent, json.dumps(PROMPT).encode()))
    assert isinstance(reply, Reply)
    assert reply.script == (Reset(),)


def test_outputs_are_downloaded_from_here(recording: Recording) -> None:
    """Addresses that were downloaded when it was recorded lead to the tape; others stay."""
    last = json.loads(recording.recorded[-1].seen.response_body)
    path = last["output"][0].partition("replicate.com")[2]
    one = recording.exchange("GET", path)
    listener = played(recording)
    (output,) = listener.until_ended(listener.create(), 500)["output"]
    assert output.startswith("http://127.0.0.1:4010/")
    assert listener.ask("GET", output)[1] == one.seen.response_body


def test_addresses_that_nobody_asked_for_stay_as_they_were(recording: Recording) -> None:
    """Only what can be answered here leads here."""
    listener = played(recording)
    ended = listener.until_ended(listener.create(), 500)
    assert ended["output"] == json.loads(recording.recorded[-1].seen.response_body)["output"]
    assert ended["urls"]["get"].startswith("http://127.0.0.1:4010/v1/predictions/")


def test_what_nobody_asked_for_is_told(recording: Recording) -> None:
    """Looks at a life are asked for together; anything else by itself."""
    recording.exchange("GET", "/v1/account")
    listener = played(recording)
    made = listener.create()
    assert listener.tape.unused() == list(range(1, len(recording.recorded)))
    listener.until_ended(made, 500)
    assert listener.tape.unused() == [len(recording.recorded) - 1]


def test_each_world_has_a_tape_of_its_own(recording: Recording) -> None:
    """Two programs play the same cassette apart, and a reset begins it again."""
    listener = played(recording)
    listener.create()
    assert listener.create(headers={"x-mock-world": "another"})["status"] == "starting"
    listener.front.fake.worlds.reset()
    assert listener.create()["status"] == "starting"


def test_who_sends_no_token_is_answered_as_recorded() -> None:
    """A refusal of a stranger is on the cassette like anything else."""
    recording = Recording()
    recording.exchange("GET", "/v1/account", headers={"authorization": ""})
    listener = played(recording)
    assert listener.ask("GET", "/v1/account", headers={"authorization": ""})[0].status == 401


@pytest.mark.parametrize("gateway", ["winfull", "quickrouter", "routeany", "wavespeed"])
def test_gateways_are_played_in_their_own_words(gateway: str) -> None:
    """Bodies are those that were recorded, wrapped and spelled as the gateway does."""
    recording = Recording(gateway)
    listener = _polled(recording)
    path, sent = _create_call(recording)
    _, data = listener.ask("POST", path, sent)
    assert json.loads(data).keys() == json.loads(recording.recorded[0].seen.response_body).keys()
    listener.wait(60_000)
    _, data = listener.ask("GET", recording.recorded[-1].request.path)
    last = json.loads(recording.recorded[-1].seen.response_body)
    told = json.loads(data)
    assert told.keys() == last.keys()
    assert told.get("status") == last.get("status")
    assert told.get("data", {}).get("status") == last.get("data", {}).get("status")


def _create_call(recording: Recording) -> tuple[str, object]:
    if recording.gateway == "wavespeed":
        return f"{recording.prefix}/{FLUX}", PROMPT["input"]
    return f"{recording.prefix}/models/{FLUX}/predictions", PROMPT


def _polled(recording: Recording) -> Listener:
    path, sent = _create_call(recording)
    made = recording.ask("POST", path, sent)
    made = made.get("data", made)
    for _ in range(12):
        recording.wait(500)
        recording.look(made["id"])
    return played(recording)


def test_addresses_of_others_stay_as_they_are(recording: Recording) -> None:
    """A path that is known, on a host that is not, is somebody else's."""
    recording.exchange("GET", "/v1/account")
    one = recording.recorded[-1]
    body = (
        b'{"mine": "https://api.replicate.com/v1/account", "other": "https://x.test/v1/account"}'
    )
    recording.recorded[-1] = replace(one, seen=replace(one.seen, response_body=body))
    told = json.loads(played(recording).ask("GET", "/v1/account")[1])
    assert told == {
        "mine": "http://127.0.0.1:4010/v1/account",
        "other": "https://x.test/v1/account",
    }


def test_a_look_that_was_refused_is_not_played(recording: Recording) -> None:
    """A life is told by what was seen of it, and not by what went wrong on the way."""
    made = json.loads(recording.recorded[0].seen.response_body)
    recording.exchange("GET", f"/v1/predictions/{made['id']}", headers={"authorization": "x"})
    assert recording.recorded[-1].seen.status == 401
    recording.recorded.insert(1, recording.recorded.pop())
    listener = played(recording)
    assert listener.until_ended(listener.create(), 500)["status"] == "succeeded"
    reply, _ = listener.ask("GET", f"/v1/predictions/{made['id']}")
    assert reply.status == 200
