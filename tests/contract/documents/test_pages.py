"""The five documents: the lint finds what is known to be contradicted there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from mockserver.contract.documents.lint import lint
from mockserver.contract.documents.remark import Remark
from mockserver.library.catalogue import Catalogue
from mockserver.library.documents.reading import read_page
from mockserver.library.examples import load_contradictions
from mockserver.library.rooms import room


DOCS: Final = room("fixtures") / "docs"
NAMES: Final = tuple(
    path.relative_to(DOCS).as_posix().removesuffix(".page.txt")
    for path in sorted(DOCS.glob("*/*.page.txt"))
)
REMARKS: Final = lint(
    [read_page((DOCS / f"{name}.page.txt").read_bytes(), name) for name in NAMES], Catalogue()
)

POST: Final = (
    "/paths/~1replicate~1v1~1models~1black-forest-labs~1flux-kontext-pro~1predictions/post"
)
BODY: Final = f"{POST}/requestBody/content/application~1json"
INPUT: Final = f"{BODY}/schema/properties/input"
ANSWER: Final = f"{POST}/responses/200/content/application~1json"

Found = tuple[str, int, str]

EXPECTED: Final[dict[str, list[Found]]] = {
    "winfull/flux-kontext-dev": [
        ("D209", 5, ""),
        ("D221", 54, "/urls"),
        ("D222", 33, ""),
        ("D224", 2, ""),
        ("D225", 2, ""),
        ("D251", 19, ""),
    ],
    "winfull/flux-fill-dev": [
        ("D209", 5, ""),
        ("D211", 49, "/input/num_outputs"),
        ("D221", 60, "/urls"),
        ("D222", 37, ""),
        ("D224", 2, ""),
        ("D225", 2, ""),
        ("D251", 21, ""),
    ],
    "winfull-cloud/multi-image-kontext-max": [
        ("D209", 13, ""),
        ("D221", 62, "/urls"),
        ("D222", 42, ""),
        ("D224", 26, ""),
        ("D225", 26, ""),
    ],
    "anyapi/flux-kontext-pro": [
        ("D202", 80, f"{ANSWER}/schema"),
        ("D204", 27, f"{POST}/requestBody"),
        ("D205", 23, f"{POST}/parameters/0/required"),
        ("D206", 44, f"{INPUT}/properties/aspect_ratio/description"),
        ("D206", 48, f"{INPUT}/properties/output_format/description"),
        ("D206", 51, f"{INPUT}/properties/safety_tolerance/description"),
        ("D206", 54, f"{INPUT}/properties/prompt_upsampling/description"),
        ("D207", 51, f"{INPUT}/properties/safety_tolerance/description"),
        ("D208", 72, f"{BODY}/example/input/output_format"),
        ("D212", 146, f"{ANSWER}/examples/2/value/input"),
        ("D213", 144, f"{ANSWER}/examples/2/value/model"),
        ("D214", 146, f"{ANSWER}/examples/2/value/input"),
        ("D215", 141, f"{ANSWER}/examples/2/summary"),
        ("D221", 132, f"{ANSWER}/examples/1/value/urls"),
        ("D221", 160, f"{ANSWER}/examples/2/value/urls"),
        ("D222", 76, f"{POST}/responses/200"),
        ("D224", 13, POST),
        ("D225", 13, POST),
        ("D232", 33, INPUT),
        ("D241", 8, "/info/title"),
    ],
    "quickrouter/flux-kontext-pro": [
        ("D203", 117, ""),
        ("D204", 20, ""),
        ("D205", 14, ""),
        ("D207", 37, ""),
        ("D208", 47, "/input/output_format"),
        ("D210", 123, ""),
        ("D223", 127, ""),
        ("D224", 3, ""),
        ("D225", 3, ""),
        ("D232", 20, ""),
        ("D251", 15, ""),
    ],
}
"""What is wrong with each document when it is read alone: code, line, JSON pointer."""

TOGETHER: Final[dict[str, list[Found]]] = {
    "quickrouter/flux-kontext-pro": [("D261", 128, "/id")],
    "winfull-cloud/multi-image-kontext-max": [("D262", 26, "")],
}
"""What is wrong with a document beside those that stand before it, by name."""


def found(remarks: tuple[Remark, ...], name: str) -> list[Found]:
    """The places of a document where something is wrong, by code."""
    places = [(it.finding.code, it.place) for it in remarks if it.document == name]
    return sorted((code, place.line, place.pointer) for code, place in places)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_alone_contradicts_exactly_this(name: str) -> None:
    """Each code at its line and pointer, and no other."""
    page = read_page((DOCS / f"{name}.page.txt").read_bytes(), name)
    assert found(lint([page], Catalogue()), name) == sorted(EXPECTED[name])


@pytest.mark.parametrize("name", NAMES)
def test_documents_together_contradict_exactly_this(name: str) -> None:
    """What each contradicts alone, and what only shows beside the others."""
    expected = sorted([*EXPECTED[name], *TOGETHER.get(name, ())])
    assert found(REMARKS, name) == expected


def test_the_table_names_every_document() -> None:
    """A page that is added has to be judged."""
    assert set(EXPECTED) == set(NAMES)


def known_codes() -> Iterator[tuple[str, str]]:
    """Document and code of every row of the table of contradictions."""
    for row in load_contradictions(room("fixtures")):
        for one in row.document.split(", "):
            meant = [name for name in NAMES if one in {"all", name, name.partition("/")[0]}]
            yield from ((name, code) for name in meant for code in row.codes)


def test_the_lint_finds_the_known_contradictions_and_no_other() -> None:
    """fixtures/docs/contradictions.toml and the lint say the same of every document."""
    assert {(it.document, it.finding.code) for it in REMARKS} == set(known_codes())


ORDERED: Final = [(NAMES.index(it.document), it.place.line) for it in REMARKS]


def test_findings_come_in_the_order_of_the_pages() -> None:
    """Document by document, line by line."""
    assert sorted(ORDERED) == ORDERED


WORDS: Final = {
    ("winfull/flux-fill-dev", "D211"): (2, 1),
    ("anyapi/flux-kontext-pro", "D207"): ("maximum 6", "maximum 2 with input_image"),
    ("anyapi/flux-kontext-pro", "D208"): ("png", "jpg"),
    ("anyapi/flux-kontext-pro", "D213"): (
        "black-forest-labs/flux-kontext-pro",
        "black-forest-labs/flux-kontext-dev",
    ),
    ("anyapi/flux-kontext-pro", "D232"): (
        ["seed"],
        [
            *("aspect_ratio", "input_image", "output_format", "prompt", "prompt_upsampling"),
            "safety_tolerance",
        ],
    ),
    ("quickrouter/flux-kontext-pro", "D204"): (
        "required, as input.prompt is",
        ["input: optional"],
    ),
}


@pytest.mark.parametrize(("name", "code"), WORDS)
def test_a_finding_says_what_was_expected_and_seen(name: str, code: str) -> None:
    """Both sides of the contradiction, and where the rule is from."""
    one = next(it for it in REMARKS if (it.document, it.finding.code) == (name, code))
    assert (one.finding.expected, one.finding.seen) == WORDS[name, code]
    assert one.finding.source
    assert one.finding.at.startswith(f"{name}:{one.place.line}")
