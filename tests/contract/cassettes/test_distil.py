"""Lives that no single channel tells whole, and what is no life at all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.cassettes.distil import Distilled, distilled
from mockserver.core.cassette import Cassette, Job, Part, Posted, Recorded
from mockserver.core.interaction import Interaction, Request
from tests.recording import CATALOGUE, FLUX, Recording


HOST = (("host", "api.replicate.com"),)
ID = "tpdf40dypdrma0cram394vvzkg"
REPLICATE = CATALOGUE.gateway("replicate")
STREAM = "https://stream.replicate.com/v1/files/bcwr-abc"


def told(status: str, **more: Any) -> dict[str, Any]:
    """A prediction as some answer tells it."""
    urls = {"get": f"https://api.replicate.com/v1/predictions/{ID}", "stream": STREAM}
    begun = {"id": ID, "model": FLUX, "logs": "", "output": None, "error": None, "urls": urls}
    return {**begun, "status": status, "created_at": "2026-01-01T00:00:00Z", **more}


def said(
    method: str, path: str, answer: object, at_ms: int, headers: tuple[tuple[str, str], ...] = HOST
) -> Recorded:
    """An interaction whose answer is JSON."""
    data = json.dumps(answer).encode()
    request = Request(method, path, "", headers, b"{}", "https")
    seen = Interaction(request, 200, (("Content-Type", "application/json"),), data, at_ms)
    return Recorded(seen)


def created(body: dict[str, Any] | None = None, **headers: str) -> Recorded:
    """The create call, at the beginning."""
    sent = (*HOST, *headers.items())
    return said("POST", f"/v1/models/{FLUX}/predictions", body or told("starting"), 0, sent)


def looked(at_ms: int, status: str, **more: Any) -> Recorded:
    """A look at it."""
    return said("GET", f"/v1/predictions/{ID}", told(status, **more), at_ms)


def heard(at_ms: int, *events: tuple[int, str, str]) -> Recorded:
    """A stream of these events, and when each came."""
    parts = tuple(
        Part(after_ms, f"event: {name}\nid: {after_ms}\ndata: {data}\n\n".encode())
        for after_ms, name, data in events
    )
    request = Request("GET", "/v1/files/bcwr-abc", "", (("host", "stream.replicate.com"),))
    body = b"".join(part.data for part in parts)
    headers = (("Content-Type", "text/event-stream; charset=utf-8"),)
    return Recorded(Interaction(request, 200, headers, body, at_ms), parts=parts)


def hook(at_ms: int, status: str, **more: Any) -> Posted:
    """A webhook that came."""
    body = json.dumps(told(status, **more)).encode()
    return Posted(Request("POST", "/hook", "", (("host", "x.test"),), body), at_ms)


def found(*recorded: Recorded, hooks: tuple[Posted, ...] = ()) -> Distilled:
    """What these tell of."""
    return distilled(Cassette(recorded=recorded, hooks=hooks), REPLICATE)


def life(*recorded: Recorded, hooks: tuple[Posted, ...] = ()) -> list[tuple[int, str, bool]]:
    """The states of the one life that these tell of: when, what, and whether it is inferred."""
    (job,) = found(*recorded, hooks=hooks).jobs
    return [(state.after_ms, str(state.status), state.inferred) for state in job.states]


def job_of(*recorded: Recorded) -> Job:
    """The one life that these tell of."""
    (job,) = found(*recorded).jobs
    return job


def test_webhooks_alone_are_a_life() -> None:
    """Whoever only waited to be told has recorded enough to poll."""
    ended = hook(
        900, "succeeded", output=["https://x.test/a"], started_at="2026-01-01T00:00:00.4Z"
    )
    assert life(created(), hooks=(hook(400, "processing"), ended)) == [
        (0, "starting", False),
        (400, "processing", False),
        (900, "succeeded", False),
    ]


def test_what_a_webhook_tells_is_spelled_as_a_look() -> None:
    """Upstream's two serializers differ in order, nulls and times; a look has one of them."""
    web = {
        "completed_at": "2026-01-01T00:00:00.900000Z",
        "metrics": {"predict_time": 0.5},
        "output": ["https://x.test/a"],
        "started_at": "2026-01-01T00:00:00.400000Z",
        "logs": None,
    }
    (job,) = found(created(), hooks=(hook(900, "succeeded", **web),)).jobs
    body = job.states[-1].body
    assert list(body)[:3] == ["id", "model", "logs"]
    assert body["logs"] == ""
    assert body["started_at"] == "2026-01-01T00:00:00.4Z"
    assert body["metrics"] == {"predict_time": 0.5}


