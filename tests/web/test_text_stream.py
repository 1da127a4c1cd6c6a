"""Streams of text, the way back into a stream, and its end when nothing comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.core.reply import Hold, Reply, Script, Send
from mockserver.library.gateways import UrlsMode
from mockserver.service.settings import OutputForm


if TYPE_CHECKING:
    from tests.web.conftest import Api

    Apis = Callable[..., Api]

LLAMA: Final = "/v1/models/meta/meta-llama-3-8b-instruct/predictions"
HELLO: Final = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"
WHISPER: Final = "8099696689d249cf8b122d833c36ac3f75505c666a395ca40ef26f68e7d3d16e"
EXPIRED: Final = b":408: 408 Request Timeout\n\n"
Event = tuple[str, str, str]


def events(body: bytes) -> list[Event]:
    """The name, the id and the data of each event."""
    blocks = [block.split("\n") for block in body.decode().split("\n\n") if "event: " in block]
    return [
        (
            block[0].removeprefix("event: "),
            block[1].removeprefix("id: "),
            "\n".join(line.removeprefix("data: ") for line in block[2:]),
        )
        for block in blocks
    ]


def outputs(body: bytes) -> list[str]:
    """What the `output` events say."""
    return [data for name, _, data in events(body) if name == "output"]


def more(script: Script) -> Hold:
    """What a stream waits for."""
    _, hold = script
    assert isinstance(hold, Hold)
    return hold


def opened(api: Api, target: str) -> Hold:
    """The stream at `target`, waiting."""
    reply = api.answer("GET", target)
    assert isinstance(reply, Reply)
    return more(reply.script)


# Text


def test_a_text_is_told_piece_by_piece(api: Api) -> None:
    """Each piece an event of its own; together they are the output, and the text."""
    created = api.create(at=LLAMA)
    got = api.get(created["urls"]["stream"], authorization=None)
    told = outputs(got.body)
    assert told == api.look(created["id"])["output"]
    assert told[-1] == ""
    assert events(got.body)[-1][::2] == ("done", "{}")


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ({"version": HELLO, "input": {"text": "Ada\nand Bob"}}, "hello Ada\nand Bob"),
        ({"version": WHISPER, "input": {"audio": "https://a.test/b.mp3"}}, None),
    ],
)
def test_what_is_no_list_is_one_event(api: Api, body: Any, output: str | None) -> None:
    """A text as it is, anything else as JSON."""
    created = api.post("/v1/predictions", body).json
    (told,) = outputs(api.get(created["urls"]["stream"]).body)
    found = api.look(created["id"])["output"]
    assert told == output or json.loads(told) == found


@pytest.mark.parametrize(
    ("at", "path"),
    [
        (LLAMA, "/v1/streams/"),
        ("/v1/models/minimax/video-01/predictions", "/v1/files/bcwr-"),
        ("/v1/models/black-forest-labs/flux-schnell/predictions", "/v1/files/bcwr-"),
    ],
)
def test_the_path_of_a_stream_tells_files_from_text(api: Api, at: str, path: str) -> None:
    """An official client decides by it what to make of an event."""
    assert path in api.create(at=at)["urls"]["stream"]


@pytest.mark.parametrize(
    ("at", "path"),
    [
        (LLAMA, "streams/"),
        (LLAMA.replace("meta/meta-llama-3-8b-instruct", "minimax/video-01"), "files/bcwr-"),
    ],
)
def test_upstreams_addresses_tell_it_as_well(apis: Apis, at: str, path: str) -> None:
    """Where a fake shows them."""
    created = apis(urls=UrlsMode.UPSTREAM).create(at=at)
    assert created["urls"]["stream"].startswith(f"https://stream.replicate.com/v1/{path}")


def test_a_text_is_polled_as_it_grows(api: Api) -> None:
    """Every look sees at least what the one before saw, and never more than there will be."""
    created = api.create(at=LLAMA)
    seen = []
    for _ in range(9):
        api.advance(0.1)
        seen.append(api.look(created["id"])["output"] or [])
    assert all(after[: len(before)] == before for before, after in pairwise(seen))
    assert len({len(one) for one in seen}) > 3
    assert seen[-1][-1] == ""


def test_a_sync_answer_tells_the_whole_text(api: Api) -> None:
    """As recorded: `processing`, every piece, the last one empty."""
    created = api.create(at=LLAMA, prefer="wait")
    assert created["status"] == "processing"
    assert created["output"] == api.look(created["id"])["output"]
    assert created["output"][-1] == ""


def test_a_failure_takes_the_text_back(api: Api) -> None:
    """Who listens late is told the same as who listened from the beginning."""
    created = api.create(at=LLAMA, x_mock_scenario="failed")
    early = api.get(created["urls"]["stream"]).body
    assert len(outputs(early)) > 10
    assert events(early)[-2][::2] == (
        "error",
        '{"detail":"Prediction interrupted; please retry (code: PA)"}',
    )
    assert api.get(created["urls"]["stream"]).body == early
    assert api.look(created["id"])["output"] is None


def test_files_can_be_told_as_data(apis: Apis) -> None:
    """Written out, as in answers, where that is asked for."""
    api = apis(outputs=OutputForm.DATA)
    created = api.create()
    (told,) = outputs(api.get(created["urls"]["stream"]).body)
    assert told.startswith("data:image/png;base64,")
    assert told == api.look(created["id"])["output"]


# The way back


@pytest.mark.parametrize("heard", [0, 1, 20, 43])
def test_a_stream_goes_on_behind_the_last_event(api: Api, heard: int) -> None:
    """What was heard is not told again, and nothing is left out."""
    created = api.create(at=LLAMA)
    whole = events(api.get(created["urls"]["stream"]).body)
    again = api.get(created["urls"]["stream"], last_event_id=whole[heard][1])
    assert events(again.body) == whole[heard + 1 :]


def test_who_heard_everything_hears_nothing_more(api: Api) -> None:
    """The greeting, and the end of the connection."""
    created = api.create()
    last = events(api.get(created["urls"]["stream"]).body)[-1]
    assert api.get(created["urls"]["stream"], last_event_id=last[1]).body == b": hi\n\n"


@pytest.mark.parametrize("nonsense", ["", "x", "1:", ":", "-4", "1:²", "1:" + "9" * 5000])
def test_an_id_of_nobodys_is_no_way_back(api: Api, nonsense: str) -> None:
    """Then everything is told, or nothing where the number is beyond all of them."""
    created = api.create()
    whole = api.get(created["urls"]["stream"]).body
    again = api.get(created["urls"]["stream"], last_event_id=nonsense).body
    assert again in (whole, b": hi\n\n")


def test_ids_stay_the_same_for_who_comes_late(api: Api) -> None:
    """However much was told at once."""
    created = api.create(at=LLAMA)
    api.advance(0.4)
    hold = opened(api, created["urls"]["stream"])
    api.advance(9)
    (rest,) = hold.then(hold.bell.now_ms())
    assert isinstance(rest, Send)
    whole = events(api.get(created["urls"]["stream"]).body)
    late = events(rest.data)
    assert whole[-len(late) :] == late


# Silence


def test_a_stream_ends_when_nothing_comes_for_thirty_seconds(api: Api) -> None:
    """With upstream's comment; the connection is closed, the prediction lives on."""
    created = api.create(x_mock_scenario="stuck-starting")
    hold = opened(api, created["urls"]["stream"])
    api.advance(29.999)
    hold = more(hold.then(hold.bell.now_ms()))
    api.advance(0.001)
    assert hold.then(hold.bell.now_ms()) == (Send(EXPIRED),)
    assert api.look(created["id"])["status"] == "starting"


