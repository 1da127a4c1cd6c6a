"""`cassette`: each sub-command says what it has to by its exit code, and never tells a secret."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.contract.cassettes.keeping import ready
from mockserver.core.cassette import Cassette
from mockserver.library.cassettes.files import as_written, load, outputs_of, save
from mockserver.library.cassettes.written import written
from tests.planted import CANARY, PLACES, spellings
from tests.playing import kept
from tests.recording import TOKEN, Recording, polled


Command = Callable[..., Result]

PATH = Path("calls.json")


@pytest.fixture
def recording() -> Recording:
    """A life that was looked at twice a second."""
    return polled([500] * 4)


@pytest.fixture(autouse=True)
def _kept(folder: Path, recording: Recording) -> None:
    """The same as a file, its secrets taken out."""
    clean = ready(recording.cassette, recording.profile)
    save(folder / PATH, as_written(clean, aside=False))


def test_show_draws_a_life(command: Command) -> None:
    """Bars, changes, interactions; what was recorded cannot command the terminal."""
    told = command("cassette", "show", str(PATH))
    assert told.exit_code == 0
    assert "▓" in told.stdout
    assert "succeeded after 900 ms" in told.stdout


def test_show_shows_no_control_characters(command: Command) -> None:
    """Whatever a gateway has answered."""
    text = PATH.read_text(encoding="utf-8").replace("flux-schnell", "flux\\u001b]8;;x\\u0007")
    PATH.write_text(text, encoding="utf-8")
    told = command("cassette", "show", str(PATH)).stdout
    assert told.isprintable() or not {"\x1b", "\x07"} & set(told)


def test_validate_says_what_is_on_it(command: Command) -> None:
    """And what is not wrong, but worth knowing."""
    told = command("cassette", "validate", str(PATH))
    assert (told.exit_code, told.stdout) == (0, "calls.json: 5 interactions, 1 lives\n")
    cassette = load(PATH)
    (job,) = cassette.jobs
    edited = replace(job, states=job.states[:2])
    save(PATH, as_written(replace(cassette, jobs=(edited,)), aside=False))
    told = command("cassette", "validate", str(PATH))
    assert told.exit_code == 0
    assert "its timeline is not the one that its interactions tell of" in told.stderr
    assert "it was not seen to end" in told.stderr


def test_validate_finds_what_is_none(command: Command) -> None:
    """Exit code 1 for what is broken, 2 for what is not there."""
    PATH.write_text('{"format": "mockserver cassette 1"}', encoding="utf-8")
    told = command("cassette", "validate", str(PATH))
    assert told.exit_code == 1
    assert "calls.json: the whole file" in told.stderr
    assert command("cassette", "validate", "none.json").exit_code == 2


def test_redact_takes_secrets_out(command: Command, recording: Recording) -> None:
    """In its place or elsewhere; who has nothing to hide is told so."""
    raw = kept(recording)
    PATH.write_bytes(written(raw))
    told = command("cassette", "redact", str(PATH), "--to", "clean.json")
    assert told.exit_code == 0
    assert TOKEN in PATH.read_text(encoding="utf-8")
    assert TOKEN not in Path("clean.json").read_text(encoding="utf-8")
    command("cassette", "redact", str(PATH))
    assert TOKEN not in PATH.read_text(encoding="utf-8")
    told = command("cassette", "redact", str(PATH))
    assert "there was nothing to take out" in told.stderr
    told = command("cassette", "redact", str(PATH), "--secret", "lighthouse")
    assert "lighthouse" not in PATH.read_text(encoding="utf-8")


def test_redact_refuses_what_it_cannot_take_out(command: Command) -> None:
    """Exit code 4, and the file is as it was."""
    before = PATH.read_bytes()
    told = command("cassette", "redact", str(PATH), "--canary", "a lighthouse")
    assert told.exit_code == 4
    assert PATH.read_bytes() == before


def test_redact_keeps_side_files_aside(command: Command, recording: Recording) -> None:
    """And takes secrets out of those as well."""
    picture = b"\x89PNG" + f"token {TOKEN} ".encode() * 5_000
    one = recording.recorded[-1]
    headers = (("Content-Type", "image/png"),)
    recording.recorded.append(
        replace(one, seen=replace(one.seen, response_body=picture, response_headers=headers))
    )
    save(PATH, as_written(kept(recording), aside=True))
    assert command("cassette", "redact", str(PATH)).exit_code == 0
    body = load(PATH).recorded[-1].seen.response_body
    assert body.startswith(b"\x89PNG")
    assert TOKEN.encode() not in body


def test_scan_finds_secrets_in_a_tree(command: Command, folder: Path) -> None:
    """In any file and encoding, by its line, without telling them; exit code 1."""
    clean = command("cassette", "scan", ".")
    assert (clean.exit_code, clean.stdout, clean.stderr) == (0, "", "0 found in 1 files\n")
    (folder / "deep").mkdir()
    secret = f"one\ntwo {b64encode(f'key {TOKEN} x'.encode()).decode()}\n"
    (folder / "deep" / "notes.txt").write_text(secret, encoding="utf-8")
    (folder / "deep" / "link").symlink_to(folder / "deep" / "notes.txt")
    told = command("cassette", "scan", ".", "--canary", "not there")
    assert told.exit_code == 1
    assert told.stdout.startswith("deep/notes.txt: line 2: ")
    assert told.stdout.count("\n") == 1
    assert TOKEN not in told.stdout
    (found,) = json.loads(command("cassette", "scan", ".", "--json").stdout)
    assert (found["file"], found["line"], found["layers"]) == ("deep/notes.txt", 2, ["base64"])


def test_diff_tells_two_recordings_apart(command: Command) -> None:
    """Exit code 0 where the gateway does the same, 1 where it does something else."""
    same = command("cassette", "diff", str(PATH), str(PATH))
    assert (same.exit_code, same.stdout, same.stderr) == (0, "", "0 differences\n")
    other = polled([500] * 4, scenario="failed")
    save(Path("other.json"), as_written(ready(other.cassette, other.profile), aside=False))
    told = command("cassette", "diff", str(PATH), "other.json")
    assert told.exit_code == 1
    assert "its life: starting → processing → succeeded → starting → processing → failed" in (
        told.stdout
    )
    found = json.loads(command("cassette", "diff", str(PATH), "other.json", "--json").stdout)
    assert {one["at"] for one in found} >= {"its life", "error"}


def test_check_judges_a_recording(command: Command, recording: Recording) -> None:
    """By the rules of `check`; nothing to judge is exit code 2, never 0."""
    good = command("cassette", "check", str(PATH))
    assert (good.exit_code, good.stdout, good.stderr) == (0, "", "0 found in 5 interactions\n")
    one = recording.recorded[-1]
    body = one.seen.response_body.replace(b'"succeeded"', b'"done"')
    recording.recorded[-1] = replace(one, seen=replace(one.seen, response_body=body))
    save(PATH, as_written(ready(recording.cassette, recording.profile), aside=False))
    told = command("cassette", "check", str(PATH))
    assert told.exit_code == 1
    assert "L10" in told.stdout
    assert json.loads(command("cassette", "check", str(PATH), "--json").stdout)
    recording.recorded.clear()
    save(PATH, as_written(ready(recording.cassette, recording.profile), aside=False))
    assert command("cassette", "check", str(PATH)).exit_code == 2


@pytest.mark.parametrize("name", ["calls.har", "calls.yaml", "calls.yml"])
def test_convert_goes_there_and_back(command: Command, name: str) -> None:
    """By the end of the name; the life is distilled again."""
    assert command("cassette", "convert", str(PATH), name).exit_code == 0
    told = command("cassette", "convert", name, "again.json", "--gateway", "replicate")
    assert told.exit_code == 0
    before, after = load(PATH), load(Path("again.json"))
    assert [one.seen.response_body for one in before.recorded] == [
        one.seen.response_body for one in after.recorded
    ]
    assert after.jobs[0].states[-1].body == before.jobs[0].states[-1].body


def test_convert_takes_secrets_out(command: Command, recording: Recording) -> None:
    """Whatever the format it reads, and whatever it writes."""
    from mockserver.contract.cassettes.har import har_of

    Path("raw.har").write_bytes(har_of(recording.cassette))
    for name in ("clean.json", "clean.har", "clean.yaml"):
        assert command("cassette", "convert", "raw.har", name).exit_code == 0
        assert TOKEN not in Path(name).read_text(encoding="utf-8")


def test_convert_knows_its_formats(command: Command) -> None:
    """And says what they are."""
    told = command("cassette", "convert", str(PATH), "calls.txt")
    assert told.exit_code == 2
    assert ".json, .yaml, .yml, .har" in told.stderr
    Path("broken.yaml").write_text("a: [", encoding="utf-8")
    assert command("cassette", "convert", "broken.yaml", "x.json").exit_code == 2


def test_nothing_is_left_beside_what_is_written(command: Command, folder: Path) -> None:
    """No part of a file, and no folder for what was not kept aside."""
    command("cassette", "convert", str(PATH), "calls.har")
    names = {one.name for one in folder.iterdir()}
    assert names == {"calls.json", "calls.har"}
    assert not outputs_of(PATH).exists()


def test_no_command_tells_a_secret(command: Command, folder: Path) -> None:
    """Planted in every place and never told: not on the terminal, not in a byte of any file."""
    planted = Cassette(
        "https://api.replicate.com/v1", recorded=tuple(plant(CANARY) for plant in PLACES.values())
    )
    raw = folder / "raw.json"
    raw.write_bytes(written(planted))
    told = "".join(
        command("cassette", *words).output
        for words in (
            ("show", "raw.json"),
            ("validate", "raw.json"),
            ("check", "raw.json"),
            ("diff", "raw.json", str(PATH)),
            ("scan", "raw.json"),
            ("scan", "raw.json", "--json"),
            ("redact", "raw.json", "--to", "clean.json"),
            ("convert", "raw.json", "clean.har"),
            ("convert", "raw.json", "clean.yaml"),
        )
    )
    raw.unlink()
    texts = [told.encode(), *(one.read_bytes() for one in folder.iterdir())]
    assert len(texts) == 5
    for text in texts:
        assert [name for name, one in spellings(CANARY).items() if one in text] == []
