"""The settings file: where it is found, what it may say, how it is told that it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.cli import config
from mockserver.cli.output import Failure


def test_the_nearest_file_upward_is_taken(folder: Path) -> None:
    """A file in the folder itself comes before one above it."""
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (folder / "mockserver.toml").write_text("port = 1\n")
    assert config.found(below) == (folder / "mockserver.toml", {"port": 1})
    (below / "pyproject.toml").write_text("[tool.mockserver]\nport = 2\n")
    assert config.found(below) == (below / "pyproject.toml", {"port": 2})


def test_our_own_file_comes_before_the_projects(folder: Path) -> None:
    """Where both are, `mockserver.toml` speaks."""
    (folder / "mockserver.toml").write_text("port = 1\n")
    (folder / "pyproject.toml").write_text("[tool.mockserver]\nport = 2\n")
    assert config.found(folder) == (folder / "mockserver.toml", {"port": 1})


@pytest.mark.parametrize(
    "text",
    ["", "[project]\nname = 'x'\n", "not TOML at all", "[project]\nname = 'mockserver'\n"],
)
def test_a_project_that_has_no_table_of_ours_is_passed_by(folder: Path, text: str) -> None:
    """A pyproject.toml without [tool.mockserver] is not ours to judge."""
    (folder / "pyproject.toml").write_text(text)
    assert config.found(folder) is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("mockserver.toml", "port = ", "mockserver.toml: expected TOML"),
        ("mockserver.toml", b"\xff", "mockserver.toml: the settings could not be read"),
        ("pyproject.toml", "tool.mockserver = 3", "tool.mockserver: expected a table"),
        ("pyproject.toml", "[project]", "expected a table [tool.mockserver], seen none"),
    ],
)
def test_a_broken_file_is_told_by_name(
    folder: Path, name: str, text: str | bytes, says: str
) -> None:
    """What cannot be read is an error that names the file, never an empty setting."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Failure) as failed:
        config.read(path)
    assert says in failed.value.message
    assert failed.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", "unknown key 'prot'"),
        ("public_url = 'https://a'", "Did you mean 'public-url'?"),
        ("config = 'x'", "unknown key 'config'"),
        ("port = 'x'", "port: 'x' is not a valid integer"),
        ("port = 70000", "port: 70000 is not in the range"),
        ("port = true", "port: expected a text or a number, seen True"),
        ("gateway = ['winfull']", "gateway: expected a text or a number"),
        ("gateway = 'winful'", "gateway: no gateway is named 'winful'"),
        ("token = [1]", "token: expected a list of texts, seen [1]"),
        ("token = 1", "token: expected a list of texts, seen 1"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(
    command: Callable[..., Result], folder: Path, text: str, says: str
) -> None:
    """The error names the file and the key, and the command does not start."""
    path = folder / "mockserver.toml"
    path.write_text(text)
    seen = command("serve")
    assert seen.exit_code == 2
    assert str(path) in seen.stderr
    assert says in seen.stderr
