"""One seed, one life; and one instant, one truth, whichever channel tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from json import loads
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import sse
from mockserver.core.timeline import RETENTION_MS, Status
from mockserver.core.timestamps import parse_timestamp
from mockserver.library.catalogue import Catalogue


if TYPE_CHECKING:
    from tests.agreement.conftest import Life

    Lives = Callable[[str, int], Life]

# Predictions are whatever JSON holds.
Json = dict[str, Any]

CLOCKS: Final = ("real", "scaled:100", "manual", "manual:jump", "poll")
MODELS: Final = (
    "black-forest-labs/flux-kontext-pro",
    "black-forest-labs/flux-dev",
    "meta/meta-llama-3-8b-instruct",
    "minimax/video-01",
)
SCENARIOS: Final = [scenario.name for scenario in Catalogue().scenarios()]
EXPIRED: Final = sse.HELLO + sse.EXPIRED


def _state(past: bytes) -> Json:
    """The logs, the outputs and the end that events add up to."""
    found = defaultdict[str, list[str]](list)
    for block in past.decode().split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n")]
        data = [text for name, _, text in lines if name == "data"]
        found[next((text for name, _, text in lines if name == "event"), "")].append(
            "\n".join(data)
        )
    return {
        "logs": "".join(found["logs"]).removesuffix("\n"),
        "output": found["output"],
        "error": [loads(text)["detail"] for text in found["error"]],
        "done": [loads(text) for text in found["done"]],
    }


_DONE: Final[Mapping[str, Json]] = {
    Status.SUCCEEDED: {},
    Status.FAILED: {"reason": "error"},
    Status.CANCELED: {"reason": "canceled"},
    Status.ABORTED: {"reason": "canceled"},
}


def _normal(told: Json) -> Json:
    """One form of both serializers: nulls left out, instants in milliseconds, no last line end.

    Only one of them tells the webhook.
    """
    given = {name: _NORMAL.get(name, _same)(value) for name, value in told.items() if value}
    return {"data_removed": False} | {
        name: value for name, value in given.items() if value and name != "webhook"
    }


def _same(value: object) -> object:
    return value


_NORMAL: Final[Mapping[str, Callable[[Any], object]]] = {
    "created_at": parse_timestamp,
    "started_at": parse_timestamp,
    "completed_at": parse_timestamp,
    "logs": lambda value: value.removesuffix("\n"),
}


def _expected(told: Json, stream: bytes) -> Json:
    """What a stream has to have told of a prediction that a look finds so."""
    found, told = _state(stream), _normal(told)
    output = told.get("output", [])
    listed = output if isinstance(output, list) else [output]
    failed = told["status"] == Status.FAILED
    return {
        "logs": told.get("logs", ""),
        # A failure takes back what had been put out, but nobody can take back what was streamed.
        "output": found["output"] if failed else listed,
        "error": [told["error"]] if failed else [],
        "done": [_DONE[told["status"]]] if told["status"] in _DONE else [],
    }


def _as_streamed(told: Json, stream: bytes) -> bool:
    """Whether the stream told what a look at the same instant tells."""
    if told["data_removed"]:
        return stream == EXPIRED
    return _state(stream) == _expected(told, stream)


def disagreements(life: Life) -> list[object]:
    """Where two channels told of one prediction at one instant, and not the same."""
    bodies = {
        key: [(name, _normal(told)) for name, told in channels.items()]
        for key, channels in life.told.items()
    }
    return [
        (key, first, other)
        for key, (first, *others) in bodies.items()
        for other in others
        if other[1] != first[1]
    ] + [
        (key, life.told[key]["get"], stream)
        for key, stream in life.streamed.items()
        if not _as_streamed(life.told[key]["get"], stream)
    ]


def taken_back(life: Life) -> list[bytes]:
    """What a stream told once, and did not tell when it was opened again later."""
    known: dict[str, bytes] = {}
    lost = []
    for (one, *_), stream in life.streamed.items():
        if not stream.startswith(known.get(one, b"")) and stream != EXPIRED:
            lost.append(known[one])
        known[one] = stream
    return lost


which = st.integers(0, 2)
durations_ms = (
    st.integers(0, 2_000)
    | st.integers(0, 60_000)
    | st.sampled_from([RETENTION_MS, RETENTION_MS - 1])
)
statuses = st.sampled_from([status.value for status in Status])


def named(*names: str, **drawn: st.SearchStrategy[object]) -> st.SearchStrategy[Json]:
    """Acts of these names."""
    return st.fixed_dictionaries({"name": st.sampled_from(names), **drawn})


acts = st.lists(
    named(
        "create",
        ms=st.sampled_from([0, 0, 1_000, 60_000]),
        model=st.sampled_from(MODELS),
        says=st.sampled_from(SCENARIOS),
    )
    | named("advance", "elapse", ms=durations_ms)
    | named("follow")
    | named("look", "list", "cancel", "stream", which=which)
    | named("force", which=which, says=statuses),
    max_size=10,
)


@pytest.mark.slow
@given(spec=st.sampled_from(CLOCKS), seed=st.integers(0, 2**40), acts=acts)
def test_one_seed_leads_one_life(lives: Lives, spec: str, seed: int, acts: list[Json]) -> None:
    """Events, journal, answers and letters of a second run are the same bytes."""
    first, second = lives(spec, seed), lives(spec, seed)
    first.lead(acts)
    second.lead(acts)
    assert first.log() == second.log()


@pytest.mark.slow
@given(spec=st.sampled_from(CLOCKS), acts=acts)
def test_all_channels_tell_one_truth(lives: Lives, spec: str, acts: list[Json]) -> None:
    """A look, a list, a cancel, a webhook and a stream of one instant are of one mind."""
    life = lives(spec, 7)
    life.lead(acts, surveyed=True)
    assert disagreements(life) == []
    assert taken_back(life) == []


@pytest.mark.parametrize("spec", CLOCKS)
def test_the_comparison_meets_all_channels(lives: Lives, spec: str) -> None:
    """Followed from webhook to webhook, a life is told by all of them at once, to its end."""
    life = lives(spec, 7)
    life.lead([{"name": "follow"}] * 8, surveyed=True)
    met = [told for told in life.told.values() if {"get", "list", "webhook"} <= told.keys()]
    assert {told["get"]["status"] for told in met} >= {"processing", "succeeded"}
    assert disagreements(life) == []


def test_a_comparison_finds_a_lie(lives: Lives) -> None:
    """One logs line less in one webhook is one finding; so is a stream that holds back."""
    life = lives("manual", 7)
    life.lead([{"name": "follow"}] * 8, surveyed=True)
    *_, last = life.told
    life.told[last]["list"]["logs"] = "Nothing to see"
    life.streamed[last] = EXPIRED
    assert len(disagreements(life)) == 2
    assert len(taken_back(life)) == 0


def test_another_seed_leads_another_life(lives: Lives) -> None:
    """So that equal logs say something."""
    first, second = lives("manual", 1), lives("manual", 2)
    first.lead([{"name": "follow"}])
    second.lead([{"name": "follow"}])
    assert first.log() != second.log()
