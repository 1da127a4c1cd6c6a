"""What is derived from documents, beside the files that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.drafts import Draft, place_of
from mockserver.library.deriving import kept
from mockserver.library.deriving.differences import Difference, Verdict, differences
from mockserver.library.examples import CONTRADICTIONS, contradictions_in
from mockserver.library.json_text import members
from mockserver.library.strict import json_value, toml_value


_TOGETHER: Final = frozenset({rules.PREDICTION_ONCE.code, rules.HOST_ONE.code})
"""The rules that need several documents; one that is not given says nothing about them."""


def differences_in(draft: Draft, folder: Path) -> Iterator[Difference]:
    """Where the files below `folder` and the documents differ: a checkout, or a data folder.

    Raises `LibraryError` for a kept file that cannot be read.
    """
    documents = frozenset(one.name for one in draft.documents)
    for model in draft.models:
        path = place_of(folder, model.path)
        facts = {one.key: one.drawn for one in model.facts}
        if path.is_file():
            claims = dict(kept.of_model(members(json_value(path))))
            yield from differences(model.path, claims, facts, documents)
        else:
            yield _missing(model.path)
    for profile in draft.profiles:
        path = place_of(folder, profile.path)
        facts = {one.key: one.drawn for one in profile.entries()}
        if path.is_file():
            claims = dict(kept.of_profile(toml_value(path)))
            yield from differences(profile.path, claims, facts, documents)
        else:
            yield _missing(profile.path)
    for name, fixture in draft.fixtures.items():
        path = place_of(folder, name)
        whole = json_value(path) if path.is_file() else None
        yield from kept.of_fixture(name, fixture, whole) if whole else (_missing(name),)
    yield from _contradictions(draft, folder, documents)


def _missing(path: str) -> Difference:
    return Difference(Verdict.NOT_KEPT, path, "the whole file", None, "derived")


def _contradictions(draft: Draft, folder: Path, documents: frozenset[str]) -> Iterator[Difference]:
    docs = place_of(folder, "docs/")
    tables = sorted((*docs.glob(CONTRADICTIONS), *docs.glob(f"*/{CONTRADICTIONS}")))
    everybody = {f"{one.parent.name}/{one.stem}" for one in docs.glob("*/*.json")}
    found = {(name, one.finding.code) for name, one in draft.found}
    rows = {
        (name, code)
        for path in tables
        for row in contradictions_in(path)
        for name in _meant(row.document, documents)
        for code in row.codes
    }
    whole = everybody <= documents
    file = f"docs/{CONTRADICTIONS}"
    yield from kept.of_contradictions(file, _apart(found, whole), _apart(rows, whole))


def _apart(pairs: Iterable[tuple[str, str]], whole: bool) -> list[tuple[str, str]]:  # noqa: FBT001
    """The pairs, sorted; of documents together it is the same whichever of them is named.

    Unless the documents are all there, nothing is said about them together.
    """
    alone = [one for one in pairs if one[1] not in _TOGETHER]
    together = {("together", code) for _, code in pairs if code in _TOGETHER}
    return sorted((*alone, *together) if whole else alone)


def _meant(said: str, documents: frozenset[str]) -> Iterator[str]:
    """The documents that a row names: by their names, by their gateways, or all."""
    for one in said.split(", "):
        for name in documents:
            if one in {"all", name, name.partition("/")[0]}:
                yield name
