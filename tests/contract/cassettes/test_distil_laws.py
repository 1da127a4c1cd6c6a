"""What is true of every life that is distilled, at whatever rhythm it was recorded."""

from __future__ import annotations

import json
from itertools import accumulate, pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.distil import distilled
from mockserver.core.cassette import Job, plan
from mockserver.core.timeline import TERMINAL
from tests.recording import FLUX, Recording, polled


pytestmark = pytest.mark.slow


TEXT: Final = "meta/meta-llama-3-8b-instruct"
SCENARIOS: Final = ("happy", "slow-boot", "instant", "failed", "nsfw", "canceled", "aborted")
ENDING: Final = 60_000
"""After so long every one of these lives has ended."""

scenarios: Final = st.sampled_from((*SCENARIOS, "stuck-processing"))
models: Final = st.sampled_from((FLUX, TEXT))
rhythms: Final = st.lists(st.integers(1, 4_000), min_size=1, max_size=12)


def recorded(scenario: str, model: str, rhythm: list[int]) -> tuple[Recording, Job]:
    """A life looked at in this rhythm, and once more when it has ended."""
    given = {"input": {"prompt": "a word or two"}}
    recording = polled([*rhythm, ENDING], scenario=scenario, given=given, model=model)
    (job,) = distilled(recording.cassette, recording.profile).jobs
    return recording, job


@given(scenarios, models, rhythms)
def test_a_timeline_tells_again_what_was_seen(
    scenario: str, model: str, rhythm: list[int]
) -> None:
    """At the instant of each look it has the body that was answered then, member by member."""
    recording, job = recorded(scenario, model, rhythm)
    instants = accumulate([*rhythm, ENDING])
    for one, after_ms in zip(recording.recorded[1:], instants, strict=True):
        assert job.at(after_ms).body == json.loads(one.seen.response_body)


@given(scenarios, models, rhythms, rhythms)
def test_two_rhythms_tell_of_one_life(
    scenario: str, model: str, rhythm: list[int], other: list[int]
) -> None:
    """Statuses change at the same instants, and all that is told of an end is the same."""
    (_, one), (_, two) = (recorded(scenario, model, each) for each in (rhythm, other))
    assert one.states[-1].body == two.states[-1].body
    for after_ms in range(0, ENDING, 97):
        assert one.at(after_ms).status is two.at(after_ms).status


@given(scenarios, models, rhythms)
def test_a_coarse_rhythm_sees_growth_later_and_never_otherwise(
    scenario: str, model: str, rhythm: list[int]
) -> None:
    """Who looks at more instants knows at least as much at each: logs and outputs only grow."""
    _, coarse = recorded(scenario, model, rhythm)
    instants = sorted({0, *accumulate(rhythm), *range(0, 12_000, 100)})
    _, fine = recorded(scenario, model, [two - one for one, two in pairwise(instants)])
    for after_ms in range(0, ENDING, 97):
        assert fine.at(after_ms).logs.startswith(coarse.at(after_ms).logs)
        assert len(coarse.at(after_ms).outputs) <= len(fine.at(after_ms).outputs)


@given(scenarios, models, rhythms)
def test_a_life_can_be_planned(scenario: str, model: str, rhythm: list[int]) -> None:
    """Its plan has the same status, logs and outputs at every instant."""
    _, job = recorded(scenario, model, rhythm)
    moments = plan(job).moments
    for before, after in pairwise(moments):
        if before.after_ms < after.after_ms:
            state = job.at(before.after_ms)
            assert (before.status, before.logs) == (state.status, state.logs)
    assert moments[-1].status is job.states[-1].status
    assert moments[-1].logs == job.states[-1].logs
    assert moments[-1].outputs == len(job.states[-1].outputs)
    assert sum(moment.ended for moment in moments) == job.ended


@given(scenarios, models, rhythms)
def test_states_know_what_they_are_not_sure_of(
    scenario: str, model: str, rhythm: list[int]
) -> None:
    """A change lies behind the look that did not see it, and not behind the one that did."""
    _, job = recorded(scenario, model, rhythm)
    for before, after in pairwise(job.states):
        assert before.after_ms <= after.after_ms
        assert after.unseen_ms is None or after.unseen_ms < after.after_ms


@given(st.sampled_from(SCENARIOS), models)
def test_a_life_that_was_only_heard_ends_as_it_did(scenario: str, model: str) -> None:
    """A stream alone tells the end, its logs and its outputs."""
    recording = Recording()
    made = recording.create(scenario, {"input": {"prompt": "a word or two"}}, model)
    path = made["urls"]["stream"].partition("replicate.com")[2]
    recording.exchange("GET", path)
    (job,) = distilled(recording.cassette, recording.profile).jobs
    last = recording.look(made["id"])
    assert job.ended
    assert job.states[-1].status in TERMINAL
    if last["status"] != "aborted":  # streams call that canceled
        assert job.states[-1].status == last["status"]
    assert job.states[-1].logs == last["logs"]
    assert job.states[-1].error == last["error"]