def test_a_change_is_dated_by_the_prediction_itself() -> None:
    """Between the looks around it; what it says beyond them is not believed."""
    start, end = "2026-01-01T00:00:01.5Z", "2026-01-01T00:00:07Z"
    times = {"started_at": start, "completed_at": end}
    assert life(created(), looked(9_000, "succeeded", **times)) == [
        (0, "starting", False),
        (1_500, "processing", True),
        (7_000, "succeeded", False),
    ]
    late = {"started_at": start, "completed_at": "2026-01-01T00:01:00Z"}
    assert life(created(), looked(9_000, "succeeded", **late))[-1] == (9_000, "succeeded", False)
    early = looked(8_000, "processing", started_at=start)
    assert life(created(), early, looked(9_000, "succeeded", **times))[-1][0] == 8_001


def test_a_life_that_was_begun_elsewhere_begins_with_its_first_look() -> None:
    """Its beginning is inferred."""
    job = job_of(looked(5_000, "processing"), looked(5_700, "succeeded"))
    assert [(state.after_ms, str(state.status)) for state in job.states] == [
        (0, "starting"),
        (0, "processing"),
        (700, "succeeded"),
    ]
    assert job.begun_ms == 5_000
    assert job.states[0].body["output"] is None


def test_a_stream_tells_a_failure() -> None:
    """Its error, and that there is no output."""
    stream = heard(
        100,
        (200, "logs", "one"),
        (400, "output", "https://x.test/a"),
        (700, "error", '{"detail": "it broke"}'),
        (701, "done", '{"reason":"error"}'),
    )
    job = job_of(created(), stream)
    last = job.states[-1]
    assert (last.status, last.error, last.body["output"]) == ("failed", "it broke", None)
    assert last.after_ms == 800
    assert job.streams == (1,)


def test_a_stream_tells_a_cancel() -> None:
    """By the reason of its end."""
    job = job_of(created(), heard(0, (300, "done", '{"reason":"canceled"}')))
    assert str(job.states[-1].status) == "canceled"


def test_a_look_is_better_than_an_event() -> None:
    """The body of the end is the one that was answered; its instant that of the event."""
    ended = looked(2_000, "succeeded", output=["https://x.test/a"], logs="one", version="hidden")
    stream = heard(
        100, (200, "logs", "one"), (400, "output", "https://x.test/a"), (500, "done", "{}")
    )
    job = job_of(created(), stream, ended)
    last = job.states[-1]
    assert (last.after_ms, last.inferred, last.body["version"]) == (600, False, "hidden")


def test_what_a_look_sees_was_not_there_when_an_event_came() -> None:
    """Logs that a look finds later than an event are told from the look on."""
    stream = heard(0, (200, "logs", "one"), (900, "done", "{}"))
    look = looked(600, "processing", logs="one and two", started_at="2026-01-01T00:00:00.1Z")
    job = job_of(created(), stream, look)
    assert [(state.after_ms, state.logs) for state in job.states] == [
        (0, ""),
        (200, "one"),
        (600, "one and two"),
        (900, "one and two"),
    ]


