"""`--intercept`: a program's own hosts are the fake, and whom it does not reach is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.cli.intercept import Teller, parted
from mockserver.cli.output import Failure
from mockserver.core.interaction import Request
from mockserver.service.settings import Settings
from mockserver.web.gate import Turned
from tests.cli.test_serve import pipe, serving


ASKS = """\
import json, os, urllib.request
assert "REPLICATE_BASE_URL" not in os.environ, os.environ["REPLICATE_BASE_URL"]
headers = {"Authorization": "Bearer " + os.environ["REPLICATE_API_TOKEN"]}
asked = urllib.request.Request("https://api.replicate.com/v1/predictions", headers=headers)
control = os.environ["MOCKSERVER_URL"] + "/__mock__/journal"
seen = [json.load(urllib.request.urlopen(url)) for url in (asked, control)]
json.dump(seen, open("seen", "w"))
"""
ELSEWHERE = """\
import urllib.request
for url in ("https://elsewhere.test/", "https://elsewhere.test/", "https://other.test/"):
    try:
        urllib.request.urlopen(url)
    except OSError:
        pass
"""


def test_a_program_calls_its_own_hosts(command: Callable[..., Result], folder: Path) -> None:
    """It finds no address but its own, a token, and the control API where it really is."""
    seen = command("exec", "--intercept", "--", sys.executable, "-c", ASKS)
    assert seen.exit_code == 0, seen.stderr
    listed, journal = json.loads((folder / "seen").read_text())
    assert listed["results"] == []
    asked = journal["interactions"][0]["request"]
    assert (asked["method"], asked["path"]) == ("GET", "/v1/predictions")
    assert "api.replicate.com" in seen.stderr


def test_an_address_of_the_users_own_is_left(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had set before, the program still finds: it is one of the hosts, or refused."""
    monkeypatch.setenv("REPLICATE_BASE_URL", "https://aiapi.winfull.top/replicate/v1")
    program = "import os; assert 'winfull' in os.environ['REPLICATE_BASE_URL']"
    assert command("exec", "--intercept", "--", sys.executable, "-c", program).exit_code == 0


def test_whom_it_does_not_reach_is_told(command: Callable[..., Result]) -> None:
    """Once when it happens, and at the end how often it did."""
    seen = command("exec", "--intercept", "--", sys.executable, "-c", ELSEWHERE)
    said = "elsewhere.test is not intercepted: nothing was sent there"
    assert seen.exit_code == 0
    assert seen.stderr.splitlines()[-3:] == [
        f"mockserver: {said}",
        "mockserver: other.test is not intercepted: nothing was sent there",
        f"mockserver: 2 times: {said}",
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    ("fault", "code"), [("tls.expired", 60), ("tls.reset_handshake, net.reset_before", 35)]
)
def test_handshakes_can_fail(command: Callable[..., Result], fault: str, code: int) -> None:
    """They are those of the proxy; curl's exit codes say what it met."""
    curl = ["curl", "--silent", "https://api.replicate.com/v1/openapi.json"]
    seen = command("exec", "--intercept", "--fault", fault, "--", *curl)
    assert seen.exit_code == code


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--https"], "leave --https away"),
        (["--fault", "tls.expired, tls.wrong_name"], "--fault: a handshake fails in one way"),
    ],
)
def test_what_does_not_go_together_is_told(
    command: Callable[..., Result], options: list[str], says: str
) -> None:
    """Exit code 2, and what to do."""
    for sub in (
        ["exec", "--intercept", *options, "--", "true"],
        ["serve", "--intercept", *options],
    ):
        seen = command(*sub)
        assert (seen.exit_code, says in seen.stderr) == (2, True)


def test_a_missing_package_is_told_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, command: Callable[..., Result]
) -> None:
    """As with `--https`."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    seen = command("exec", "--intercept", "--", "true")
    assert seen.exit_code == 2
    assert "pip install 'mockserver[https]'" in seen.stderr


@pytest.mark.parametrize(
    ("flags", "fault", "others"),
    [
        ("", "", ""),
        ("tls.expired", "tls.expired", ""),
        ("net.drip;p=0.5, tls.expired", "tls.expired", "net.drip;p=0.5"),
        ("net.drip, http.status", "", "net.drip, http.status"),
    ],
)
def test_the_fake_is_started_without_the_fault_of_handshakes(
    flags: str, fault: str, others: str
) -> None:
    """They are the proxy's; all other faults are its own."""
    settings, parted_off = parted(Settings(fault=flags, seed=7), https=False)
    assert (settings.fault, settings.seed, parted_off) == (others, 7, fault)


def test_https_twice_is_once_too_often() -> None:
    """The proxy speaks it already."""
    with pytest.raises(Failure, match="leave --https away"):
        parted(Settings(), https=True)


def test_nothing_that_a_terminal_obeys_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What a program asked for is shown in one line."""
    Teller().hear(Turned(Request("CONNECT", ""), 400, "a\x1b[2Jb\nc" + "d" * 400))
    said = capsys.readouterr().err
    assert said.startswith("mockserver: a [2Jb cddd")
    assert len(said) < 330


@pytest.mark.slow
def test_a_server_tells_what_programs_need() -> None:
    """As one document for programs, as lines to paste for people; its files end with it."""
    with serving("--intercept") as server:
        told = json.loads(pipe(server.stdout).readline())
        program = [sys.executable, "-c", ASKS]
        environ = {**os.environ, **told["environment"], "REPLICATE_API_TOKEN": "t"}
        environ.pop("REPLICATE_BASE_URL", None)
        ran = subprocess.run(program, env={**environ, "MOCKSERVER_URL": told["url"]}, check=False)
        authority = Path(told["ca"])
        assert authority.exists()
        server.terminate()
        _, said = server.communicate(timeout=10)
    assert (ran.returncode, server.returncode) == (0, 0)
    assert f"export HTTPS_PROXY={told['proxy']}" in said
    assert f"export SSL_CERT_FILE={authority}" in said
    assert not authority.exists()
