"""The command itself: what it offers, how it fails, and what it costs to ask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from click.testing import Result

import mockserver
from mockserver.cli import main as cli


HEAVY = ("PIL", "asyncio", "flask", "httpx", "jsonschema", "jsonschema_rs", "orjson", "uvloop")

MODULES_OF_HELP = """\
import sys
from mockserver.cli.main import app
app(["--help"], standalone_mode=False)
print(*sorted(sys.modules), file=sys.stderr)
"""


def test_python_m_is_the_same_command() -> None:
    """`python -m mockserver --version` tells the version on stdout."""
    seen = subprocess.run(
        [sys.executable, "-m", "mockserver", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == f"mockserver {mockserver.__version__}\n"


@pytest.mark.parametrize("name", ["completion", "demo", "doctor", "exec", "schemas", "serve"])
def test_help_offers_every_command(command: Callable[..., Result], name: str) -> None:
    """`--help` names each command, and each has a help of its own."""
    assert f"\n  {name} " in command("--help").stdout
    assert command(name, "--help").exit_code == 0


def test_help_imports_nothing_heavy() -> None:
    """Asking for help costs little more than click: the rest is imported by who needs it."""
    seen = subprocess.run(
        [sys.executable, "-c", MODULES_OF_HELP], capture_output=True, text=True, check=True
    )
    assert set(HEAVY) & set(seen.stderr.split()) == set()


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["serv"], "serve"),
        (["serve", "--sede", "1"], "--seed"),
        (["serve", "--gateway", "winful"], "winfull"),
        (["exec", "--scenario", "hapy", "true"], "happy"),
        (["demo", "--gateway", "quickroute"], "quickrouter"),
        (["serve", "--clock", "manul"], "manual"),
        (["schemas", "show", "predicton"], "prediction"),
    ],
)
def test_a_misspelled_name_is_told_with_the_nearest(
    command: Callable[..., Result], arguments: list[str], near: str
) -> None:
    """Whatever nobody is called ends with exit code 2 and a guess at what was meant."""
    seen = command(*arguments)
    assert seen.exit_code == 2
    assert f"Did you mean '{near}'?" in seen.stderr
    assert seen.stdout == ""


@pytest.mark.parametrize(
    ("raised", "code", "says"),
    [
        (click.Abort(), 130, ""),
        (click.ClickException("so it is"), 1, "Error: so it is\n"),
        (click.UsageError("not so"), 2, "Error: not so\n"),
    ],
)
def test_the_exit_code_tells_what_happened(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: Exception,
    code: int,
    says: str,
) -> None:
    """130 for Ctrl-C; else what the error says, in words on stderr."""

    def fails(**_: object) -> None:
        raise raised

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == code
    assert capsys.readouterr().err == says
