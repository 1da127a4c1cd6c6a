"""A recording is judged by the rules of a live exam: good ones pass, and a change is found."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mockserver.contract.cassettes.checking import checked
from mockserver.contract.cassettes.distil import distilled
from mockserver.contract.cassettes.redacting import redacted
from mockserver.core.cassette import Cassette
from tests.recording import CATALOGUE, FLUX, PROMPT, Recording


def recorded(gateway: str = "replicate", scenario: str = "happy") -> Recording:
    """A life in every channel that a client can choose itself."""
    recording = Recording(gateway)
    path = f"{recording.prefix}/models/{FLUX}/predictions"
    made = recording.ask("POST", path, PROMPT, {"x-mock-scenario": scenario})
    recording.poll(made["id"], [400] * 12)
    recording.exchange("GET", f"{recording.prefix}/predictions")
    recording.ask("POST", path, PROMPT, {"prefer": "wait=10"})
    return recording


def findings(recording: Recording, cassette: Cassette | None = None) -> list[str]:
    """The codes of what is found."""
    cassette = redacted(cassette or recording.cassette)
    found = distilled(cassette, recording.profile)
    verdict = checked(replace(cassette, jobs=found.jobs), found.roles, CATALOGUE)
    return [finding.code for finding in verdict.findings]


@pytest.mark.parametrize("scenario", ["happy", "failed", "canceled", "slow-boot"])
@pytest.mark.parametrize("gateway", ["replicate", "winfull", "routeany", "cometapi"])
def test_a_recording_of_our_fake_passes(gateway: str, scenario: str) -> None:
    """Redacted as it is, it breaks no rule: recorded traffic is the proof of the fake."""
    assert findings(recorded(gateway, scenario)) == []


def test_an_end_that_changes_is_found() -> None:
    """The oracle reads a cassette as it reads a live gateway."""
    recording = recorded()
    last = recording.recorded[12]
    body = json.loads(last.seen.response_body) | {"output": ["https://x.test/other.webp"]}
    recording.recorded[12] = replace(
        last, seen=replace(last.seen, response_body=json.dumps(body).encode())
    )
    assert findings(recording) != []


def test_an_answer_that_is_not_in_the_schema_is_found() -> None:
    """The profile's own document judges every answer."""
    recording = recorded()
    one = recording.recorded[1]
    body = json.loads(one.seen.response_body) | {"logs": 7}
    recording.recorded[1] = replace(
        one, seen=replace(one.seen, response_body=json.dumps(body).encode())
    )
    assert findings(recording) != []


def test_predictions_of_unknown_models_are_judged_too() -> None:
    """By the oracle and the schemas, which need no model."""
    recording = recorded()
    for place, one in enumerate(recording.recorded):
        body = one.seen.response_body.replace(b"flux-schnell", b"flux-unheard-of")
        recording.recorded[place] = replace(one, seen=replace(one.seen, response_body=body))
    assert findings(recording) == []
