"""`record` and `replay`: a program runs against upstream, and then without it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


Command = Callable[..., Result]

TOKEN = "r8_4hT9wQ2xV7bN1mK6zL3cY8pR5jD0sG2fA9eU"

ASKS = """\
import json, os, sys, time, urllib.request
base = os.environ["REPLICATE_BASE_URL"]
headers = {"Authorization": "Bearer " + os.environ.get("REPLICATE_API_TOKEN", ""),
           "Content-Type": "application/json"}
def ask(url, data=None):
    return json.load(urllib.request.urlopen(urllib.request.Request(url, data, headers)))
prompt = sys.argv[1] if len(sys.argv) > 1 else "a lighthouse"
body = json.dumps({"input": {"prompt": prompt}}).encode()
made = ask(base + "/models/black-forest-labs/flux-schnell/predictions", body)
while made["status"] in ("starting", "processing"):
    made = ask(made["urls"]["get"])
open("seen", "w").write(json.dumps(made))
"""


@pytest.fixture
def upstream() -> Iterator[LiveServer]:
    """What is recorded: a fake whose time runs fifty times as fast."""
    with serve(Settings(clock="scaled:50", tokens=frozenset({TOKEN}))) as server:
        yield server


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment, as users have it."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", TOKEN)
    monkeypatch.delenv("CI", raising=False)


def recorded(command: Command, upstream: LiveServer, *more: str) -> Result:
    """What `record` says of one run of the program."""
    program = ("--", sys.executable, "-c", ASKS)
    asked = ("record", "calls.json", "--upstream", upstream.base_url, "--port", "0")
    return command(*asked, *more, *program)


def test_a_program_is_recorded_and_played(
    command: Command, upstream: LiveServer, folder: Path
) -> None:
    """Its own token goes to upstream and not to the disk; what it cost is told."""
    told = recorded(command, upstream)
    assert told.exit_code == 0, told.stderr
    first = json.loads((folder / "seen").read_text(encoding="utf-8"))
    assert "1 predictions, $0.0030 by the schemas' prices" in told.stderr
    assert TOKEN not in (folder / "calls.json").read_text(encoding="utf-8")

    upstream.front.fake.reset()
    told = command("replay", "calls.json", "--port", "0", "--", sys.executable, "-c", ASKS)
    assert told.exit_code == 0, told.stderr
    again = json.loads((folder / "seen").read_text(encoding="utf-8"))
    assert {**again, "urls": 0} == {**first, "urls": 0}
    assert "never asked for" not in told.stderr


def test_it_exits_as_the_program_does(command: Command, upstream: LiveServer) -> None:
    """Also where there was nothing to record."""
    asked = ("record", "calls.json", "--upstream", upstream.base_url, "--port", "0")
    told = command(*asked, "--", sys.executable, "-c", "raise SystemExit(7)")
    assert told.exit_code == 7
    assert "nothing was said, so calls.json was not written" in told.stderr


def test_a_secret_that_is_left_stops_the_writing(
    command: Command, upstream: LiveServer, folder: Path
) -> None:
    """Exit code 4, and the file before is as it was."""
    (folder / "calls.json").unlink(missing_ok=True)
    told = recorded(command, upstream, "--canary", "a lighthouse")
    assert told.exit_code == 4
    assert "calls.json: not written, because a secret would be in it" in told.stderr
    assert not (folder / "calls.json").exists()


def test_what_is_not_on_the_cassette_is_told(
    command: Command, upstream: LiveServer, folder: Path
) -> None:
    """Exit code 1, what differs, and what was never asked for."""
    recorded(command, upstream)
    program = (sys.executable, "-c", f"import sys; sys.argv.append('a ship')\n{ASKS}")
    told = command("replay", "calls.json", "--port", "0", "--", *program)
    assert told.exit_code == 1
    assert "/input/prompt: recorded 'a lighthouse', asked 'a ship'" in told.stderr
    assert "never asked for: interaction 0" in told.stderr
    assert (folder / "calls.json").exists()


def test_new_ids_play_a_create_call_again(command: Command, upstream: LiveServer) -> None:
    """As often as it is asked."""
    recorded(command, upstream)
    program = (sys.executable, "-c", f"exec({ASKS!r}); exec({ASKS!r})")
    assert command("replay", "calls.json", "--port", "0", "--", *program).exit_code == 1
    assert (
        command("replay", "calls.json", "--ids", "new", "--port", "0", "--", *program).exit_code
        == 0
    )


def test_a_cassette_that_is_not_there_is_told(command: Command) -> None:
    """Exit code 2, and what to do."""
    told = command("replay", "none.json", "--port", "0", "--", "true")
    assert told.exit_code == 2
    assert "none.json: there is no such cassette; record it first" in told.stderr


def test_where_machines_test_nothing_is_recorded(
    command: Command, upstream: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`CI` makes of `record` what `replay` is."""
    monkeypatch.setenv("CI", "true")
    told = recorded(command, upstream)
    assert told.exit_code == 2
    assert "there is no such cassette" in told.stderr
    assert recorded(command, upstream, "--mode", "once").exit_code == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("api.replicate.com/v1", "expected a URL like https://host/v1"),
        ("ftp://x.test/v1", "expected a URL like https://host/v1"),
        ("https://me:pw@x.test/v1", "a name, a password or a query cannot stand in its URL"),
    ],
)
def test_an_upstream_that_is_none_is_told(command: Command, url: str, words: str) -> None:
    """Before anything listens."""
    told = command("record", "calls.json", "--upstream", url, "--port", "0", "--", "true")
    assert told.exit_code == 2
    assert words in told.stderr


def test_the_gateway_is_the_upstream_where_none_is_named(command: Command, folder: Path) -> None:
    """Its profile says where it is."""
    told = command("record", "calls.json", "--gateway", "winfull", "--port", "0", "--", "true")
    assert "records https://aiapi.winfull.top/replicate/v1 into calls.json" in told.stderr
    assert list(folder.iterdir()) == []


def test_a_cassette_is_served_until_it_is_stopped(
    command: Command, upstream: LiveServer, folder: Path
) -> None:
    """On a port, whose address a program is told as JSON."""
    recorded(command, upstream)
    words = (sys.executable, "-m", "mockserver", "replay", "calls.json", "--port", "0", "--json")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as served:
        assert served.stdout is not None
        url = json.loads(served.stdout.readline())["url"]
        environ = {**os.environ, "REPLICATE_BASE_URL": f"{url}/v1"}
        subprocess.run([sys.executable, "-c", ASKS], env=environ, check=True)
        served.send_signal(signal.SIGTERM)
        assert served.wait(20) == 0
    assert json.loads((folder / "seen").read_text(encoding="utf-8"))["status"] == "succeeded"
