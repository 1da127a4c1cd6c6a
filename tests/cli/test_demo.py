"""`demo`: it shows that everything works, or why it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


def test_it_makes_every_documents_pictures(command: Callable[..., Result], folder: Path) -> None:
    """One JSON document on stdout: every request succeeded, and every file is there."""
    seen = command("demo", "--clock", "poll", "--json")
    told = json.loads(seen.stdout)
    assert seen.exit_code == 0
    assert [it["error"] for it in told] == [None] * len(told)
    assert {it["gateway"] for it in told} == {"anyapi", "quickrouter", "winfull", "winfull-cloud"}
    assert {it["statuses"][-1] for it in told} == {"succeeded"}
    sizes = {folder / file["path"]: file["bytes"] for it in told for file in it["files"]}
    assert {path: path.stat().st_size for path in sizes} == sizes
    assert set((folder / "mockserver-demo").iterdir()) == set(sizes)


def test_a_person_gets_a_table_and_what_to_try_next(
    command: Callable[..., Result], folder: Path
) -> None:
    """The table is data, on stdout; the talk is beside it."""
    seen = command("demo", "--clock", "poll", "--gateway", "winfull", "--out", "pictures")
    head, *rows = seen.stdout.splitlines()
    assert head.split() == ["GATEWAY", "MODEL", "PREDICTION", "STATUSES", "SECONDS", "FILE"]
    assert len(rows) == len(list((folder / "pictures").iterdir()))
    assert "mockserver serve" in seen.stderr


def test_a_failure_is_told_with_its_reason(command: Callable[..., Result]) -> None:
    """Exit code 1, and the error of the prediction."""
    seen = command("demo", "--clock", "poll", "--gateway", "anyapi", "--scenario", "failed")
    assert seen.exit_code == 1
    assert "failed: anyapi black-forest-labs/flux-kontext-pro: " in seen.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--clock", "manual"], "--clock real"),
        (["--clock", "manual:jump"], "--clock real"),
        (["--gateway", "replicate"], "no document shows a request to replicate"),
        (["--out", "taken/below"], "--out"),
    ],
)
def test_what_cannot_be_shown_is_told_at_once(
    command: Callable[..., Result], folder: Path, arguments: list[str], says: str
) -> None:
    """Exit code 2, and what to do instead."""
    (folder / "taken").write_text("")
    seen = command("demo", *arguments)
    assert seen.exit_code == 2
    assert says in seen.stderr
