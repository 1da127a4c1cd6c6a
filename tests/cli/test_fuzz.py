"""`fuzz`: exit codes, what is shown and written, and what is never spent unasked."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from mockserver.cli.fuzz_results import Progress
from mockserver.cli.main import app, main
from mockserver.contract.evidence import Intent
from mockserver.contract.exam import Exam
from mockserver.contract.fuzzing.search import Search
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


Command = Callable[..., Result]

NOBODY = "http://127.0.0.2:1/v1"
"""An address that is not this machine's own, as far as `fuzz` knows; nobody listens there."""
FEW = ("--examples", "5", "--profile", "ci")
SCHNELL = ("--model", "black-forest-labs/flux-schnell")
BROKEN = ("--fault", "gw.create_200", *FEW, *SCHNELL)


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A fake of Replicate on a socket, whose time runs fast."""
    with serve(Settings(clock="scaled:200")) as running:
        yield running


def test_our_own_fake_has_nothing_to_be_found(command: Command) -> None:
    """Exit code 0, each sort told as it is done, and how much was asked."""
    seen = command("fuzz", "--gateway", "winfull", *FEW)
    assert seen.exit_code == 0
    assert re.fullmatch(r"0 found in \d+ cases, \d+ requests\n", seen.stdout)
    sorts = [line.split()[0] for line in seen.stderr.splitlines()]
    assert sorts == ["mistakes", "lives", "valid"]


def test_findings_end_with_1_and_can_be_repeated(command: Command) -> None:
    """By code, by shell lines, by a scenario file, and by the whole command; without the token."""
    token = "r8_CANARYcanaryCANARYcanaryCANARYcanaryX"
    seen = command("fuzz", *BROKEN, "--token", token, "--max-predictions", "500")
    assert seen.exit_code == 1
    for text in ("S101 (must)", "def test_s101() -> None:", "ID0=$(curl", "[[step]]"):
        assert text in seen.stdout
    assert token not in seen.output
    assert "CANARY" not in seen.output
    (repeat,) = re.findall(r"^repeat with: mockserver (.*)$", seen.stdout, re.MULTILINE)
    again = command(*shlex.split(repeat), "--token", token)
    assert again.stdout == seen.stdout


def test_a_seed_is_drawn_and_told(command: Command) -> None:
    """Another one in every run of `dev`, which can be repeated nevertheless."""
    seeds = {
        re.findall(r"--seed (\d+)", command("fuzz", *BROKEN, "--profile", "dev").stdout)[0]
        for _ in range(2)
    }
    assert len(seeds) == 2
    assert "--seed 7" in command("fuzz", *BROKEN, "--seed", "7").stdout


def test_what_failed_is_remembered(command: Command, folder: Path) -> None:
    """Beside Hypothesis' own examples; by `ci` it is not."""
    command("fuzz", *BROKEN)
    assert not (folder / ".hypothesis").exists()
    command("fuzz", *BROKEN, "--profile", "dev", "--seed", "1")
    assert any((folder / ".hypothesis" / "mockserver" / "replicate").iterdir())


def test_programs_get_json(command: Command) -> None:
    """One document with every failure and its files."""
    seen = command("fuzz", *BROKEN, "--json")
    told = json.loads(seen.stdout)
    (failure,) = told["failures"]
    assert (failure["code"], failure["steps"], failure["confirmed"]) == ("S101", 1, True)
    assert [one["code"] for one in failure["findings"]] == ["S101"]
    assert set(failure["files"]) == {"test_s101.py", "s101.sh", "s101.toml"}
    assert told["repeat"].startswith("mockserver fuzz --gateway replicate")


