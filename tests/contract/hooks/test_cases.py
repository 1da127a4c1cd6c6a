"""Cases are data: what a file may say, and what is said of one that is not right."""

from __future__ import annotations

from re import fullmatch
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.contract.finding import Rule
from mockserver.contract.hooks import rules
from mockserver.contract.hooks.cases import CaseFile, Expect, Needs, load_cases, shipped
from mockserver.contract.hooks.story import Job
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from pathlib import Path

RULES: Final = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
CASE: Final = """
[[case]]
name = "mine"
title = "as I like it"
rule = "H101"
ends = "H109"
like = ["start", "completed"]
needs = "http"
diagnosis = true
send = [{ event = "completed", fault = "hook.gzip", expect = "answered", copies = 2, slow = true }]
"""
WRONG: Final = {
    'rule = "H101"': ('rule = "H999"', "case[0].rule: expected one of H101, "),
    'needs = "http"': ('needs = "luck"', "needs: expected one of nothing, http, socket"),
    'expect = "answered"': ('expect = "love"', "send[0].expect: expected one of taken, "),
    "hook.gzip": ("hook.duplicate", "does not spoil what a webhook says"),
    "copies = 2": ("copies = 'two'", "copies: expected a whole number"),
    "slow = true": ("slowly = true", "send[0].slowly: unknown key"),
    "title =": ("titel =", "case[0].title: missing"),
}


def test_the_codes_are_unique_and_of_the_family() -> None:
    """H and three digits; each says what it is about and from where."""
    codes = [rule.code for rule in RULES]
    assert sorted(set(codes)) == sorted(codes)
    assert [code for code in codes if not fullmatch("H1[0-9]{2}", code)] == []
    assert [rule.code for rule in RULES if not (rule.title and rule.source)] == []


def test_the_shipped_cases_have_names_of_their_own() -> None:
    """By which one can be asked for; what comes is said in words."""
    cases = shipped()
    assert len({case.name for case in cases}) == len(cases) > 50
    assert len({case.title for case in cases}) == len(cases)


def test_the_first_case_is_the_valid_one() -> None:
    """All others mean something only where it is taken."""
    first = shipped()[0]
    assert (first.name, first.sends[0].expect, first.sends[0].fault) == ("valid", "taken", None)


def test_a_file_says_all_that_a_case_is(tmp_path: Path) -> None:
    """Every key has its place."""
    (case,) = write(tmp_path, CASE).cases
    (send,) = case.sends
    assert (case.rule, case.ends) == (rules.RIGHT_IS_TAKEN, rules.ORDER_DOES_NOT_MATTER)
    assert (case.like, case.needs, case.diagnosis) == (("start", "completed"), Needs.HTTP, True)
    assert (send.event, send.expect, send.copies, send.slow) == (
        "completed",
        Expect.ANSWERED,
        2,
        True,
    )
    assert str(send.fault) == "hook.gzip"


def test_a_file_may_be_about_a_certain_job(tmp_path: Path) -> None:
    """Without which an order could not be told again."""
    job = '[job]\nmodel = "a/b"\nscenario = "failed"\nseed = 7\npolls = 2\n'
    assert write(tmp_path, job + CASE).job == Job("a/b", "failed", 7, polls=2)
    assert write(tmp_path, CASE).job is None


@pytest.mark.parametrize(("right", "wrong"), WRONG.items(), ids=WRONG)
def test_what_is_wrong_in_a_file_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: tuple[str, str]
) -> None:
    """The file, the key, what was expected."""
    text, said = wrong
    with pytest.raises(LibraryError) as told:
        write(tmp_path, CASE.replace(right, text))
    assert said in str(told.value)
    assert "cases.toml" in str(told.value)


def write(folder: Path, text: str) -> CaseFile:
    """What a file with this text holds."""
    path = folder / "cases.toml"
    path.write_text(text, encoding="utf-8")
    return load_cases(path)
