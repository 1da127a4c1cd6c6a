"""The five documents give what is kept of them; whatever is changed there is found."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from shutil import copytree
from typing import Final

import pytest

from mockserver.contract.documents.drafts import Draft, draft, files
from mockserver.contract.documents.kept import differences_in
from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.differences import Claim, Difference, Verdict, differences
from mockserver.library.deriving.facts import Drawn
from mockserver.library.deriving.kept import of_model, of_profile
from mockserver.library.deriving.told import About
from mockserver.library.documents.reading import read_page
from mockserver.library.rooms import room


PATHS: Final = tuple(sorted(room("fixtures").glob("docs/*/*.page.txt")))
ROOT: Final = room("schemas").parent
TEXTS: Final = {
    f"{path.parent.name}/{path.name}": path.read_text(encoding="utf-8") for path in PATHS
}


def derived(texts: Mapping[str, str]) -> Draft:
    """What these pages give."""
    pages = [read_page(text.encode(), name) for name, text in texts.items()]
    return draft(pages, About(), Catalogue(), dict.fromkeys(texts, "2026-11-20"))


def wrong(found: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """What is a mistake: verdict, file and key."""
    return [
        (str(one.verdict), one.file, one.key)
        for one in found
        if one.verdict is not Verdict.ELSEWHERE
    ]


DRAFT: Final = derived(TEXTS)
DOCUMENTS: Final = frozenset(one.name for one in DRAFT.documents)
KEPT: Final[dict[str, dict[str, Claim]]] = {
    **{
        one.path: dict(of_model(json.loads((ROOT / "schemas" / one.path).read_text("utf-8"))))
        for one in DRAFT.models
    },
    **{
        one.path: dict(of_profile(tomllib.loads((ROOT / "schemas" / one.path).read_text("utf-8"))))
        for one in DRAFT.profiles
    },
}
"""What the kept files claim, by file and key."""
FACTS: Final[dict[str, dict[str, Drawn]]] = {
    **{one.path: {it.key: it.drawn for it in one.facts} for one in DRAFT.models},
    **{one.path: {it.key: it.drawn for it in one.entries()} for one in DRAFT.profiles},
}
"""What the documents say, by file and key."""
CLAIMED: Final = [
    (file, key)
    for file, claims in KEPT.items()
    for key, claim in claims.items()
    if claim.source.documents & DOCUMENTS
]
"""The facts that a kept file says it has from a document."""
SAID: Final = [
    (file, key)
    for file, facts in FACTS.items()
    for key, drawn in facts.items()
    if drawn.origins and not key.startswith(("title", "homepage", "urls.upstream"))
]
"""The facts that a document says, and that the files keep."""


def test_the_documents_give_what_is_kept_of_them() -> None:
    """Schemas, profiles, fixtures and contradictions, but for what is marked from elsewhere."""
    assert wrong(differences_in(DRAFT, ROOT)) == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_document_alone_gives_what_is_kept_of_it(name: str) -> None:
    """What other documents say is not asked of it."""
    assert wrong(differences_in(derived({name: TEXTS[name]}), ROOT)) == []


def test_much_is_kept_of_the_documents() -> None:
    """So that nothing is proved of nothing: each file has facts of each kind."""
    assert {file for file, _ in CLAIMED} == {file for file, _ in SAID} == set(KEPT)
    kinds = {key.rpartition(".")[2] for _, key in CLAIMED}
    assert {"type", "format", "enum", "default", "minimum", "maximum", "required"} <= kinds
    assert {"status", "body", "omit_null", "mode", "schemes", "hosts", "base_path"} <= kinds
    assert len(CLAIMED) > 80


@pytest.mark.parametrize(("file", "key"), CLAIMED, ids="-".join)
def test_a_kept_fact_that_is_changed_is_found(file: str, key: str) -> None:
    """It is not what its document says."""
    claims = dict(KEPT[file])
    claims[key] = Claim("another", claims[key].source)
    found = differences(file, claims, FACTS[file], DOCUMENTS)
    assert wrong(found) == [("not said", file, key)]


@pytest.mark.parametrize(("file", "key"), CLAIMED, ids="-".join)
def test_a_kept_fact_that_no_document_says_is_found(file: str, key: str) -> None:
    """However right it may be."""
    facts = {name: drawn for name, drawn in FACTS[file].items() if name != key}
    assert wrong(differences(file, KEPT[file], facts, DOCUMENTS)) == [("not said", file, key)]


@pytest.mark.parametrize(("file", "key"), SAID, ids="-".join)
def test_a_fact_of_a_document_that_is_not_kept_is_found(file: str, key: str) -> None:
    """What a page says has to stand in the file."""
    claims = {name: claim for name, claim in KEPT[file].items() if name != key}
    found = differences(file, claims, FACTS[file], DOCUMENTS)
    assert wrong(found) == [("not kept", file, key)]


def test_what_is_from_elsewhere_may_differ() -> None:
    """It is told, and is no mistake; without a source that says so it is one."""
    file, key = "models/black-forest-labs/flux-fill-dev.json", "Input.properties.guidance.type"
    assert KEPT[file][key].source.elsewhere
    facts = FACTS[file] | {key: Drawn("string", FACTS[file][key].origins)}
    (told,) = differences(file, KEPT[file], facts, DOCUMENTS)
    assert (told.verdict, told.kept, told.said) == (Verdict.ELSEWHERE, "number", "string")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is kept, to be changed."""
    for name in ("schemas", "fixtures"):
        copytree(ROOT / name, tmp_path / name)
    return tmp_path


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a file, in one place at least."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


