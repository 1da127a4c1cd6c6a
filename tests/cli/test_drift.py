"""`drift`: recordings in a folder, held against what we say of their gateways."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from click.testing import Result

from mockserver.contract.cassettes.keeping import ready
from mockserver.library.cassettes.files import as_written, save
from tests.recording import polled


Command = Callable[..., Result]


def kept(path: Path, gateway: str = "replicate", status: int = 0) -> None:
    """A recording at `path`; with a status of its own for the create call, if it is given."""
    recording = polled([500] * 4, gateway)
    if status:
        one = recording.recorded[0]
        recording.recorded[0] = replace(one, seen=replace(one.seen, status=status))
    save(path, as_written(ready(recording.cassette, recording.profile), aside=False))


def test_reality_as_we_say_it_is_is_no_drift(command: Command, folder: Path) -> None:
    """In every folder below; files that are no cassettes are passed over."""
    kept(folder / "a.json")
    kept(folder / "deep" / "b.json", "winfull")
    (folder / "other.json").write_text("{}", encoding="utf-8")
    told = command("drift", "--cassettes", ".")
    assert (told.exit_code, told.stdout) == (0, "")
    assert "2 cassettes, 0 findings" in told.stderr


def test_a_difference_is_told_with_its_file_and_code(command: Command, folder: Path) -> None:
    """A create call that was answered with another status than the profile says."""
    kept(folder / "a.json", status=200)
    told = command("drift", "--cassettes", ".")
    assert told.exit_code == 1
    assert told.stdout.startswith("a.json:\n")
    found = json.loads(command("drift", "--cassettes", ".", "--json").stdout)
    assert [one["code"] for one in found["a.json"] if one["seen"] == 200]


def test_another_profile_may_be_named(command: Command, folder: Path) -> None:
    """What upstream answers is not what winfull documents."""
    kept(folder / "a.json")
    assert command("drift", "--cassettes", ".", "--gateway", "winfull").exit_code == 1
    told = command("drift", "--cassettes", ".", "--gateway", "winful")
    assert told.exit_code == 2
    assert "Did you mean 'winfull'?" in told.stderr


def test_nothing_to_judge_is_no_success(command: Command, folder: Path) -> None:
    """An empty folder, and a cassette that cannot be read, are exit code 2."""
    assert command("drift", "--cassettes", ".").exit_code == 2
    (folder / "a.json").write_text('{"format": "mockserver cassette 1"}', encoding="utf-8")
    assert command("drift", "--cassettes", ".").exit_code == 2
