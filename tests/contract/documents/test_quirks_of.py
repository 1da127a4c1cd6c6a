"""What rules find in documents, as quirks of a profile and as rows of the table."""

from __future__ import annotations

from typing import Final

import pytest

from mockserver.contract.documents import rules
from mockserver.contract.documents.contradictions import contradictions, table_text
from mockserver.contract.documents.quirks import quirks_of
from mockserver.contract.documents.remark import Remark
from mockserver.contract.finding import Rule
from mockserver.library.documents.tree import Place
from mockserver.library.examples import CONTRADICTION_KINDS


RULES: Final = tuple(one for one in vars(rules).values() if isinstance(one, Rule))


def remark(rule: Rule, expected: object, seen: object, pointer: str = "", line: int = 3) -> Remark:
    """A remark about a page."""
    found = rule.found("page.md:3", expected=expected, seen=seen)
    return Remark("page.md", Place(line, pointer), found)


WRONG_MODEL: Final = (
    "an example names a/c under the path of a/b; the fake answers with the model of the path"
)
ECHO: Final = rules.ECHO_EQUALS_REQUEST


@pytest.mark.parametrize(
    ("found", "name", "says", "fault"),
    [
        (
            remark(rules.CREATE_ANSWERS_201, [201, 202], [200]),
            "create-answers-200",
            "create answers 200 where upstream answers 201",
            "gw.create_200",
        ),
        (
            remark(rules.CREATE_ANSWERS_201, [201, 202], [204]),
            "create-answers-204",
            "create answers 204 where upstream answers 201",
            "",
        ),
        (
            remark(rules.URLS_AT_HOME, "a.example", {"get": "b.example", "cancel": "b.example"}),
            "urls-lead-upstream",
            "urls.get and urls.cancel point to b.example, where the gateway's key is not valid",
            "shape.urls_foreign",
        ),
        (
            remark(ECHO, 4, 1, "/input/num_images"),
            "num-images-clamped",
            "asked for 4, the echo of num_images says 1; the fake keeps what was asked",
            "shape.echo_mutated",
        ),
        (
            remark(ECHO, "jpg", "png", "/input/output_format"),
            "output-format-changed",
            "asked for jpg, the echo of output_format says png; the fake keeps what was asked",
            "shape.echo_mutated",
        ),
        (
            remark(rules.MODEL_OF_PATH, "a/b", "a/c"),
            "model-differs-from-path",
            WRONG_MODEL,
            "life.wrong_model;on=create+get+list+cancel+webhook",
        ),
    ],
)
def test_what_a_rule_finds_is_a_quirk(found: Remark, name: str, says: str, fault: str) -> None:
    """With the code that the kit finds it by, and what plays it."""
    (drawn,) = quirks_of([("clip/clip", found)])
    quirk = drawn.quirk
    assert (quirk.name, quirk.says, quirk.fault) == (name, says, fault)
    assert quirk.documented
    assert quirk.finding
    assert quirk.source == "document clip/clip, line 3"


def test_a_quirk_is_told_once_with_every_place() -> None:
    """Of whichever document; what is no quirk is passed over."""
    status = rules.CREATE_ANSWERS_201
    found = [
        ("clip/clip", remark(status, [201], [200])),
        ("clip/film", remark(status, [201], [200], line=9)),
        ("clip/clip", remark(rules.STATUS_PRINTED, "a status", None)),
    ]
    (drawn,) = quirks_of(found)
    assert drawn.quirk.source == "document clip/clip, line 3; document clip/film, line 9"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_a_row(rule: Rule) -> None:
    """Which two sides it is about, and what the fake makes of it."""
    (row,) = contradictions([("clip/clip", remark(rule, "this", ["that"], "/x"))], ())
    assert row.kind in CONTRADICTION_KINDS
    assert row.fake
    assert (row.id, row.source) == (f"clip-clip-{rule.code.lower()}", "clip/clip:3 /x")
    assert (row.says, row.but) == (f"{rule.title}: this", 'seen: ["that"]')


def test_rows_of_one_rule_are_told_apart() -> None:
    """By a number."""
    found = [("clip/clip", remark(ECHO, 1, it, "/n")) for it in (2, 3)]
    rows = list(contradictions(found, ()))
    assert [row.id for row in rows] == ["clip-clip-d211", "clip-clip-d211-2"]
    assert table_text(rows).count("[[contradiction]]") == 2
