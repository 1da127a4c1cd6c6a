"""`audit`: a program of somebody's own in every case, judged by what it asked and how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.cli import programs
from mockserver.cli.programs import Program
from mockserver.contract.consumer.cases import LIVES, Case, cases
from mockserver.library.catalogue import Catalogue


Command = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
GOOD = str(ROOT / "examples" / "reference_client.py")

NAIVE = """
import json, os, sys, time
from urllib.request import Request, urlopen

BASE, TOKEN = os.environ["REPLICATE_BASE_URL"], os.environ["REPLICATE_API_TOKEN"]

def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with urlopen(Request(url, data, headers)) as answer:
        return json.load(answer)

path = "/models/black-forest-labs/flux-schnell/predictions"
told = ask(BASE + path, {"input": {"prompt": "a lighthouse"}})
while told["status"] not in ("succeeded", "failed", "canceled"):
    time.sleep(0.3)
    told = ask(told["urls"]["get"])
if told["status"] != "succeeded":
    sys.exit(f"it {told['status']}")
for output in told["output"]:
    print(output)
"""
"""As people write it on their first day."""


@pytest.fixture
def naive(folder: Path) -> str:
    """A program that knows neither `aborted` nor deadlines."""
    path = folder / "naive.py"
    path.write_text(NAIVE, encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_a_good_program_has_nothing_to_be_found(command: Command) -> None:
    """Exit code 0; each case told as it comes, each promise with its verdict."""
    wanted = ("happy", "aborted", "net.reset_before;on=create;nth=1")
    named = [word for case in wanted for word in ("--case", case)]
    seen = command("audit", *named, "--", sys.executable, GOOD)
    assert seen.exit_code == 0, seen.output
    assert (
        "aborted                                            raised PredictionError" in seen.stderr
    )
    assert "K5       knows every final status" in seen.stdout
    assert seen.stdout.count("kept") >= 3
    assert "0 found; cases: 3 passed" in seen.stdout


@pytest.mark.slow
def test_findings_end_with_1_and_say_how_to_see_them_again(command: Command, naive: str) -> None:
    """The naive program polls on after `aborted`, for ever: its promise is broken there alone."""
    seen = command(
        *("audit", "--case", "happy", "--case", "aborted", "--deadline", "3"),
        *("--json", "--", sys.executable, naive),
    )
    assert seen.exit_code == 1, seen.output
    told = json.loads(seen.stdout)
    assert told["matrix"]["aborted"]["K5"] == "✗"
    assert told["matrix"]["happy"]["K1"] == "✓"
    assert told["promises"]["K5"]["verdict"] == "broken"
    codes = {one["code"] for case in told["cases"] for one in case["findings"]}
    assert codes >= {"C105", "C205"}


@pytest.mark.slow
def test_reports_and_a_baseline_are_as_those_of_check(command: Command, naive: str) -> None:
    """What is accepted with a reason is not counted the next time."""
    line = ("audit", "--case", "aborted", "--deadline", "3")
    written = command(
        *(*line, "--write-baseline", "known.toml", "--reason", "upstream never aborts us"),
        *("--report", "junit=audit.xml", "--", sys.executable, naive),
    )
    assert written.exit_code == 0, written.output
    assert 'tests="1" failures="0"' in Path("audit.xml").read_text(encoding="utf-8")
    again = command(*line, "--baseline", "known.toml", "--", sys.executable, naive)
    assert again.exit_code == 0, again.output
    assert "excused: C105 at /status by the baseline: upstream never aborts us" in again.stdout


@pytest.mark.slow
def test_what_a_program_prints_can_be_judged(command: Command, folder: Path, naive: str) -> None:
    """Its stdout tells outputs: they must be those that were made."""
    line = ("audit", "--case", "happy", "--stdout-tells-outputs", "--json", "--", sys.executable)
    assert command(*line, naive).exit_code == 0
    liar = folder / "liar.py"
    liar.write_text(NAIVE.replace("print(output)", "print(output + '?')"), encoding="utf-8")
    seen = command(*line, str(liar))
    (case,) = json.loads(seen.stdout)["cases"]
    assert [one["code"] for one in case["findings"]] == ["C407"]


@pytest.mark.slow
def test_a_program_with_a_fixed_host_is_audited(command: Command, folder: Path) -> None:
    """It is led to the fake, and its token at another gateway is seen."""
    fixed = NAIVE.replace('os.environ["REPLICATE_BASE_URL"]', '"https://api.replicate.com/v1"')
    program = folder / "fixed.py"
    program.write_text(fixed, encoding="utf-8")
    line = ("audit", "--intercept", "--json", "--case", "happy", "--", sys.executable)
    seen = command(*line, str(program))
    assert seen.exit_code == 0, seen.output
    careless = fixed.replace("print(output)", "ask('https://api.cometapi.com/log')")
    program.write_text(careless, encoding="utf-8")
    told = json.loads(command(*line, str(program)).stdout)
    assert "C109" in {one["code"] for case in told["cases"] for one in case["findings"]}


def test_a_program_that_asks_for_nothing_tests_nothing(command: Command) -> None:
    """Exit code 2, and what it said of itself."""
    seen = command(
        "audit", "--case", "happy", "--", sys.executable, "-c", "raise SystemExit('no key')"
    )
    assert seen.exit_code == 2, seen.output
    assert "it asked for nothing; raised an error (exit code 1)" in seen.stdout
    assert "no key" in seen.stdout


def test_a_program_that_is_not_there_is_told_so(command: Command) -> None:
    """Before any case is run."""
    seen = command("audit", "--", "no-such-program")
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert "no-such-program: no such program" in seen.stderr


def test_a_case_that_is_not_there_is_told_so(command: Command) -> None:
    """With the nearest name that there is."""
    seen = command("audit", "--case", "life.abort", "--", sys.executable, GOOD)
    assert seen.exit_code == 2
    assert "Did you mean 'life.aborted'?" in seen.stderr


def test_what_needs_a_clients_own_transport_is_unsupported(command: Command) -> None:
    """A program has sockets of its own: nobody can pretend that there is no connection."""
    seen = command("audit", "--case", "net.dns", "--", sys.executable, GOOD)
    assert seen.exit_code == 2
    assert "net.dns needs the client's own transport" in seen.stdout


@pytest.mark.parametrize(
    ("said", "error", "crash"),
    [
        ("Traceback (most recent call last):\n  File …\nKeyError: 'id'\n", "KeyError", True),
        ("json.decoder.JSONDecodeError: Expecting value\n", "json.decoder.JSONDecodeError", True),
        ("httpx.ReadTimeout: timed out\n", "httpx.ReadTimeout", False),
        ("KeyError: 'id'\n\nDuring …\n\nmine.ApiError: 502\n", "mine.ApiError", False),
        ("file:///a.mjs:3\n\nRangeError: Invalid array length\n", "RangeError", True),
        ("it failed\n", "", False),
    ],
)
def test_a_crash_is_told_from_an_error(said: str, error: str, crash: bool) -> None:  # noqa: FBT001
    """By the last error that a program names: one of the language's own is nobody's."""
    assert programs._error(said) == error  # noqa: SLF001
    assert programs._is_crash(error) is crash  # noqa: SLF001


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_what_hangs_is_ended_with_all_that_it_started(command: Command, folder: Path) -> None:
    """Nothing outlives its case."""
    starter = folder / "starter.py"
    starter.write_text(
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "child.wait()\n",
        encoding="utf-8",
    )
    seen = command(
        "audit", "--case", "happy", "--deadline", "1", "--", sys.executable, str(starter)
    )
    assert "had not ended after" in seen.stderr
    pid = int((folder / "pid").read_text(encoding="utf-8"))
    assert (
        not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_text()
    )


def test_ctrl_c_ends_the_audit(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is judged then, and it is said."""

    def interrupted(_program: Program, _case: Case) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Program, "audited", interrupted)
    seen = command("audit", "--case", "happy", "--", sys.executable, GOOD)
    assert seen.exit_code != 0
    assert "interrupted; the programs that run are ended" in seen.stderr


def test_what_runs_can_be_stopped() -> None:
    """As Ctrl-C does it."""
    waits = (sys.executable, "-c", "import threading; threading.Event().wait()")
    with subprocess.Popen(waits, start_new_session=True) as process:
        Program((), Catalogue(), "replicate", 1.0, 0, running={process}).stop()
        assert process.wait() != 0


def test_lives_are_cases_by_their_names() -> None:
    """One life can be asked for like one fault."""
    assert [case.name for case in cases(("aborted",))] == ["aborted"]
    assert {case.name for case in cases((LIVES,))} >= {"happy", "slow", "sync-expired"}
