"""A cassette in worlds that come and go."""

from __future__ import annotations

import json

from mockserver.service.handle import Handle
from tests.playing import played
from tests.recording import TOKEN, Recording


def test_a_world_that_is_brought_back_goes_on(recording: Recording) -> None:
    """Its predictions run as they did, and the cassette goes on telling them."""
    listener = played(recording)
    handle = Handle(listener.front.fake, TOKEN, clock="manual")
    made = listener.create()
    snapshot = handle.snapshot()
    ended = listener.until_ended(made, 500)
    handle.restore(snapshot)
    _, data = listener.ask("GET", made["urls"]["get"])
    assert json.loads(data)["status"] == "starting"
    assert listener.until_ended(made, 500) == ended


def test_a_test_sees_what_runs(recording: Recording) -> None:
    """By the same hand as any other world: predictions, settling, the journal."""
    listener = played(recording)
    handle = Handle(listener.front.fake, TOKEN, clock="manual")
    made = listener.create()
    assert [one.id for one in handle.predictions()] == [made["id"]]
    (settled,) = handle.settle()
    assert (str(settled.status), settled.outputs) == ("succeeded", 1)
    assert len(handle.journal) == 1


def test_the_control_api_is_our_own(recording: Recording) -> None:
    """It is there beside every cassette, and tells the life as a timeline."""
    listener = played(recording)
    made = listener.create()
    reply, data = listener.ask("GET", f"/__mock__/predictions/{made['id']}/timeline")
    assert reply.status == 200
    assert b"succeeded" in data
    assert listener.ask("GET", "/__mock__/health")[0].status == 200


def test_a_test_may_force_another_end(recording: Recording) -> None:
    """What was never recorded is told by the nearest that was."""
    listener = played(recording)
    handle = Handle(listener.front.fake, TOKEN, clock="manual")
    made = listener.create()
    handle.force(made["id"], "succeeded")
    _, data = listener.ask("GET", made["urls"]["get"])
    assert json.loads(data)["status"] == "succeeded"


def test_the_secret_of_webhooks_is_the_fakes_own(recording: Recording) -> None:
    """So that receivers which check signatures accept what is posted."""
    recording.exchange("GET", "/v1/webhooks/default/secret")
    listener = played(recording)
    _, data = listener.ask("GET", "/v1/webhooks/default/secret")
    assert json.loads(data)["key"].startswith("whsec_")
