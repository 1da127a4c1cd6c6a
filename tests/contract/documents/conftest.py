"""Pages to judge, and the judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from mockserver.contract.documents.drafts import Draft, draft, files
from mockserver.contract.documents.lint import lint
from mockserver.contract.documents.remark import Remark
from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.told import About
from mockserver.library.documents.reading import read_page


Judge = Callable[..., tuple[Remark, ...]]
PageText = Callable[[str], str]
Drafter = Callable[..., tuple[Draft, Mapping[str, str]]]

PAGES: Final = Path(__file__).parent / "pages"
FURTHER: Final = Path(__file__).parent / "further"
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


@pytest.fixture(scope="session")
def drafted() -> Drafter:
    """What is derived from the pages at these paths, and the files that it makes."""

    def derived(*paths: Path, about: About | None = None) -> tuple[Draft, Mapping[str, str]]:
        texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
        pages = [read_page(text.encode(), name) for name, text in texts.items()]
        made = draft(pages, about or About(), CATALOGUE, dict.fromkeys(texts, "2026-07-01"))
        return made, files(made, texts)

    return derived
