"""`urls.stream`: a prediction's life as server-sent events."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mockserver.contract import rules
from mockserver.contract.provider import Control, Provider, create
from mockserver.core.interaction import Interaction

from .samples import FILL, FILL_INPUT, INPUT, PRO, Body, body, now


TEXT = "meta/meta-llama-3-8b-instruct"
ENDS = {
    "happy": "{}",
    "failed": '{"reason":"error"}',
    "canceled": '{"reason":"canceled"}',
    "aborted": '{"reason":"canceled"}',
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream."""

    name: str
    id: str
    data: str


def event(block: str) -> Event:
    """The event of a block of lines."""
    fields = [line.partition(": ") for line in block.split("\n")]
    told = {name: value for name, _, value in fields}
    data = "\n".join(value for name, _, value in fields if name == "data")
    return Event(told["event"], told["id"], data)


def streamed(provider: Provider, made: Interaction) -> tuple[Interaction, list[Event]]:
    """The stream of a prediction to its end, which needs no token."""
    links = now(provider, body(made)["id"]).get("urls") or {}
    if "stream" not in links:
        pytest.skip(f"{provider.profile.title} shows no address of a stream")
    heard = provider.ask("GET", links["stream"], headers={"Authorization": ""})
    blocks = heard.response_body.decode().split("\n\n")
    return heard, [event(block) for block in blocks if block.startswith("event: ")]


def told(events: list[Event], name: str) -> list[str]:
    """The data of the events of this name."""
    return [one.data for one in events if one.name == name]


def listed(prediction: Body) -> list[object]:
    """The outputs of a prediction, which may be a single one."""
    output = prediction["output"]
    return output if isinstance(output, list) else [output]


@pytest.mark.parametrize("scenario", ENDS)
def test_done_comes_last_and_once(provider: Provider, control: Control, scenario: str) -> None:
    """With the reason, where it is no success."""
    made = create(provider, PRO, INPUT, headers=control.choosing(scenario))
    heard, events = streamed(provider, made)
    seen = [told(events, "done"), events[-1].name]
    expected = [[ENDS[scenario]], "done"]
    found = rules.STREAM_ENDS_WITH_DONE.equal("", expected=expected, seen=seen, exchange=heard)
    assert found == []


def test_the_ids_of_events_rise(provider: Provider) -> None:
    """A second and a number, so that who comes again can say where it stopped."""
    heard, events = streamed(provider, create(provider, PRO, INPUT))
    seen = [tuple(map(int, one.id.split(":"))) for one in events]
    expected = sorted(set(seen))
    found = rules.STREAM_IN_ORDER.equal("", expected=expected, seen=seen, exchange=heard)
    assert found == []


@pytest.mark.parametrize(
    ("model", "given"),
    [(PRO, INPUT), (FILL, FILL_INPUT), (TEXT, {"prompt": "a hat"})],
    ids=["one", "many", "text"],
)
def test_a_stream_tells_what_a_look_finds(
    provider: Provider, control: Control, model: str, given: Body
) -> None:
    """All outputs in their order, and all logs."""
    made = create(provider, model, given)
    heard, events = streamed(provider, made)
    control.advance(60)
    found = now(provider, body(made)["id"])
    expected = [listed(found), (found.get("logs") or "").removesuffix("\n")]
    seen = [told(events, "output"), "".join(told(events, "logs")).removesuffix("\n")]
    assert (
        rules.STREAM_TELLS_THE_OUTPUT.equal("", expected=expected, seen=seen, exchange=heard) == []
    )
