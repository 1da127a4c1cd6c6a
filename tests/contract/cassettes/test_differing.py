"""Two recordings of one program: what the gateway does otherwise is told, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.cassettes.differing import Side, drifts
from mockserver.contract.cassettes.distil import distilled
from mockserver.core.cassette import Recorded
from tests.playing import kept
from tests.recording import Recording


def recorded(scenario: str = "happy", seed: int = 0, rhythm_ms: int = 500) -> Recording:
    """A program that makes a prediction, looks at it until it has ended, and asks who it is."""
    recording = Recording()
    recording.front.fake.worlds.make("r8_other", seed=seed)
    recording.wait(seed * 1_000)
    made = recording.create(scenario)
    recording.poll(made["id"], [rhythm_ms] * (6_000 // rhythm_ms))
    recording.exchange("GET", "/v1/account")
    return recording


def side(recording: Recording) -> Side:
    """A recording as it is compared."""
    cassette = kept(recording)
    return Side(cassette, distilled(cassette, recording.profile).roles)


def told(one: Recording, other: Recording) -> list[str]:
    """What differs, without the request."""
    return [
        f"{drift.at}: {drift.before} → {drift.after}" for drift in drifts(side(one), side(other))
    ]


def test_ids_instants_and_rhythms_are_no_drift() -> None:
    """They are others every time."""
    assert told(recorded(), recorded(seed=7, rhythm_ms=900)) == []


def test_another_end_is_drift() -> None:
    """The way a life goes, its error, and the types at its end."""
    found = told(recorded(), recorded("failed"))
    assert "its life: starting → processing → succeeded → starting → processing → failed" in found
    assert any(line.startswith("error: None → ") for line in found)
    assert "/output: list → null" in found


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda body: body.pop("version"), "/version: text → nothing"),
        (lambda body: body.update(source="api"), "/source: nothing → text"),
        (lambda body: body.update(logs=None), "/logs: text → null"),
        (lambda body: body["urls"].pop("web"), "/urls/web: text → nothing"),
        (lambda body: body.update(urls=[]), "/urls: object → list"),
    ],
)
def test_members_that_change_are_drift(change: Change, line: str) -> None:
    """Each is told by its place, once, and not again for what was inside it."""
    one, other = recorded(), recorded()
    body = json.loads(other.recorded[0].seen.response_body)
    change(body)
    other.recorded[0] = _answering(other.recorded[0], response_body=json.dumps(body).encode())
    assert line in told(one, other)
    assert sum(line.partition(":")[0] in each for each in told(one, other)) == 1


def test_statuses_and_headers_are_drift() -> None:
    """What programs look at before they read a body."""
    one, other = recorded(), recorded()
    other.recorded[0] = _answering(
        other.recorded[0], status=200, response_headers=(("Content-Type", "text/plain"),)
    )
    found = told(one, other)
    assert "status: 201 → 200" in found
    assert "content-type: application/json; charset=utf-8 → text/plain" in found
    assert "location: there → nothing" in found


def test_requests_that_only_one_program_made_are_told() -> None:
    """They cannot be compared."""
    one, other = recorded(), recorded()
    other.exchange("GET", "/v1/hardware")
    one.exchange("GET", "/v1/collections")
    lines = [str(drift) for drift in drifts(side(one), side(other))]
    assert lines == [
        "GET /v1/collections: the request: asked → not asked",
        "GET /v1/hardware: the request: not asked → asked",
    ]


def _answering(one: Recorded, **changes: Any) -> Recorded:
    return replace(one, seen=replace(one.seen, **changes))
