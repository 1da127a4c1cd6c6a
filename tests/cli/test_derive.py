"""`schemas derive`: from a gateway's page to a fake of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final

import httpx
import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app
from mockserver.library.catalogue import Catalogue
from mockserver.library.rooms import room


Command = Callable[..., Result]

PAGE: Final = (
    "# Clip\n\nPOST https://api.clip.example/v1/models/acme/clip/predictions\n\n"
    "prompt string required\nseconds integer optional Length, 1 to 10. Default: 5\n"
    'Example\n{"input": {"prompt": "a sail", "seconds": 12}}\n'
    "Response 201\n"
    '{"id": "c1", "status": "starting", "input": {"prompt": "a sail", "seconds": 12}}\n'
)
WRITTEN: Final = [
    "models/acme/clip.json",
    "gateways/clip.toml",
    "docs/clip/clip.json",
    "docs/clip/clip.page.txt",
    "docs/clip/contradictions.toml",
]
ROOT: Final = room("schemas").parent
NOON: Final = int(datetime(2026, 2, 3, 12, tzinfo=UTC).timestamp())


@pytest.fixture
def page(folder: Path) -> Path:
    """A page that was saved on a day in February, in the folder that commands run in."""
    path = folder / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    os.utime(path, (NOON, NOON))
    return path


def test_a_page_becomes_a_folder_that_can_be_served(
    command: Command, page: Path, folder: Path
) -> None:
    """Five files; what comes next is told."""
    seen = command("schemas", "derive", page.name)
    assert (seen.exit_code, seen.stdout.split()) == (0, [f"derived/{name}" for name in WRITTEN])
    assert "1 document" in seen.stderr
    assert "`mockserver serve --data derived --gateway clip` serves it." in seen.stderr
    data = Catalogue(data=folder / "derived")
    data.check_given()
    assert data.gateway("clip").hosts == ("api.clip.example",)
    assert data.model("acme/clip") is not None


def test_in_a_checkout_files_go_where_their_neighbours_are(
    command: Command, page: Path, folder: Path
) -> None:
    """Schemas and fixtures have rooms of their own there."""
    (folder / "schemas").mkdir()
    (folder / "fixtures").mkdir()
    command("schemas", "derive", page.name, "--output", ".")
    assert (folder / "schemas" / "gateways" / "clip.toml").is_file()
    assert (folder / "fixtures" / "docs" / "clip" / "clip.json").is_file()
    assert command("schemas", "derive", page.name, "--check", ".").exit_code == 0


def test_the_day_it_was_read_is_that_on_which_it_was_saved(
    command: Command, page: Path, folder: Path
) -> None:
    """Or the one that is said."""
    fixture = folder / "derived" / "docs" / "clip" / "clip.json"
    command("schemas", "derive", page.name)
    assert json.loads(fixture.read_text("utf-8"))["read"] == "2026-02-03"
    command("schemas", "derive", page.name, "--read", "2025-12-31", "--force")
    assert json.loads(fixture.read_text("utf-8"))["read"] == "2025-12-31"


def test_a_page_comes_from_stdin(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """If it is said when it was read, which nobody else knows."""
    arguments = ["schemas", "derive", "-", "--output", "out"]
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(PAGE.encode())))
    refused = CliRunner().invoke(app, arguments, input=PAGE)
    assert (refused.exit_code, "--read DATE" in refused.stderr) == (2, True)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(PAGE.encode())))
    taken = CliRunner().invoke(app, [*arguments, "--read", "2026-01-01"], input=PAGE)
    assert taken.exit_code == 0
    assert (folder / "out" / "gateways" / "clip.toml").is_file()


def test_programs_get_every_fact_with_its_place(command: Command, page: Path) -> None:
    """One document on stdout: files, facts, contradictions."""
    seen = command("schemas", "derive", page.name, "--json")
    told = json.loads(seen.stdout)
    assert told["written"] == [f"derived/{name}" for name in WRITTEN]
    facts = {one["key"]: one for one in told["facts"]}
    assert facts["Input.properties.seconds.maximum"] == {
        "file": "models/acme/clip.json",
        "key": "Input.properties.seconds.maximum",
        "value": 10,
        "assumed": None,
        "from": [
            {
                "document": "clip/clip",
                "page": "page.md",
                "line": 6,
                "pointer": "",
                "ground": "prose",
            }
        ],
    }
    assert facts["get.status"]["assumed"] == "upstream's answer, relayed"
    assert facts["get.status"]["from"] == []
    assert {"D201", "D224", "D225"} <= {one["code"] for one in told["contradictions"]}


def test_what_is_there_is_not_replaced(command: Command, page: Path, folder: Path) -> None:
    """Unless it is said; what is the same is left alone, and nothing is written by halves."""
    command("schemas", "derive", page.name)
    again = command("schemas", "derive", page.name)
    assert (again.exit_code, again.stdout) == (0, "")
    model = folder / "derived" / "models" / "acme" / "clip.json"
    (folder / "derived" / "gateways" / "clip.toml").unlink()
    model.write_text("edited", encoding="utf-8")
    refused = command("schemas", "derive", page.name)
    assert (refused.exit_code, model.read_text("utf-8")) == (2, "edited")
    assert "derived/models/acme/clip.json exists; --force replaces it" in refused.stderr
    assert not (folder / "derived" / "gateways" / "clip.toml").exists()
    assert command("schemas", "derive", page.name, "--force").exit_code == 0
    assert model.read_text("utf-8") != "edited"
    assert [path for path in folder.rglob(".*") if path.is_file()] == []


def test_names_can_be_given(command: Command, folder: Path) -> None:
    """Where a page names no model, and no host."""
    text = PAGE.replace("https://api.clip.example/v1/models/acme/clip/", "/v1/")
    (folder / "page.md").write_text(text, encoding="utf-8")
    named = ("--gateway", "mine", "--model", "acme/film", "--origin", "https://gate.example/api")
    seen = command("schemas", "derive", "page.md", *named)
    assert seen.exit_code == 0, seen.stderr
    data = Catalogue(data=folder / "derived")
    assert data.gateway("mine").base_path == "/api/v1"
    assert data.model("acme/film") is not None


@pytest.mark.parametrize(
    ("arguments", "text", "expected"),
    [
        ((), "nothing", "expected an OpenAPI document"),
        ((), PAGE.replace("/models/acme/clip/", "/"), "expected a model, OWNER/NAME"),
        ((), PAGE.replace("https://api.clip.example", ""), "with --origin"),
        ((), PAGE.replace("/v1/models", "/models"), "expected a path before /models"),
        ((), PAGE.replace("POST", "GET"), "expected a call that creates a prediction"),
        ((), PAGE.replace("api.clip.example", "api.replicate.dev"), "call it otherwise"),
        (("--gateway", "anyapi"), PAGE, "which is the gateway at www.anyapi.vip"),
        (("--gateway", "A b"), PAGE, "is not a name such as my-gateway"),
        (("--model", "clip"), PAGE, "is not OWNER/NAME"),
        (("--read", "yesterday"), PAGE, "is not a day such as"),
        (("--origin", "gate.example"), PAGE, "expected https://host"),
    ],
)
def test_what_cannot_be_derived_is_told(
    command: Command, folder: Path, arguments: tuple[str, ...], text: str, expected: str
) -> None:
    """Exit code 2, what was expected and seen, and nothing is written."""
    (folder / "page.md").write_text(text, encoding="utf-8")
    seen = command("schemas", "derive", "page.md", *arguments)
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert expected in seen.stderr
    assert not (folder / "derived").exists()


def test_two_pages_cannot_be_one_document(command: Command, page: Path, folder: Path) -> None:
    """Each has a file of its own."""
    (folder / "other.md").write_text(PAGE, encoding="utf-8")
    seen = command("schemas", "derive", page.name, "other.md")
    assert seen.exit_code == 2
    assert "seen clip/clip, as page.md is" in seen.stderr


def test_a_page_that_looks_only_joins_its_gateway(
    command: Command, page: Path, folder: Path
) -> None:
    """How to look at a prediction may stand on a page of its own."""
    query = (
        'GET https://api.clip.example/v1/predictions/{id}\n🟢200\n{"id": "c1", "status": "x"}\n'
    )
    (folder / "query.md").write_text(query, encoding="utf-8")
    seen = command("schemas", "derive", page.name, "query.md", "--read", "2026-01-01")
    assert seen.exit_code == 0, seen.stderr
    profile = (folder / "derived" / "gateways" / "clip.toml").read_text("utf-8")
    assert '# clip/query:1\nget = "documented"' in profile
    assert (folder / "derived" / "docs" / "clip" / "query.page.txt").read_text("utf-8") == query


def test_the_five_documents_are_checked(command: Command) -> None:
    """As CI does it."""
    pages = [str(path) for path in sorted(ROOT.glob("fixtures/docs/*/*.page.txt"))]
    seen = command("schemas", "derive", *pages, "--check", str(ROOT))
    assert (seen.exit_code, seen.stdout) == (0, "")
    assert "What is kept of 5 documents is what they say." in seen.stderr


def test_differences_are_a_table_and_exit_code_1(
    command: Command, page: Path, folder: Path
) -> None:
    """Where the page says it, and which file keeps something else; programs get JSON."""
    command("schemas", "derive", page.name)
    page.write_text(PAGE.replace("1 to 10", "1 to 15"), encoding="utf-8")
    seen = command("schemas", "derive", page.name, "--check", "derived")
    lines = seen.stdout.splitlines()
    assert seen.exit_code == 1
    assert lines[0].split() == ["VERDICT", "WHERE", "FILE", "KEY", "KEPT", "SAID"]
    (maximum,) = [line.split() for line in lines if "seconds.maximum" in line]
    assert maximum[-2:] == ["10", "15"]
    assert "page.md:6" in maximum
    assert "differences between 1 document" in seen.stderr
    told = command("schemas", "derive", page.name, "--check", "derived", "--json")
    assert (told.exit_code, json.loads(told.stdout)[0]["verdict"]) == (1, "not said")
    assert (folder / "derived" / "gateways" / "clip.toml").exists()


def test_what_is_kept_from_elsewhere_is_counted(
    command: Command, page: Path, folder: Path
) -> None:
    """It is no difference."""
    command("schemas", "derive", page.name)
    model = folder / "derived" / "models" / "acme" / "clip.json"
    whole = json.loads(model.read_text("utf-8"))
    seconds = whole["Input"]["properties"]["seconds"]
    seconds["maximum"] = 60
    seconds["x-source"] = [
        it | {"from": "upstream, its API schema"} if it["constraint"] == "maximum" else it
        for it in seconds["x-source"]
    ]
    model.write_text(json.dumps(whole), encoding="utf-8")
    seen = command("schemas", "derive", page.name, "--check", "derived")
    assert seen.exit_code == 0
    assert "1 fact is kept from elsewhere, where a document says otherwise." in seen.stderr


@pytest.mark.slow
def test_a_derived_gateway_is_served_by_a_program_of_its_own(
    command: Command, page: Path, folder: Path
) -> None:
    """One command to derive it, one to serve it; a prediction is made and ends."""
    assert command("schemas", "derive", page.name).exit_code == 0
    arguments = ("--data", "derived", "--gateway", "clip", "--clock", "poll", "--port", "0")
    program = [sys.executable, "-m", "mockserver", "serve", *arguments, "--json"]
    with subprocess.Popen(
        program, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            with httpx.Client(base_url=f"{url}/v1", headers={"Authorization": "Bearer me"}) as api:
                asked = {"input": {"prompt": "a sail", "seconds": 5}}
                made = api.post("/models/acme/clip/predictions", json=asked)
                assert (made.status_code, list(made.json())) == (201, ["id", "status", "input"])
                wrong = {"input": {"prompt": "a sail", "seconds": 12}}
                assert api.post("/models/acme/clip/predictions", json=wrong).status_code == 422
                looks = [api.get(f"/predictions/{made.json()['id']}").json() for _ in range(9)]
                assert looks[-1]["status"] == "succeeded"
        finally:
            server.kill()
