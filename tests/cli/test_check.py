"""`check`: exit codes, what is shown, and what is never spent unasked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app
from mockserver.contract.exam import Exam
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


Command = Callable[..., Result]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A fake of Replicate on a socket, whose time runs fast."""
    with serve(Settings(clock="scaled:200")) as running:
        yield running


def test_our_own_fake_has_nothing_to_be_found(command: Command) -> None:
    """Exit code 0, and each case told as it comes."""
    seen = command("check", "--gateway", "winfull")
    assert seen.exit_code == 0
    assert seen.stdout.splitlines()[-1] == "0 found in 8 cases"
    assert "lifecycle  passed" in seen.stderr


def test_a_gateway_behind_an_address_is_examined(command: Command, server: LiveServer) -> None:
    """Over sockets, webhooks included."""
    seen = command("check", server.base_url, "--deadline", "20", "--capabilities")
    assert (seen.exit_code, seen.stdout) == (0, seen.stdout)
    assert "webhooks  documented    4 arrived" in seen.stdout
    assert "sync      documented    works" in seen.stdout


def test_findings_end_with_1_and_say_where(command: Command) -> None:
    """Each once, with the cases in which it was made, and never with the token."""
    token = "r8_CANARYcanaryCANARYcanaryCANARYcanaryX"
    seen = command("check", "--fault", "gw.create_200", "--token", token)
    assert seen.exit_code == 1
    assert seen.stdout.count("S101 (must)") == 1
    assert "cases      lifecycle, cancel, sync, stream, webhook" in seen.stdout
    assert token not in seen.output


def test_programs_get_json(command: Command) -> None:
    """One document with every case and its findings."""
    seen = command("check", "--case", "cancel", "--fault", "gw.create_200", "--json")
    (case,) = json.loads(seen.stdout)["cases"]
    assert (case["name"], case["outcome"]) == ("cancel", "found")
    assert [one["code"] for one in case["findings"]] == ["S101"]


def test_a_declared_quirk_is_told_and_does_not_count(command: Command) -> None:
    """Exit code 0: the profile knows why."""
    seen = command("check", "--gateway", "winfull", "--fault", "shape.urls_foreign")
    assert seen.exit_code == 0
    assert "U101 is declared by the profile: urls-lead-upstream" in seen.stdout


def test_what_was_kept_is_judged_without_asking(command: Command, tmp_path: Path) -> None:
    """The same findings, from the file alone."""
    kept = tmp_path / "evidence.json"
    asked = command("check", "--fault", "gw.create_200", "--evidence", str(kept))
    judged = command("check", "--judge", str(kept))
    assert (asked.exit_code, judged.exit_code) == (1, 1)
    assert judged.stdout.count("S101 (must)") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ftp://gateway.example/",), "expected a base URL like https://host/v1"),
        (("--gateway", "winful"), "Did you mean 'winfull'?"),
        (("--case", "canel"), "Did you mean 'cancel'?"),
        (("--model", "nobody/nothing"), "no model is called nobody/nothing"),
        (("--judge", "nowhere.json"), "nowhere.json"),
        (("--fault", "gw.nothing"), "no fault is named 'gw.nothing'"),
    ],
)
def test_what_cannot_be_done_ends_with_2(
    command: Command, arguments: tuple[str, ...], says: str
) -> None:
    """And one sentence that says why."""
    seen = command("check", *arguments)
    assert seen.exit_code == 2
    assert says in seen.output


def test_nothing_tested_is_not_success(command: Command) -> None:
    """A budget of nothing leaves nothing to be said."""
    seen = command("check", "--case", "cancel", "--max-predictions", "0")
    assert seen.exit_code == 2
    assert "0 of 0 predictions are used up" in seen.stderr
    cheap = command("check", "--case", "cancel", "--max-cost", "0.001")
    assert "--max-cost allows more" in cheap.stderr


def test_nobody_is_charged_unasked() -> None:
    """The price is shown first; without a yes, nothing is sent."""
    arguments = ("check", "https://gateway.invalid/v1", "--case", "cancel")
    seen = CliRunner().invoke(app, arguments, input="n\n")
    assert seen.exit_code == 1
    assert "up to 1 predictions of black-forest-labs/flux-schnell" in seen.output
    assert "about 0.006 USD. Go on?" in seen.output


def test_an_interrupted_exam_cancels_what_it_made(
    command: Command, server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not ended would go on costing."""

    def interrupted(_exam: Exam, _prediction_id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Exam, "until_ended", interrupted)
    world = server.world("interrupted", clock="manual")
    seen = command("check", server.base_url, "--token", "interrupted", "--case", "lifecycle")
    assert seen.exit_code == 1
    assert "what was made is canceled" in seen.stderr
    assert [one.status for one in world.predictions()] == ["canceled"]