def test_silence_is_counted_from_the_last_event(api: Api) -> None:
    """Not from the beginning of the stream."""
    created = api.create(x_mock_scenario="stuck-processing")
    hold = opened(api, created["urls"]["stream"])
    api.advance(2)
    hold = more(hold.then(hold.bell.now_ms()))
    api.advance(29)
    hold = more(hold.then(hold.bell.now_ms()))
    assert hold.at_ms is not None
    assert hold.at_ms > 1_767_225_631_000


def listened(api: Api, target: str, steps_s: list[float]) -> bytes:
    """What the stream at `target` tells while time passes in these steps."""
    script: Script = (Send(b""), opened(api, target))
    sent = b""
    for step_s in steps_s:
        api.advance(step_s)
        if isinstance(script[-1], Hold):
            script = script[-1].then(script[-1].bell.now_ms())
            sent += b"".join(one.data for one in script if isinstance(one, Send))
    return sent


@pytest.mark.parametrize("scenario", ["happy", "slow-boot", "stuck-processing", "failed"])
def test_it_does_not_matter_in_which_steps_time_passes(apis: Apis, scenario: str) -> None:
    """What came after a silence is not told, however late somebody looks."""
    told = []
    for steps_s in ([5.0] * 40, [200.0], [0.5, 31.0, 168.5]):
        api = apis()
        created = api.create(at=LLAMA, x_mock_scenario=scenario)
        told.append(listened(api, created["urls"]["stream"], steps_s))
    assert told[0] == told[1] == told[2] != b""


def test_a_stream_that_is_opened_late_is_not_silent(api: Api) -> None:
    """Its silence begins when somebody listens."""
    created = api.create(x_mock_scenario="stuck-processing")
    api.advance(600)
    hold = opened(api, created["urls"]["stream"])
    assert hold.at_ms == hold.bell.now_ms() + 30_000
