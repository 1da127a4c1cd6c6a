"""Running the command in this process, away from the settings of whoever runs the tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app


Command = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, with no setting in the environment."""
    for name in [name for name in os.environ if name.startswith("MOCKSERVER_")]:
        monkeypatch.delenv(name)
    # The programs that tests start find the checkout, whether or not it is installed.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tour that looks again at once, not four times a second."""
    monkeypatch.setattr("mockserver.cli.tour.POLL_S", 0.001)


@pytest.fixture
def command() -> Command:
    """`mockserver` with these arguments."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, prog_name="mockserver")

    return run
