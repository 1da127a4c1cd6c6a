"""`--data` and `--any-id` on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


ASKS = """\
import os, sys, urllib.request
base, token = os.environ["REPLICATE_BASE_URL"], os.environ["REPLICATE_API_TOKEN"]
asked = urllib.request.Request(base + sys.argv[1], headers={"Authorization": "Bearer " + token})
open("seen", "wb").write(urllib.request.urlopen(asked).read())
"""


@pytest.fixture
def data(folder: Path) -> Path:
    """A data folder that gives an account."""
    own = folder / "own"
    own.mkdir()
    account = {"type": "user", "username": "felt"}
    (own / "account.json").write_text(json.dumps(account), encoding="utf-8")
    return own


def test_a_folder_is_served(command: Callable[..., Result], folder: Path, data: Path) -> None:
    """What it gives stands before what is shipped."""
    seen = command("exec", "--data", str(data), "--", sys.executable, "-c", ASKS, "/account")
    assert seen.exit_code == 0
    assert json.loads((folder / "seen").read_text())["username"] == "felt"


def test_a_settings_file_can_name_the_folder(
    command: Callable[..., Result], folder: Path, data: Path
) -> None:
    """As it can every option of a fake."""
    told = f"data = {str(data)!r}\nany-id = true\n"
    (folder / "mockserver.toml").write_text(told, encoding="utf-8")
    seen = command("exec", "--", sys.executable, "-c", ASKS, "/account")
    assert seen.exit_code == 0
    assert json.loads((folder / "seen").read_text())["username"] == "felt"


def test_broken_data_ends_the_start(command: Callable[..., Result], data: Path) -> None:
    """The message names the file and the key."""
    (data / "hardware.json").write_text('[{"sku": "x"}]', encoding="utf-8")
    seen = command("exec", "--data", str(data), "true")
    assert seen.exit_code == 2
    assert "hardware.json: hardware[0].name: missing" in seen.stderr


def test_a_file_that_means_nothing_is_an_error(command: Callable[..., Result], data: Path) -> None:
    """A name that was mistyped would else be overlooked."""
    (data / "prediction.json").write_text("[]", encoding="utf-8")
    seen = command("exec", "--data", str(data), "true")
    assert (seen.exit_code, "predictions.json" in seen.stderr) == (2, True)


def test_any_id_is_answered(command: Callable[..., Result], folder: Path) -> None:
    """With an example."""
    asked = ("--", sys.executable, "-c", ASKS, "/predictions/nobodys")
    assert command("exec", "--any-id", *asked).exit_code == 0
    assert json.loads((folder / "seen").read_text())["id"] == "nobodys"
