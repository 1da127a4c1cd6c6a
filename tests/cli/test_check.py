"""`check`: exit codes, what is shown, and what is never spent unasked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app, main
from mockserver.contract.exam import Exam
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


Command = Callable[..., Result]

NOBODY = "http://127.0.0.2:1/v1"
"""An address that is not this machine's own, as far as `check` knows; nobody listens there."""


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A fake of Replicate on a socket, whose time runs fast."""
    with serve(Settings(clock="scaled:200")) as running:
        yield running


def test_our_own_fake_has_nothing_to_be_found(command: Command) -> None:
    """Exit code 0, and each case told as it comes."""
    seen = command("check", "--gateway", "winfull")
    assert seen.exit_code == 0
    assert seen.stdout.splitlines()[-1] == "0 found; cases: 8 passed"
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
    assert "excused: U101 at /urls/get by the profile: urls-lead-upstream" in seen.stdout


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
    assert seen.exit_code == 2
    assert "up to 1 predictions of black-forest-labs/flux-schnell" in seen.output
    assert "about 0.006 USD. Go on?" in seen.output


@pytest.fixture
def ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comes when a prediction's end is waited for."""

    def interrupted(_exam: Exam, _prediction_id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Exam, "until_ended", interrupted)


@pytest.mark.usefixtures("ctrl_c")
def test_an_interrupted_exam_cancels_what_it_made(command: Command, server: LiveServer) -> None:
    """What has not ended would go on costing."""
    world = server.world("interrupted", clock="manual")
    seen = command("check", server.base_url, "--token", "interrupted", "--case", "lifecycle")
    assert seen.exit_code == 1
    assert "what was made is canceled" in seen.stderr
    assert [one.status for one in world.predictions()] == ["canceled"]


@pytest.mark.usefixtures("ctrl_c")
def test_what_was_found_until_ctrl_c_is_told(
    command: Command, server: LiveServer, tmp_path: Path
) -> None:
    """It was paid for: a report tells it, with what was created and what was broken off."""
    world = server.world("told", clock="manual")
    world.fault("http.error_body;on=get")
    cases = ("--case", "unknown", "--case", "lifecycle", "--case", "cancel")
    report, evidence = tmp_path / "report.ndjson", tmp_path / "evidence.json"
    files = ("--report", f"ndjson={report}", "--evidence", str(evidence))
    seen = command("check", server.base_url, "--token", "told", *cases, *files)
    assert seen.stdout.splitlines()[-1] == "2 found; cases: 1 found, 2 skipped"
    assert seen.stdout.count("interrupted") == 2
    told = report.read_text(encoding="utf-8")
    assert [one.id in told for one in world.predictions()] == [True]
    assert list(json.loads(evidence.read_bytes())["cases"]) == ["unknown"]


@pytest.mark.usefixtures("ctrl_c")
def test_what_was_broken_off_is_no_evidence(
    command: Command, server: LiveServer, tmp_path: Path
) -> None:
    """Nobody judged it; that is told, and no file is written."""
    server.world("broken-off", clock="manual")
    file = tmp_path / "evidence.json"
    case = ("--case", "lifecycle", "--evidence", str(file))
    seen = command("check", server.base_url, "--token", "broken-off", *case)
    assert f"nothing was judged: {file} is not written" in seen.stderr
    assert not file.exists()


@pytest.mark.parametrize("case", ["lifecycle", "stream", "webhook"])
def test_ctrl_c_while_it_waits_ends_with_130(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """As shells have it; nothing that was made goes on."""

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockserver.examine._wait", interrupted)
    token = f"interrupted-{case}"
    world = server.world(token, clock="manual" if case != "stream" else "scaled:200")
    arguments = ["mockserver", "check", server.base_url, "--token", token, "--case", case]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert {one.status for one in world.predictions()} <= {"canceled", "succeeded"}
    assert len(world.predictions()) == 1


def test_a_yes_in_advance_is_not_asked_for(command: Command) -> None:
    """Anywhere else than on this machine; nobody listens there, and that is told."""
    seen = command("check", NOBODY, "--case", "unknown", "--yes")
    assert seen.exit_code == 1
    assert "Go on?" not in seen.output
    assert "E108 (must) Every request gets an answer" in seen.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "up to 5 predictions"),
        (("--max-predictions", "2"), "up to 2 predictions"),
        (("--case", "strangers"), "up to 0 predictions"),
        (("--max-predictions", "9", "--case", "sync"), "up to 1 predictions"),
    ],
)
def test_the_price_is_that_of_what_may_be_asked(options: tuple[str, ...], says: str) -> None:
    """By the cases that were chosen, and the bound; a no sends nothing."""
    seen = CliRunner().invoke(app, ("check", NOBODY, *options), input="n\n")
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert says in seen.stderr
    assert "passed" not in seen.stderr


@pytest.mark.parametrize(
    ("options", "made"), [(("--max-predictions", "2"), 2), (("--max-cost", "0.02"), 3)]
)
def test_a_bound_holds(
    command: Command, server: LiveServer, options: tuple[str, ...], made: int
) -> None:
    """What it does not allow is skipped, and says why."""
    token = f"bound-{made}"
    world = server.world(token)
    seen = command("check", server.base_url, "--token", token, *options)
    assert seen.exit_code == 0
    assert len(world.predictions()) == made
    assert f"skipped: {'another' if made == 3 else '2 of 2'}" in seen.stderr


def test_a_second_account_is_asked_what_it_may_see(
    command: Command, server: LiveServer, tmp_path: Path
) -> None:
    """With a key of its own, which is kept no more than the first."""
    kept, keys = tmp_path / "evidence.json", ("r8_CANARYone" * 3, "r8_CANARYother" * 3)
    named = ("--token", keys[0], "--other-token", keys[1], "--evidence", str(kept))
    seen = command("check", server.base_url, "--case", "lifecycle", *named)
    assert (seen.exit_code, seen.stdout.splitlines()[-1]) == (0, "0 found; cases: 1 passed")
    told = kept.read_text()
    assert "OTHER_ACCOUNT" in told
    assert not [key for key in keys if key in told + seen.output]
    same = command(
        "check", server.base_url, "--case", "lifecycle", *named[:1], "x", *named[2:3], "x"
    )
    assert same.exit_code == 1
    assert "A101 (must)" in same.stdout


def test_no_token_is_ever_shown(command: Command, tmp_path: Path) -> None:
    """Whatever is asked for: neither on the screen nor in a file."""
    token, kept = "r8_CANARY" + "canary" * 6, tmp_path / "evidence.json"
    arguments = ("--fault", "gw.create_200", "--token", token, "--evidence", str(kept))
    shown = [
        command("check", *arguments).output,
        command("check", "--json", "--capabilities", *arguments).output,
        command("check", "--judge", str(kept), "--json").output,
        kept.read_text(),
    ]
    assert [text for text in shown if token in text or "CANARY" in text] == []


def test_upstream_has_to_stand_behind_somebody(command: Command) -> None:
    """Our own fake has no upstream."""
    seen = command("check", "--upstream")
    assert seen.exit_code == 2
    assert "name its URL" in seen.output
