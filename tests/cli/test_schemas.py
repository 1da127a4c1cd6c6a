"""`schemas`: what is known, for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.library.catalogue import Catalogue


def test_what_is_listed_can_be_shown(command: Callable[..., Result]) -> None:
    """Every model, gateway and part is listed, and is JSON when shown."""
    entries = json.loads(command("schemas", "list", "--json").stdout)
    names = [entry["name"] for entry in entries]
    data = Catalogue()
    assert {model.full_name for model in data.models()} <= set(names)
    assert set(data.gateway_names()) <= set(names)
    shown = [command("schemas", "show", name) for name in names]
    assert [seen.exit_code for seen in shown] == [0] * len(names)
    assert all(isinstance(json.loads(seen.stdout), dict) for seen in shown)


def test_a_person_gets_a_table(command: Callable[..., Result]) -> None:
    """The names stand first, one in each line."""
    rows = command("schemas", "list").stdout.splitlines()
    assert rows[0].split() == ["NAME", "KIND", "TITLE"]
    assert "replicate" in [row.split()[0] for row in rows]


def test_the_last_part_of_a_models_name_is_enough(command: Callable[..., Result]) -> None:
    """As long as it is the only one called so."""
    full = command("schemas", "show", "black-forest-labs/flux-fill-dev")
    assert command("schemas", "show", "flux-fill-dev").stdout == full.stdout


def test_export_writes_a_document_for_each_gateway(
    command: Callable[..., Result], folder: Path
) -> None:
    """What is exported is what is kept; a second time there is nothing to write."""
    names = {f"{name}.openapi.json" for name in Catalogue().gateway_names()}
    first = command("schemas", "export", "out")
    assert {path.name for path in (folder / "out").iterdir()} == names
    assert len(first.stdout.splitlines()) == len(names)
    again = command("schemas", "export", "out", "--json")
    assert json.loads(again.stdout) == {"written": []}
    assert "Every document is as" in command("schemas", "export", "out").stderr


def test_a_folder_that_cannot_be_written_is_told(
    command: Callable[..., Result], folder: Path
) -> None:
    """Exit code 2, with the path."""
    (folder / "taken").write_text("")
    seen = command("schemas", "export", "taken/below")
    assert seen.exit_code == 2
    assert "taken/below" in seen.stderr


def test_a_stale_document_is_found_and_left_alone(
    command: Callable[..., Result], folder: Path
) -> None:
    """`--check` names what is stale, exits 1 and writes nothing."""
    command("schemas", "export", "out")
    stale = folder / "out" / "replicate.openapi.json"
    stale.write_text("{}\n")
    seen = command("schemas", "export", "--check", "out")
    assert (seen.exit_code, seen.stdout) == (1, "out/replicate.openapi.json\n")
    assert "mockserver schemas export" in seen.stderr
    assert stale.read_text() == "{}\n"


def test_the_kept_documents_are_up_to_date(command: Callable[..., Result]) -> None:
    """Whoever changes a profile or a model writes the documents anew: `make schemas`."""
    seen = command("schemas", "export", "--check", "--json")
    assert json.loads(seen.stdout) == {"stale": []}
    assert seen.exit_code == 0


@pytest.mark.parametrize(("begun", "offered"), [("flux-kon", 1), ("winfull", 2)])
def test_names_are_offered_to_a_completing_shell(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, begun: str, offered: int
) -> None:
    """What begins as typed is offered."""
    monkeypatch.setenv("_MOCKSERVER_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"mockserver schemas show {begun}")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert len(command().stdout.split()) == offered