def test_failures_are_written_and_played_again(command: Command, folder: Path) -> None:
    """A scenario file finds the same without drawing, and nothing where all is well."""
    command("fuzz", *BROKEN, "--save", "found")
    assert sorted(path.name for path in (folder / "found").iterdir()) == [
        "s101.sh",
        "s101.toml",
        "test_s101.py",
    ]
    played = command("fuzz", "--play", "found/s101.toml", "--fault", "gw.create_200")
    assert played.exit_code == 1
    assert "S101 (must)" in played.stdout
    mended = command("fuzz", "--play", "found/s101.toml")
    assert (mended.exit_code, mended.stdout) == (0, "0 found in 1 cases, 1 requests\n")
    poor = command("fuzz", "--play", "found/s101.toml", "--max-predictions", "0")
    assert poor.exit_code == 2
    assert "no more was asked: 0 of 0 predictions are used up" in poor.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ftp://gateway.example/",), "expected a base URL like https://host/v1"),
        (("--gateway", "winful"), "Did you mean 'winfull'?"),
        (("--model", "nobody/nothing"), "no model is called nobody/nothing"),
        (("--play", "nowhere.toml"), "nowhere.toml"),
        (("--fault", "gw.nothing"), "no fault is named 'gw.nothing'"),
        (("--profile", "harder"), "'harder' is not one of"),
        (("http://127.0.0.1:1/v1",), "no answer from http://127.0.0.1:1/v1"),
    ],
)
def test_what_cannot_be_done_ends_with_2(
    command: Command, arguments: tuple[str, ...], says: str
) -> None:
    """And one sentence that says why."""
    seen = command("fuzz", *arguments)
    assert seen.exit_code == 2
    assert says in seen.output


def test_nothing_tested_is_not_success(command: Command) -> None:
    """A budget of nothing leaves nothing to be drawn: even a mistake could be taken."""
    seen = command("fuzz", *FEW, "--max-predictions", "0")
    assert seen.exit_code == 2
    assert "no more was asked: 0 of 0 predictions are used up" in seen.stdout
    cheap = command("fuzz", *FEW, "--max-cost", "0.001")
    assert "--max-cost allows more" in cheap.stdout


def test_nobody_is_charged_unasked(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The price is shown first; without a yes, nothing is created."""
    monkeypatch.setattr("mockserver.fuzzed._greet", lambda _: None)
    seen = CliRunner().invoke(app, ("fuzz", NOBODY, *FEW), input="n\n")
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert "up to 5 predictions of black-forest-labs/flux-schnell" in seen.stderr
    assert "about 0.060 USD. Go on?" in seen.stderr
    agreed = command("fuzz", NOBODY, *FEW, "--yes")
    assert "Go on?" not in agreed.output
    assert "E108 (must) Every request gets an answer" in agreed.stdout


def test_a_bound_holds_at_an_address(command: Command, server: LiveServer) -> None:
    """No more is made than it allows."""
    world = server.world("bound", clock="scaled:200")
    seen = command("fuzz", server.base_url, "--token", "bound", *FEW, "--max-predictions", "4")
    assert seen.exit_code == 0
    assert 0 < len(world.predictions()) <= 4
    assert "no more was asked" in seen.stdout


def test_ctrl_c_cancels_what_was_made_and_ends_with_130(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As shells have it; what was found until then is told."""
    looks = 0
    look = Exam.look

    def interrupted(exam: Exam, prediction_id: str, intent: Intent) -> object:
        nonlocal looks
        looks += 1
        if looks == 4:
            raise KeyboardInterrupt
        return look(exam, prediction_id, intent)

    monkeypatch.setattr(Exam, "look", interrupted)
    world = server.world("interrupted", clock="scaled:200", scenario="stuck-starting")
    arguments = ["mockserver", "fuzz", server.base_url, "--token", "interrupted", *FEW]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert {one.status for one in world.predictions()} == {"canceled"}
    told = capsys.readouterr()
    assert "interrupted; what was made is canceled" in told.err
    assert " found in " in told.out


@pytest.mark.parametrize("in_place", [True, False])
def test_progress_is_written_over_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str],
    in_place: bool,  # noqa: FBT001 - pytest hands it over
) -> None:
    """Elsewhere each sort is told once, when it is over."""
    progress = Progress(in_place=in_place)
    for cases in range(1, 61):
        hunt = "mistakes" if cases <= 30 else "lives"
        progress.heard(_searching(hunt, cases))
    progress.ended(_searching("lives", 60))
    seen = capsys.readouterr().err
    assert seen.count("\r") == (4 if in_place else 0)
    assert [line.split("\r")[-1].removeprefix("\x1b[2K") for line in seen.split("\n")[:-1]] == [
        "mistakes  30 cases, 1 rules broken so far",
        "lives     30 cases, 1 rules broken so far",
    ]


def _searching(hunt: str, cases: int) -> Search:
    """As far as a progress can see."""
    found: object = SimpleNamespace(hunt=hunt, cases=cases, found=1)
    assert isinstance(found, SimpleNamespace)
    return found  # type: ignore[return-value]
