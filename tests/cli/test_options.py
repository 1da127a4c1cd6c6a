"""The shared options: which of their sources speaks, and what they become."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mockserver.cli.options import FAKE, fake_options, own_port_option
from mockserver.service.settings import OutputForm, Settings


@click.command()
@fake_options("host", "port", *FAKE)
def started(settings: Settings, host: str, port: int) -> None:
    """What `serve` would be started with."""
    told = asdict(settings) | {
        "tokens": sorted(settings.tokens),
        "allowed_hosts": sorted(settings.allowed_hosts),
        "allowed_webhooks": sorted(settings.allowed_webhooks),
    }
    click.echo(json.dumps(told | {"host": host, "port": port}))


@click.command()
@own_port_option
@fake_options("host")
def own_port(settings: Settings, host: str, port: int) -> None:
    """What `exec` would be started with."""
    click.echo(json.dumps({"host": host, "port": port, "same": settings == Settings()}))


def run(*arguments: str, command: click.Command = started) -> Result:
    """The command as it ends."""
    return CliRunner().invoke(command, arguments)


def told(*arguments: str, command: click.Command = started) -> dict[str, object]:
    """What the command was started with."""
    seen = run(*arguments, command=command)
    assert seen.exit_code == 0, seen.stderr
    values: dict[str, object] = json.loads(seen.stdout)
    return values


def test_without_options_everything_is_as_a_newcomer_needs_it() -> None:
    """The defaults of the command are those of `Settings`, on 127.0.0.1 port 4010."""
    seen = told()
    expected = asdict(Settings()) | {"tokens": [], "allowed_hosts": [], "allowed_webhooks": []}
    assert seen == expected | {"host": "127.0.0.1", "port": 4010}


@pytest.mark.parametrize(
    ("arguments", "env", "port"),
    [
        (["--port", "1"], {"MOCKSERVER_PORT": "2"}, 1),
        ([], {"MOCKSERVER_PORT": "2"}, 2),
        ([], {}, 3),
    ],
)
def test_flag_before_environment_before_file(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    env: dict[str, str],
    port: int,
) -> None:
    """The strongest source that says something is heard."""
    list(map(monkeypatch.setenv, env, env.values()))
    (folder / "mockserver.toml").write_text("port = 3\n")
    assert told(*arguments)["port"] == port


def test_a_named_file_is_read_instead_of_the_one_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--config` and its twin choose the file."""
    (folder / "mockserver.toml").write_text("port = 3\n")
    (folder / "other.toml").write_text("port = 4\n")
    assert told("--config", "other.toml")["port"] == 4
    monkeypatch.setenv("MOCKSERVER_CONFIG", "other.toml")
    assert told()["port"] == 4


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('token = "a"', "tokens", ["a"]),
        ('token = ["b", "a"]', "tokens", ["a", "b"]),
        ('allowed-host = ["fake.test"]', "allowed_hosts", ["fake.test"]),
        ('allow-webhook = ["10.0.0.0/8"]', "allowed_webhooks", ["10.0.0.0/8"]),
        ('public-url = "https://fake.test"', "public_url", "https://fake.test"),
        ('clock = "scaled:10"', "clock", "scaled:10"),
        ('outputs = "data"', "outputs", OutputForm.DATA),
        ('gateway = "winfull"', "gateway", "winfull"),
        ('scenario = "nsfw"', "scenario", "nsfw"),
        ("seed = 7", "seed", 7),
        ('limits = "told"', "limits", "told"),
        ('run-limit = "canceled"', "run_limit", "canceled"),
        ('retry-after = "off"', "retry_after", False),
        ('api-date = "2024-10"', "api_date", "2024-10"),
        ('host = "[::1]"', "host", "::1"),
    ],
)
def test_the_file_says_what_the_flags_say(
    folder: Path, text: str, key: str, value: object
) -> None:
    """Every flag is a key of the settings file, by the same name."""
    (folder / "mockserver.toml").write_text(text)
    assert told()[key] == value


def test_lists_in_the_environment_are_separated_by_spaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MOCKSERVER_TOKEN holds as many tokens as one likes."""
    monkeypatch.setenv("MOCKSERVER_TOKEN", "a b")
    assert told()["tokens"] == ["a", "b"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "x"],
        ["--host", ""],
        ["--host", "http://localhost"],
        ["--clock", "scaled:fast"],
        ["--scenario", "sad"],
        ["--outputs", "file"],
        ["--public-url", "fake.test"],
        ["--allow-webhook", "http://fake.test"],
        ["--public-url", "https://"],
        ["--api-date", "2024"],
        ["--api-date", "2024-02-30"],
        ["--public-url", "https://fake.test/?a"],
        ["--config", "missing.toml"],
    ],
)
def test_a_value_nobody_can_use_is_refused(arguments: list[str]) -> None:
    """The error names the option, and the value as it was seen."""
    seen = run(*arguments)
    assert seen.exit_code == 2
    assert f"Invalid value for '{arguments[0]}'" in seen.stderr
    assert arguments[1] in seen.stderr


def test_a_command_with_a_port_of_its_own_heeds_the_flag_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `serve` is set to would be in use, for a command that runs beside it."""
    (folder / "mockserver.toml").write_text("port = 3\n")
    monkeypatch.setenv("MOCKSERVER_PORT", "2")
    assert told(command=own_port)["port"] == 0
    assert told("--port", "5", command=own_port)["port"] == 5
    assert told(command=own_port)["same"] is True
