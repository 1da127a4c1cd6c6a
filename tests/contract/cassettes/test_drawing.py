"""A cassette as a person sees it in a terminal."""

from __future__ import annotations

from dataclasses import replace

from mockserver.contract.cassettes.distil import distilled
from mockserver.contract.cassettes.drawing import WIDTH, drawn
from mockserver.core.cassette import Posted
from mockserver.core.interaction import Request
from tests.playing import kept
from tests.recording import Recording, polled


def picture(recording: Recording) -> list[str]:
    """Its lines."""
    cassette = kept(recording)
    hook = Posted(Request("POST", "/hook", headers=(("host", "x.test"),)), 900)
    roles = distilled(cassette, recording.profile).roles
    told = replace(cassette, hooks=(hook,), expires_ms=cassette.recorded_ms + 86_400_000)
    return list(drawn(told, roles))


def test_a_life_is_a_bar_with_its_looks_below() -> None:
    """As long as what was seen of it; each change in a line, and how sure its instant is."""
    lines = picture(polled([400, 800]))
    (bar,) = (at for at, line in enumerate(lines) if "░" in line)
    assert len(lines[bar].strip()) == WIDTH + 1
    assert lines[bar].strip() == "░" * 15 + "▓" * 30 + "█" * 16
    assert lines[bar + 1].count("'") == 2
    changes = [line.strip() for line in lines[bar + 2 : bar + 6]]
    assert changes[0] == "+0 ms      starting"
    assert changes[1].startswith("+300 ms    processing")
    assert changes[-1].startswith("+900 ms    succeeded")
    assert "(after 400 ms)" in changes[-1]


def test_interactions_and_webhooks_are_listed() -> None:
    """When, what, and what it was about."""
    recording = Recording()
    recording.create()
    lines = picture(recording)
    assert (
        lines[1] == "recorded 2026-01-01T00:00:00Z, to be recorded anew from 2026-01-02T00:00:00Z"
    )
    assert "never seen to end" in lines[3]
    path = "/v1/models/black-forest-labs/flux-schnell/predictions"
    assert f"   0  +0 ms POST {path} → 201  makes one" in lines
    assert lines[-1] == "      +900 ms webhook to x.test"


def test_what_was_not_seen_is_said() -> None:
    """A run that nobody looked at is inferred; a failure says why."""
    text = "\n".join(picture(polled([10_000], scenario="failed")))
    assert "processing (inferred)" in text
    assert "failed" in text
    assert "'Prediction interrupted" in text
