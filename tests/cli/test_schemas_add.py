"""`schemas add`: a model of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click.testing import Result

from mockserver.library.catalogue import Catalogue
from mockserver.library.model_files import load_model
from mockserver.library.models import OutputKind


Command = Callable[..., Result]

COG: Final = {
    "components": {
        "schemas": {
            "Input": {"type": "object", "properties": {"prompt": {"type": "string"}}},
            "Output": {"type": "array", "items": {"type": "string", "format": "uri"}},
        }
    }
}


@pytest.fixture
def cog(folder: Path) -> str:
    """A document in the folder that commands run in."""
    (folder / "cog.json").write_text(json.dumps(COG))
    return "cog.json"


def test_a_model_is_added(command: Command, folder: Path, cog: str) -> None:
    """Below the data folder; the path is what the command prints."""
    seen = command("schemas", "add", "acme/painter", "--openapi", cog, "--data", "mine")
    assert (seen.exit_code, seen.stdout) == (0, "mine/models/acme/painter.json\n")
    model = load_model(folder / "mine" / "models" / "acme" / "painter.json")
    assert (model.full_name, model.output_kind) == ("acme/painter", OutputKind.FILES)
    assert model.official
    assert "mockserver serve --data mine" in seen.stderr
    assert "cog.json" in (folder / seen.stdout.strip()).read_text()


def test_programs_get_json(command: Command, cog: str) -> None:
    """One document on stdout."""
    seen = command("schemas", "add", "acme/painter", "--openapi", cog, "--data", "mine", "--json")
    assert json.loads(seen.stdout) == {"written": ["mine/models/acme/painter.json"]}


def test_without_a_folder_it_joins_the_models_that_ship(
    command: Command, monkeypatch: pytest.MonkeyPatch, folder: Path, cog: str
) -> None:
    """Where the catalogue finds it."""
    monkeypatch.setattr("mockserver.library.rooms.room", lambda name: folder / name)
    assert command("schemas", "add", "acme/painter", "--openapi", cog).exit_code == 0
    assert Catalogue(schemas=folder / "schemas").model("acme/painter") is not None


def test_what_is_there_is_not_replaced(command: Command, folder: Path, cog: str) -> None:
    """Unless it is said."""
    arguments = ("schemas", "add", "acme/painter", "--openapi", cog, "--data", "mine")
    command(*arguments)
    path = folder / "mine" / "models" / "acme" / "painter.json"
    path.write_text("edited")
    seen = command(*arguments)
    assert (seen.exit_code, path.read_text()) == (2, "edited")
    assert "--force replaces it" in seen.stderr
    assert command(*arguments, "--force", "--versioned").exit_code == 0
    assert not load_model(path).official


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("painter", json.dumps(COG), "is not OWNER/NAME"),
        ("../painter", json.dumps(COG), "is not OWNER/NAME"),
        ("a/../b", json.dumps(COG), "is not OWNER/NAME"),
        ("a/b", "{", "expected JSON"),
        ("a/b", "{}", "expected an OpenAPI document"),
    ],
)
def test_what_cannot_be_added_is_told(
    command: Command, folder: Path, name: str, text: str, said: str
) -> None:
    """Exit code 2, and nothing is written."""
    (folder / "cog.json").write_text(text)
    seen = command("schemas", "add", name, "--openapi", "cog.json", "--data", "mine")
    assert seen.exit_code == 2
    assert said in seen.stderr
    assert not (folder / "mine").exists()
