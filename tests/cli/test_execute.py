"""`exec`: a program runs against a fake of its own, as if it ran alone."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.cli import execute
from mockserver.cli.execute import environment


URL = "http://127.0.0.1:4010"

ASKS = """\
import json, os, urllib.request
base, token = os.environ["REPLICATE_BASE_URL"], os.environ["REPLICATE_API_TOKEN"]
asked = urllib.request.Request(base + "/predictions", headers={"Authorization": "Bearer " + token})
open("seen", "wb").write(urllib.request.urlopen(asked).read())
"""

WAITS = """\
import signal, sys
signal.signal(signal.SIGTERM, lambda number, _: sys.exit(40 + number))
print("waits", flush=True)
signal.pause()
"""


def test_the_program_finds_the_fake(command: Callable[..., Result], folder: Path) -> None:
    """What it finds in its environment is a server that accepts the token."""
    seen = command("exec", "--", sys.executable, "-c", ASKS)
    assert seen.exit_code == 0
    assert json.loads((folder / "seen").read_text())["results"] == []
    assert seen.stdout == ""


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (["sh", "-c", "exit 0"], 0),
        (["sh", "-c", "exit 42"], 42),
        (["sh", "-c", "kill -TERM $$"], 128 + signal.SIGTERM),
        (["there-is-no-such-program"], 127),
        (["/"], 126),
    ],
)
def test_it_exits_as_the_program_does(
    command: Callable[..., Result], program: list[str], code: int
) -> None:
    """The program's own code; 128 and the signal; 127 not found; 126 not executable."""
    assert command("exec", "--", *program).exit_code == code


def test_options_after_the_program_are_the_programs(command: Callable[..., Result]) -> None:
    """Nothing behind the program's name is read by us, with or without `--`."""
    assert command("exec", "sh", "-c", "exit 3").exit_code == 3


def test_a_program_is_needed(command: Callable[..., Result]) -> None:
    """`exec` alone is a usage error."""
    assert command("exec").exit_code == 2


@pytest.mark.slow
def test_a_signal_is_passed_on_to_the_program() -> None:
    """Who stops us stops the program, which ends in its own way."""
    program = [sys.executable, "-m", "mockserver", "exec", "--", sys.executable, "-c", WAITS]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        assert ours.stdout.readline() == "waits\n"
        ours.terminate()
        assert ours.wait(10) == 40 + signal.SIGTERM


@pytest.mark.parametrize(("in_foreground", "passed_on"), [(True, []), (False, [signal.SIGINT])])
def test_what_the_terminal_sends_to_both_is_not_sent_twice(
    monkeypatch: pytest.MonkeyPatch,
    in_foreground: bool,  # noqa: FBT001
    passed_on: list[int],
) -> None:
    """Ctrl-C reaches a program in the foreground by itself, and one in the background by us."""
    sent: list[int] = []
    with subprocess.Popen([sys.executable, "-c", ""]) as program:
        monkeypatch.setattr(execute, "_in_foreground", lambda: in_foreground)
        monkeypatch.setattr(program, "send_signal", sent.append)
        with execute._forwarding(program):  # noqa: SLF001 - no terminal can be had here
            signal.raise_signal(signal.SIGINT)
    assert sent == passed_on


@pytest.mark.parametrize(("group", "in_foreground"), [(os.getpgrp(), True), (-1, False)])
def test_the_foreground_is_whom_the_terminal_says(
    monkeypatch: pytest.MonkeyPatch,
    group: int,
    in_foreground: bool,  # noqa: FBT001
) -> None:
    """Keys reach the group that the terminal serves."""
    monkeypatch.setattr("os.tcgetpgrp", lambda _: group)
    assert execute._in_foreground() is in_foreground  # noqa: SLF001 - as above


def test_without_a_terminal_nobody_is_in_its_foreground(monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI every signal is passed on."""

    def no_terminal(_: int) -> int:
        raise OSError(errno.ENOTTY, "not a terminal")

    monkeypatch.setattr("os.tcgetpgrp", no_terminal)
    assert execute._in_foreground() is False  # noqa: SLF001 - as above


def test_no_variable_of_a_client_leads_elsewhere() -> None:
    """Tokens and addresses that clients read are all the fake's."""
    seen = environment(URL, "t", {"REPLICATE_API_KEY": "a real one"})
    assert {seen["REPLICATE_API_TOKEN"], seen["REPLICATE_API_KEY"]} == {"t"}
    assert {seen["REPLICATE_BASE_URL"], seen["REPLICATE_API_BASE"]} == {f"{URL}/v1"}
    assert seen["MOCKSERVER_URL"] == URL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "a.test, localhost"}, "a.test,localhost,127.0.0.1,::1"),
        ({"no_proxy": "b.test", "NO_PROXY": "a.test"}, "b.test,127.0.0.1,localhost,::1"),
    ],
)
def test_loopback_is_excepted_from_proxies(before: dict[str, str], after: str) -> None:
    """What was excepted stays so; the lower-case name is heard first, as most clients do."""
    seen = environment(URL, "t", before)
    assert (seen["NO_PROXY"], seen["no_proxy"]) == (after, after)
