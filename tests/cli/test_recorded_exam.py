"""An exam that was recorded is passed by its cassette: reality is the proof of the fake."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.settings import Settings


KEYS = ("r8_7mN2qX9vB4kT1wW8zR5cY3hL6jD0sG2pA4eUf", "r8_2aN2qX9vB4kT1wW8zR5cY3hL6jD0sG2pA4eUg")
EXAM = f"{sys.executable} -m mockserver check $REPLICATE_BASE_URL --yes"


@pytest.mark.slow
def test_the_cassette_of_an_exam_passes_it(
    command: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All cases: strangers and a second account, lists, waits, streams, webhooks, files."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("MOCKSERVER_CHECK_TOKEN", KEYS[0])
    monkeypatch.setenv("MOCKSERVER_CHECK_OTHER_TOKEN", KEYS[1])
    with serve(Settings()) as upstream:
        asked = ("record", "exam.json", "--outputs", "files", "--upstream", upstream.base_url)
        command(*asked, "--port", "0", "--", "sh", "-c", EXAM)
    text = Path("exam.json").read_text(encoding="utf-8")
    assert not any(key in text for key in KEYS)
    recorded = load(folder / "exam.json", folder / "files").recorded
    accounts = {one.request.header("authorization") for one in recorded}
    assert {"", "Bearer <TOKEN:1>", "Bearer <TOKEN:2>"} <= accounts

    asked = ("replay", "exam.json", "--outputs", "files", "--port", "0")
    told = command(*asked, "--", "sh", "-c", f"{EXAM} > told")
    assert told.exit_code == 0, Path("told").read_text(encoding="utf-8")
    assert "0 found; cases: 8 passed" in Path("told").read_text(encoding="utf-8")
    assert command("cassette", "check", "exam.json", "--outputs", "files").exit_code == 0
