"""What the documents say is true: their Python runs, their links lead somewhere."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")

SYBIL = Sybil(parsers=[PythonCodeBlockParser()], path=str(ROOT), pattern="*.md")
EXAMPLES = tuple(chain.from_iterable(SYBIL.parse(path).examples() for path in DOCUMENTS))


def named(value: object) -> str:
    """A document or an example of one, as it is told in a test's name."""
    if isinstance(value, Example):
        return f"{Path(value.path).relative_to(ROOT).as_posix()}:{value.line}"
    return str(Path(str(value)).relative_to(ROOT))


def test_there_are_documents() -> None:
    """A reader has somewhere to begin."""
    assert ROOT / "README.md" in DOCUMENTS


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_python_of_the_documents_runs(example: Example) -> None:
    """Each Python block runs as it stands, after the ones above it in its document."""
    example.evaluate()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_to_files(document: Path) -> None:
    """Each link to a file of the project finds it."""
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
