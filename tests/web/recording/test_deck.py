"""What each mode plays, records and writes."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from mockserver.contract.cassettes.keeping import Leaking, keep
from mockserver.library.cassettes.files import NoCassette, load
from mockserver.library.cassettes.reading import NotACassette
from mockserver.web.recording.deck import Mode, default_mode
from tests.recording import PROMPT
from tests.through import TOKEN, recording


OTHER = {"input": {"prompt": "a ship"}}


def asked(path: Path) -> list[str]:
    """The prompts of the create calls on a cassette."""
    posts = (one.request for one in load(path).recorded if one.request.method == "POST")
    return [json.loads(request.body)["input"]["prompt"] for request in posts]


def record(path: Path, mode: Mode, given: object = PROMPT) -> int:
    """Record one prediction, and tell how many upstream made."""
    with recording(path, mode) as through:
        made = through.create(given)
        if "urls" in made:
            through.until_ended(made)
        world = through.upstream.fake.worlds.named(TOKEN)
        return len(world.store)


def test_once_records_once(path: Path) -> None:
    """Where there is no cassette; afterwards it plays, and upstream is left alone."""
    assert record(path, Mode.ONCE) == 1
    before = path.read_bytes()
    assert record(path, Mode.ONCE) == 0
    assert path.read_bytes() == before


def test_once_refuses_what_it_has_not(path: Path) -> None:
    """Nothing is recorded behind a cassette that is there."""
    record(path, Mode.ONCE)
    with recording(path, Mode.ONCE) as through:
        assert through.create(OTHER)["status"] == 424
        assert through.deck.missed == 1


def test_new_episodes_are_recorded_behind_the_old(path: Path) -> None:
    """What is on the cassette is played, anything else goes through and is kept."""
    record(path, Mode.REWRITE)
    before = load(path)
    with recording(path, Mode.NEW_EPISODES) as through:
        through.until_ended(through.create(PROMPT))
        through.until_ended(through.create(OTHER))
        assert len(through.upstream.fake.worlds.named(TOKEN).store) == 1
    after = load(path)
    assert asked(path) == ["a lighthouse", "a ship"]
    assert after.recorded[: len(before.recorded)] == before.recorded
    assert after.jobs[0] == before.jobs[0]
    assert [job.ended for job in after.jobs] == [True, True]
    times = [one.seen.at_ms for one in after.recorded]
    assert times == sorted(times)


def test_all_records_everything_behind_what_is_there(path: Path) -> None:
    """Nothing is played."""
    assert record(path, Mode.ALL) == 1
    assert record(path, Mode.ALL) == 1
    assert asked(path) == ["a lighthouse", "a lighthouse"]


def test_rewrite_begins_anew(path: Path) -> None:
    """What was there is gone when the new one is written, and not before."""
    record(path, Mode.REWRITE)
    record(path, Mode.REWRITE, OTHER)
    assert asked(path) == ["a ship"]


def test_a_rewrite_of_nothing_leaves_what_is_there(path: Path) -> None:
    """A program that failed before it asked anything costs no cassette."""
    record(path, Mode.REWRITE)
    before = path.read_bytes()
    with recording(path, Mode.REWRITE):
        pass
    assert path.read_bytes() == before


def test_none_plays_only(path: Path) -> None:
    """And there has to be something to play."""
    with pytest.raises(NoCassette), recording(path, Mode.NONE):
        pass
    record(path, Mode.ONCE)
    assert record(path, Mode.NONE) == 0


@pytest.mark.parametrize("mode", [Mode.ONCE, Mode.ALL, Mode.NEW_EPISODES])
def test_what_is_broken_is_never_recorded_over(path: Path, mode: Mode) -> None:
    """A cassette that cannot be read is not one that is missing."""
    path.parent.mkdir()
    path.write_text("{", encoding="utf-8")
    with pytest.raises(NotACassette), recording(path, mode):
        pass
    assert path.read_text(encoding="utf-8") == "{"


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({}, Mode.ONCE),
        ({"CI": ""}, Mode.ONCE),
        ({"CI": "false"}, Mode.ONCE),
        ({"CI": "true"}, Mode.NONE),
        ({"CI": "1"}, Mode.NONE),
    ],
)
def test_where_machines_test_nothing_is_recorded(environ: dict[str, str], mode: Mode) -> None:
    """Unless somebody says so."""
    assert default_mode(environ) is mode


def test_a_canary_stops_the_writing(path: Path) -> None:
    """Nothing reaches the disk, not even a file beside it."""
    given = {"input": {"prompt": "the canary sings"}}
    with pytest.raises(Leaking, match="a known secret"):  # noqa: SIM117 - raised at its end
        with recording(path, canaries=("canary sings",)) as through:
            through.create(given)
    assert not path.exists()


def test_known_secrets_are_taken_out(path: Path) -> None:
    """Whatever they look like, in whatever place."""
    with recording(path, secrets=("open-sesame-42",)) as through:
        through.create({"input": {"prompt": "say open-sesame-42 to the door"}})
    text = path.read_text(encoding="utf-8")
    assert "open-sesame-42" not in text
    assert "<SECRET:1>" in text


def test_a_recording_is_written_on_the_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash costs the last seconds of it, and no more."""
    written = Event()

    def noticed(*told: Any) -> None:
        keep(*told)
        written.set()

    monkeypatch.setattr("mockserver.web.recording.deck.SAVED_EVERY_MS", 0)
    monkeypatch.setattr("mockserver.web.recording.deck.keep", noticed)
    with recording(path) as through:
        through.create()
        assert written.wait(30)
        assert len(load(path).recorded) == 1


def test_large_bodies_are_kept_aside(path: Path, tmp_path: Path) -> None:
    """Where a folder is named for them, files come through here and are kept by their SHA-256."""
    with recording(path, outputs=tmp_path / "files") as through:
        ended = through.until_ended(through.create())
        picture = through.client.get(ended["output"][0]).content
    bodies = [one.seen.response_body for one in load(path, tmp_path / "files").recorded]
    assert picture in bodies


def test_what_has_expired_is_told(path: Path) -> None:
    """And what nobody asked for, and lives that never end."""
    with recording(path, expires_after_days=1) as through:
        through.create()
    cassette = load(path)
    assert cassette.expires_ms == cassette.recorded_ms + 86_400_000
    with recording(path, Mode.NONE) as through:
        through.client.get("/account")
        told = list(through.deck.remarks(cassette.recorded_ms + 4 * 86_400_000))
    assert told[0] == "the cassette expired 3 days ago: record it anew (mode rewrite)"
    assert told[1].startswith("GET /v1/account is not on the cassette.")
    assert told[2].startswith("never asked for: interaction 0, POST ")
    assert told[3].endswith("whoever waits for its end waits for ever")
