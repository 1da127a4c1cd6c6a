"""Pages to judge, and the judge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from mockserver.contract.documents.lint import lint
from mockserver.contract.documents.remark import Remark
from mockserver.library.catalogue import Catalogue
from mockserver.library.documents.reading import read_page


Judge = Callable[..., tuple[Remark, ...]]
PageText = Callable[[str], str]

PAGES: Final = Path(__file__).parent / "pages"
CATALOGUE: Final = Catalogue()


@pytest.fixture(scope="session")
def judge() -> Judge:
    """What is found in these texts, each called after its place among them, from 0."""

    def judged(*texts: str) -> tuple[Remark, ...]:
        pages = [read_page(text.encode(), str(at)) for at, text in enumerate(texts)]
        return lint(pages, CATALOGUE)

    return judged


@pytest.fixture(scope="session")
def page_text() -> PageText:
    """A page that contradicts nothing, by the name of its file."""

    def read(name: str) -> str:
        return (PAGES / name).read_text(encoding="utf-8")

    return read