MODEL: Final = "models/black-forest-labs/flux-kontext-pro.json"
WINFULL: Final = "gateways/winfull.toml"
FILL: Final = "docs/winfull/flux-fill-dev.json"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            f"schemas/{MODEL}",
            '"maximum": 6,',
            '"maximum": 5,',
            ("not said", MODEL, "Input.properties.safety_tolerance.maximum"),
        ),
        (
            f"schemas/{MODEL}",
            '"maximum": 2\n',
            '"maximum": 3\n',
            ("not said", MODEL, "Input.properties.safety_tolerance.maximum_with_input_image"),
        ),
        (f"schemas/{MODEL}", '["prompt"]', '["seed"]', ("not said", MODEL, "Input.required")),
        (
            f"schemas/{WINFULL}",
            "status = 200",
            "status = 201",
            ("not said", WINFULL, "create.status"),
        ),
        (f"schemas/{WINFULL}", '"Bearer"', '"Token"', ("not said", WINFULL, "auth.schemes")),
        (f"schemas/{WINFULL}", '"upstream"', '"own"', ("not said", WINFULL, "urls.mode")),
        (
            f"schemas/{WINFULL}",
            'create = "documented"',
            'create = "assumed"',
            ("not kept", WINFULL, "endpoints.create"),
        ),
        (
            f"schemas/{WINFULL}",
            'get = "supported"',
            'get = "documented"',
            ("not said", WINFULL, "endpoints.get"),
        ),
        (
            f"fixtures/{FILL}",
            '"num_outputs": 1',
            '"num_outputs": 2',
            ("not said", FILL, "examples.0.response.body.input.num_outputs"),
        ),
        (
            f"fixtures/{FILL}",
            '"declared": {',
            '"declared": {"more": 1,',
            ("not said", FILL, "declared.more"),
        ),
    ],
)
def test_one_thing_changed_in_a_file_is_found(
    checkout: Path, path: str, old: str, new: str, expected: tuple[str, str, str]
) -> None:
    """With its file and key, and nothing else."""
    rewrite(checkout / path, old, new)
    assert wrong(differences_in(DRAFT, checkout)) == [expected]


def test_a_contradiction_that_is_not_kept_is_found(checkout: Path) -> None:
    """And one that is kept, and not found."""
    table = "docs/contradictions.toml"
    rewrite(checkout / "fixtures" / table, 'codes = ["D211"]', 'codes = ["D216"]')
    assert wrong(differences_in(DRAFT, checkout)) == [
        ("not said", table, "winfull/flux-fill-dev"),
        ("not kept", table, "winfull/flux-fill-dev"),
    ]


@pytest.mark.parametrize("path", [f"schemas/{MODEL}", f"schemas/{WINFULL}", f"fixtures/{FILL}"])
def test_a_file_that_is_not_there_is_told(checkout: Path, path: str) -> None:
    """As a whole."""
    (checkout / path).unlink()
    file = path.partition("/")[2]
    assert wrong(differences_in(DRAFT, checkout)) == [("not kept", file, "the whole file")]


def test_another_page_no_longer_gives_what_is_kept() -> None:
    """A gateway that changes its page is noticed."""
    name = "quickrouter/flux-kontext-pro.page.txt"
    changed = TEXTS[name].replace('默认值:"png"', '默认值:"webp"', 1)
    assert changed != TEXTS[name]
    (one,) = wrong(differences_in(derived({name: changed}), ROOT))[:1]
    assert one == ("not said", MODEL, "Input.properties.output_format.default")


def test_what_is_derived_is_what_it_was_derived_from(tmp_path: Path) -> None:
    """Checked against its own files, a draft has no differences."""
    for name, text in files(DRAFT, TEXTS).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(differences_in(DRAFT, tmp_path)) == []
