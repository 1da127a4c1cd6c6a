"""`schemas lint`: what a document contradicts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app
from mockserver.library.documents.reading import MAX_BYTES
from mockserver.library.rooms import room


Command = Callable[..., Result]

FILL: Final = (room("fixtures") / "docs" / "winfull" / "flux-fill-dev.page.txt").read_text(
    encoding="utf-8"
)
CONSISTENT: Final = (
    "POST https://a.example/v1/models/acme/a/predictions\nprompt string 必需\n"
    '示例\n{"input": {"prompt": "a b"}}\n返回\n🟢201 🔴401\n'
    "GET https://a.example/v1/predictions/{id}\n🟢200 🔴404\n"
    "POST https://a.example/v1/predictions/{id}/cancel\n🟢200 🔴404\n"
)


@pytest.fixture
def page(folder: Path) -> Path:
    """A page that contradicts itself, in the folder that commands run in."""
    path = folder / "fill.txt"
    path.write_text(FILL, encoding="utf-8")
    return path


def test_findings_are_a_table_and_exit_code_1(command: Command, page: Path) -> None:
    """Where, which rule, what was expected and what was seen."""
    seen = command("schemas", "lint", page.name)
    lines = seen.stdout.splitlines()
    assert seen.exit_code == 1
    assert lines[0].split()[:3] == ["WHERE", "CODE", "SEVERITY"]
    (echo,) = [line.split() for line in lines if "D211" in line]
    assert (echo[0], echo[2], echo[-2:]) == ("fill.txt:49", "must", ["2", "1"])
    assert "7 found in 1 document, of 7 kinds" in seen.stderr


def test_nothing_found_is_exit_code_0(command: Command, folder: Path) -> None:
    """Then there is no table."""
    (folder / "page.txt").write_text(CONSISTENT, encoding="utf-8")
    seen = command("schemas", "lint", "page.txt", "page.txt")
    assert (seen.exit_code, seen.stdout) == (0, "")
    assert "Nothing found in 1 document." in seen.stderr


def test_programs_get_json(command: Command, page: Path) -> None:
    """Each finding in full, as one document on stdout."""
    seen = command("schemas", "lint", page.name, "--json")
    found = {one["code"]: one for one in json.loads(seen.stdout)}
    assert seen.exit_code == 1
    assert found["D211"] == {
        "document": "fill.txt",
        "line": 49,
        "pointer": "/input/num_outputs",
        "code": "D211",
        "severity": "must",
        "title": "The input that a response shows is that of the request",
        "expected": 2,
        "seen": 1,
        "source": "the document itself",
    }


def test_documents_are_judged_together(command: Command, page: Path, folder: Path) -> None:
    """What only shows beside another one is told as well."""
    (folder / "other.txt").write_text(FILL.replace("aiapi.", "api."), encoding="utf-8")
    seen = command("schemas", "lint", page.name, "other.txt")
    assert {"D261", "D262"} <= set(seen.stdout.split())
    assert "in 2 documents" in seen.stderr


def test_a_document_comes_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the name stdin."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(FILL.encode())))
    seen = CliRunner().invoke(app, ["schemas", "lint", "-"], input=FILL)
    assert seen.exit_code == 1
    assert "stdin:49" in seen.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"nothing", "expected an OpenAPI document"),
        (b"\xff", "expected UTF-8 text"),
        (b" " * (MAX_BYTES + 1), "bytes, seen more"),
        (b'{"a":' * 1000, "levels of JSON"),
        (b"openapi: 3.0.0\nx-a: &a [x]\nx-b: *a\n", "page.txt:3: expected no alias"),
    ],
)
def test_what_cannot_be_read_is_exit_code_2(
    command: Command, folder: Path, content: bytes, expected: str
) -> None:
    """The error says what is wrong; nothing is on stdout."""
    (folder / "page.txt").write_bytes(content)
    seen = command("schemas", "lint", "page.txt")
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert expected in seen.stderr


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_what_is_no_file_is_exit_code_2(command: Command, name: str) -> None:
    """A document that is not there, or a folder."""
    assert command("schemas", "lint", name).exit_code == 2


def test_a_page_cannot_speak_to_the_terminal(command: Command, folder: Path) -> None:
    """What a terminal would obey is not printed."""
    text = FILL.replace('"num_outputs": 1', '"num_outputs": "\\u001b[31mred\\n' + "x" * 99 + '"')
    (folder / "page.txt").write_text(text, encoding="utf-8")
    seen = command("schemas", "lint", "page.txt")
    assert "\x1b" not in seen.stdout
    assert "…" in seen.stdout


def test_findings_are_shown_beside_the_lines_of_the_document(command: Command, page: Path) -> None:
    """As GitHub shows them, and as code scanners do."""
    seen = command("schemas", "lint", page.name, "--report", "github", "--report", "sarif=a.sarif")
    assert seen.exit_code == 1
    assert "::error file=fill.txt,line=49,title=D211 " in seen.stdout
    (run,) = json.loads((page.parent / "a.sarif").read_text())["runs"]
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    assert len(places) == 7
    assert {one["artifactLocation"]["uri"] for one in places} == {"fill.txt"}
    assert 49 in [one["region"]["startLine"] for one in places]


def test_a_report_has_a_case_for_each_document(command: Command, page: Path, folder: Path) -> None:
    """Those in which nothing was found have passed; the table is shown as ever."""
    (folder / "fine.txt").write_text(CONSISTENT, encoding="utf-8")
    seen = command("schemas", "lint", "fine.txt", page.name, "--report", "junit=a.xml")
    assert "WHERE" in seen.stdout
    text = (folder / "a.xml").read_text()
    assert '<testsuite name="fine.txt, fill.txt"' in text
    assert text.count("<testcase ") == 2
    assert text.count("<failure ") == 1
    assert 'value="mockserver schemas lint fine.txt fill.txt"' in text
