"""`urls.stream`: the moments of a prediction as events, as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.core.reply import Hold, Reply, Send


if TYPE_CHECKING:
    from tests.web.conftest import Api


def events(body: bytes) -> list[tuple[str, str]]:
    """The name and the data of each event."""
    blocks = [block.split("\n") for block in body.decode().split("\n\n") if "event: " in block]
    return [
        (
            block[0].removeprefix("event: "),
            "\n".join(line.removeprefix("data: ") for line in block[2:]),
        )
        for block in blocks
    ]


def test_a_stream_tells_the_whole_life(api: Api) -> None:
    """hello, then logs as they were printed, then the output, then done; every event has an id."""
    created = api.create()
    got = api.get(created["urls"]["stream"], authorization=None)
    told = events(got.body)
    found = api.look(created["id"])
    assert got.body.startswith(b": hi\n\n")
    assert got.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "".join(data for name, data in told if name == "logs") == found["logs"]
    assert told[-2:] == [("output", found["output"]), ("done", "{}")]
    assert got.body.count(b"\nid: ") == len(told)


@pytest.mark.parametrize(
    ("scenario", "ends"),
    [
        ("instant", [("done", "{}")]),
        ("canceled", [("done", '{"reason":"canceled"}')]),
        ("aborted", [("done", '{"reason":"canceled"}')]),
        (
            "failed",
            [
                ("error", '{"detail":"Prediction interrupted; please retry (code: PA)"}'),
                ("done", '{"reason":"error"}'),
            ],
        ),
    ],
)
def test_a_stream_ends_with_the_reason(
    api: Api, scenario: str, ends: list[tuple[str, str]]
) -> None:
    """error comes before the done that says so; several moments of one instant are all told."""
    created = api.create(x_mock_scenario=scenario)
    assert events(api.get(created["urls"]["stream"]).body)[-len(ends) :] == ends


def test_ids_of_events_differ_and_rise(api: Api) -> None:
    """Unix seconds, a colon, a number that counts upwards."""
    created = api.create()
    body = api.get(created["urls"]["stream"]).body.decode()
    ids = [line.removeprefix("id: ").split(":") for line in body.split("\n") if line[:3] == "id:"]
    numbers = [(int(second), int(number)) for second, number in ids]
    assert numbers == sorted(set(numbers))
    assert numbers[0][0] == 1_767_225_600


def test_a_stream_is_held_until_the_moments_come(api: Api) -> None:
    """On a frozen clock nothing more is told; when the clock moves on, exactly what is new."""
    created = api.create()
    reply = api.answer("GET", created["urls"]["stream"])
    assert isinstance(reply, Reply)
    first, hold = reply.script
    assert first == Send(b"")
    assert isinstance(hold, Hold)
    assert (hold.at_ms, hold.about) == (1_767_225_600_300, created["id"])
    api.advance(1)
    news, hold = hold.then(hold.bell.now_ms())
    assert isinstance(news, Send)
    assert isinstance(hold, Hold)
    assert [name for name, _ in events(news.data)] == ["logs", "logs"]
    api.advance(9)
    (rest,) = hold.then(hold.bell.now_ms())
    assert isinstance(rest, Send)
    assert [name for name, _ in events(rest.data)] == ["logs", "logs", "logs", "output", "done"]


def test_a_cancel_ends_the_stream(api: Api) -> None:
    """Also of what would run for ever."""
    created = api.create(x_mock_scenario="stuck-processing")
    api.advance(60)
    reply = api.answer("GET", created["urls"]["stream"])
    assert isinstance(reply, Reply)
    _, hold = reply.script
    assert isinstance(hold, Hold)
    assert hold.at_ms == hold.bell.now_ms() + 30_000
    api.post(f"/v1/predictions/{created['id']}/cancel")
    (rest,) = hold.then(hold.bell.now_ms())
    assert isinstance(rest, Send)
    assert events(rest.data) == [("done", '{"reason":"canceled"}')]


def test_what_was_forced_within_one_instant_is_told(api: Api) -> None:
    """From starting to succeeded at once: output and done are not lost."""
    created = api.create()
    reply = api.answer("GET", created["urls"]["stream"])
    assert isinstance(reply, Reply)
    _, hold = reply.script
    assert isinstance(hold, Hold)
    api.put(f"/__mock__/predictions/{created['id']}/status", {"status": "succeeded"})
    (rest,) = hold.then(hold.bell.now_ms())
    assert isinstance(rest, Send)
    assert [name for name, _ in events(rest.data)] == ["output", "done"]


def test_one_hour_after_the_end_a_stream_has_nothing_to_tell(api: Api) -> None:
    """The comment by which upstream says so; no log and no address comes back."""
    created = api.create()
    api.advance(5.2 + 3600)
    assert api.get(created["urls"]["stream"]).body == b": hi\n\n:408: 408 Request Timeout\n\n"


def test_every_file_is_an_event(api: Api) -> None:
    """In their order."""
    sent = {"input": {"prompt": "x", "image": "https://a.example/b.png", "num_outputs": 3}}
    created = api.post("/v1/models/black-forest-labs/flux-fill-dev/predictions", sent).json
    told = events(api.get(created["urls"]["stream"]).body)
    outputs = [data for name, data in told if name == "output"]
    assert outputs == api.look(created["id"])["output"]
    assert len(outputs) == 3


def test_the_stream_of_a_forgotten_world_ends(api: Api) -> None:
    """After a reset; without a `done`, because nothing was done."""
    created = api.create()
    reply = api.answer("GET", created["urls"]["stream"])
    assert isinstance(reply, Reply)
    _, hold = reply.script
    assert isinstance(hold, Hold)
    api.post("/__mock__/reset", authorization=None)
    assert hold.then(hold.bell.now_ms()) == (Send(b""),)
