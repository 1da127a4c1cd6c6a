"""Everything that is derived from documents: files, their facts, and what is contradicted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from mockserver.contract.documents.contradictions import contradictions, table_text
from mockserver.contract.documents.lint import lint
from mockserver.contract.documents.quirks import quirks_of
from mockserver.contract.documents.remark import Remark
from mockserver.library.catalogue import Catalogue
from mockserver.library.cog import file_text
from mockserver.library.deriving.facts import Dispute, Entry
from mockserver.library.deriving.fixtures import fixture, page_text
from mockserver.library.deriving.models import ModelDraft, model_draft
from mockserver.library.deriving.profile_text import profile_text
from mockserver.library.deriving.profiles import ProfileDraft, checked, profile_draft
from mockserver.library.deriving.told import About, Told, told
from mockserver.library.documents.page import Page
from mockserver.library.errors import LibraryError
from mockserver.library.examples import CONTRADICTIONS, Contradiction


MAX_COPIED: Final = 64 << 20
"""How large the copies of all pages may be; beside each fixture stands the page it is from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was derived; `found` are the contradictions, each with its document's name."""

    documents: tuple[Told, ...]
    models: tuple[ModelDraft, ...]
    profiles: tuple[ProfileDraft, ...]
    fixtures: Mapping[str, Mapping[str, object]] = field(hash=False)
    found: tuple[tuple[str, Remark], ...]

    @property
    def facts(self) -> Iterator[Entry]:
        """Every fact of the models and profiles."""
        yield from chain.from_iterable(one.facts for one in self.models)
        yield from chain.from_iterable(one.entries() for one in self.profiles)

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """What the documents say differently."""
        models = chain.from_iterable(one.disputes for one in self.models)
        return (*models, *chain.from_iterable(one.disputes for one in self.profiles))

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The rows of the table of contradictions."""
        return tuple(contradictions(self.found, self.disputes))


def draft(
    pages: Sequence[Page], about: About, catalogue: Catalogue, read: Mapping[str, str]
) -> Draft:
    """What these pages give; `read` tells the day each was read on. Raises `LibraryError`."""
    documents = told(pages, about, catalogue)
    found = tuple((_name(documents, one), one) for one in lint(pages, catalogue))
    upstream = catalogue.gateway("replicate")
    names = dict.fromkeys(one.model for one in documents if one.model)
    models = [[one for one in documents if one.model == name] for name in names]
    gateways = dict.fromkeys(one.gateway for one in documents)
    profiles = []
    for gateway in gateways:
        own = [one for one in documents if one.gateway == gateway]
        shown = {one.name for one in own}
        quirks = quirks_of(one for one in found if one[0] in shown)
        profiles.append(profile_draft(own, quirks, upstream))
    return Draft(
        documents,
        tuple(map(model_draft, models)),
        tuple(profiles),
        {
            f"docs/{one.name}.json": fixture(one, one.creation, read[one.page.name])
            for one in documents
            if one.creation
        },
        found,
    )


def files(made: Draft, texts: Mapping[str, str]) -> Mapping[str, str]:
    """The text of each file by its path; `texts` are those of the pages, by their names.

    Raises `LibraryError` for a profile that its own reader would refuse, and where the copies of
    the pages, one for each model, would be too large.
    """
    copied = sum(len(texts[one.page.name]) for one in made.documents)
    if copied > MAX_COPIED:
        raise LibraryError(
            f"expected pages of at most {MAX_COPIED} characters, each counted once for each model "
            f"it is about, seen {copied}; derive them apart, or parts of them"
        )
    written = {one.path: file_text(one.described) for one in made.models}
    for profile in made.profiles:
        written[profile.path] = profile_text(profile)
        checked(written[profile.path], Path(profile.path))
    for path, example in made.fixtures.items():
        written[path] = json.dumps(example, indent=2, ensure_ascii=False) + "\n"
    for document in made.documents:
        written[f"docs/{document.name}.page.txt"] = page_text(texts[document.page.name])
    for profile in made.profiles:
        # What two gateways dispute stands with the first of them.
        own = [one for one in made.contradictions if one.document.startswith(f"{profile.name}/")]
        written[f"docs/{profile.name}/{CONTRADICTIONS}"] = table_text(own)
    return written


def place_of(folder: Path, path: str) -> Path:
    """Where a file belongs below `folder`: a checkout has rooms for schemas and for fixtures."""
    room = folder / ("fixtures" if path.startswith("docs/") else "schemas")
    return (room if room.is_dir() else folder) / path


def _name(documents: Sequence[Told], remark: Remark) -> str:
    """The document that a finding is about: whose create call it is in, or stands last before."""
    own = [one for one in documents if one.page.name == remark.document]
    places = [(one, one.creation.place) for one in own if one.creation]
    at = remark.place
    within = [one for one, it in places if it.pointer and at.pointer.startswith(it.pointer)]
    before = [one for one, it in places if it.line <= at.line]
    return (within or before[-1:] or own)[0].name
