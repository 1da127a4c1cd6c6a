"""Pages to derive from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.profile_text import profile_text
from mockserver.library.deriving.profiles import ProfileDraft, checked, profile_draft
from mockserver.library.deriving.told import About, Told, told
from mockserver.library.documents.reading import read_page


Reader = Callable[..., tuple[Told, ...]]
Profiler = Callable[..., ProfileDraft]

CATALOGUE: Final = Catalogue()


@pytest.fixture(scope="session")
def documents() -> Reader:
    """The documents in these texts, each called after its place among them, from 0."""

    def read(*texts: str, about: About | None = None) -> tuple[Told, ...]:
        pages = [read_page(text.encode(), f"{at}.txt") for at, text in enumerate(texts)]
        return told(pages, about or About(), CATALOGUE)

    return read


@pytest.fixture(scope="session")
def profile(documents: Reader) -> Profiler:
    """The profile that these texts give, which its own reader takes."""
    upstream = CATALOGUE.gateway("replicate")

    def drawn(*texts: str) -> ProfileDraft:
        made = profile_draft(documents(*texts), (), upstream)
        checked(profile_text(made), Path(made.path))
        return made

    return drawn


HEAD: Final = "POST https://api.clip.example/v1/models/acme/clip/predictions\n"


@pytest.fixture(scope="session")
def page() -> Callable[..., str]:
    """A page with these rows of inputs, this request and this answer."""

    def made(
        rows: str = "", *, given: str = '{"prompt": "a sail"}', answer: str = "", after: str = ""
    ) -> str:
        asked = f'示例\n{{"input": {given}}}\n'
        shown = f"返回\n🟢201\n示例\n{answer}\n" if answer else ""
        return f"{HEAD}{rows}{asked}{shown}{after}"

    return made