@pytest.mark.parametrize("data", ["", "{", "[]"])
def test_events_that_say_nothing_are_passed_over(data: str) -> None:
    """Whatever a gateway writes behind `data:`."""
    stream = heard(0, (100, "error", data), (200, "ping", data), (300, "done", data))
    assert str(job_of(created(), stream).states[-1].status) == "succeeded"


def test_a_stream_that_is_none_tells_nothing() -> None:
    """A page of HTML where events should be."""
    page = heard(0, (100, "done", "{}"))
    page = replace(
        page, seen=replace(page.seen, response_headers=(("Content-Type", "text/html"),))
    )
    assert life(created(), page) == [(0, "starting", False)]


def test_a_wait_that_ran_out_is_a_beginning() -> None:
    """What it tells is that nothing had ended."""
    waited = replace(created(prefer="wait=1"), took_ms=1_000)
    assert life(waited, looked(3_000, "processing"))[0] == (0, "starting", False)


def test_a_wait_tells_an_end_as_upstream_does() -> None:
    """`processing` with its outputs: the end, when it was answered."""
    body = told("processing", output=["data:image/png;base64,AAAA"])
    waited = replace(created(body, prefer="wait"), took_ms=1_200)
    assert life(waited) == [
        (0, "starting", True),
        (1_200, "processing", True),
        (1_200, "succeeded", False),
    ]


def test_a_wait_adds_nothing_to_an_end_that_was_looked_at() -> None:
    """The look is what other looks will find."""
    body = told("processing", output=["data:image/png;base64,AAAA"])
    waited = replace(created(body, prefer="wait"), took_ms=1_200)
    ended = looked(2_000, "succeeded", output=["https://x.test/a"], completed_at=None)
    job = job_of(waited, ended)
    assert job.states[-1].outputs == ("https://x.test/a",)


def test_a_list_that_is_behind_is_not_believed() -> None:
    """It may be answered by another machine than a look."""
    page = said("GET", "/v1/predictions", {"results": [told("starting")]}, 900)
    assert life(created(), looked(500, "succeeded"), page)[-1] == (500, "succeeded", False)


def test_what_cannot_be_a_life_is_told() -> None:
    """A look that goes back; its interactions are played one by one."""
    seen = found(created(), looked(500, "succeeded"), looked(900, "processing"))
    assert seen.jobs == ()
    assert seen.odd == {ID: "processing was seen after succeeded, which it cannot follow"}


def test_data_that_is_removed_is_a_state() -> None:
    """An hour later the same end is told without its data."""
    gone = looked(3_700_000, "succeeded", data_removed=True, output=None)
    job = job_of(created(), looked(500, "succeeded", output=["a"]), gone)
    assert [state.after_ms for state in job.states if state.status == "succeeded"][-1] == 3_700_000


def test_statuses_of_nobody_are_passed_over() -> None:
    """What no table knows can be no state."""
    assert life(created(), looked(500, "dreaming")) == [(0, "starting", False)]


def test_answers_that_went_wrong_are_no_sights() -> None:
    """A refusal may look like a prediction."""
    refused = looked(500, "succeeded")
    refused = replace(refused, seen=replace(refused.seen, status=500))
    assert life(created(), refused, replace(looked(600, "failed"), error="cut")) == [
        (0, "starting", False)
    ]


def test_an_error_may_be_any_value() -> None:
    """Some gateways send an object."""
    job = job_of(created(), looked(500, "failed", error={"code": 7}))
    assert job.states[-1].error == "{'code': 7}"


def test_wavespeed_tells_a_life_in_its_own_words() -> None:
    """Wrapped, with its own names; bodies stay as they were answered."""
    recording = Recording("wavespeed")
    path = f"{recording.prefix}/{FLUX}"
    made = recording.ask("POST", path, {"prompt": "a lighthouse"})["data"]
    recording.poll(made["id"], [400, 400, 4_000])
    (job,) = distilled(recording.cassette, recording.profile).jobs
    assert str(job.states[-1].status) == "succeeded"
    assert job.states[-1].body.keys() == {"code", "message", "data"}
