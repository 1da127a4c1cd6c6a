"""Each rule of family C has a conduct that breaks it, and next to it one that does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Conduct
from mockserver.contract.consumer.judge import findings
from mockserver.contract.finding import Rule
from tests.contract.consumer.conducts import (
    GIVEN_UP,
    GOOD,
    RAISED,
    RETURNED,
    RUNNING,
    Broken,
    canceled,
    conduct,
    created,
    downloaded,
    looked,
    refused,
    told,
)
from tests.contract.consumer.wrong_ends import ENDS
from tests.contract.consumer.wrong_waits import WAITS


BROKEN: Final = (*WAITS, *ENDS)


def named(value: object) -> str:
    """A wrong as it is told in a test's name."""
    return f"{value.rule.code} {value.wrong}" if isinstance(value, Broken) else str(value)


@pytest.mark.parametrize("broken", BROKEN, ids=named)
def test_a_wrong_breaks_exactly_its_rule(broken: Broken) -> None:
    """Nothing else is found of it."""
    assert {one.code for one in findings(broken.conduct)} == {broken.rule.code}


def test_fewer_outputs_than_asked_for_are_counted() -> None:
    """Two were asked for, one is there and returned."""
    good = conduct(*GOOD)
    jobs = (replace(good.jobs[0], input={"num_outputs": 2}),)
    seen = findings(replace(good, jobs=jobs))
    assert {one.code for one in seen} == {rules.OUTPUTS_COUNTED.code}


def test_every_rule_has_a_wrong() -> None:
    """No rule of the family is there that nobody has seen broken."""
    every = {one.code for one in vars(rules).values() if isinstance(one, Rule)}
    shown = {broken.rule.code for broken in BROKEN} | {rules.OUTPUTS_COUNTED.code}
    assert every == shown


RIGHT: Final = {
    "a good run": conduct(*GOOD),
    "nothing was asked": conduct(jobs=0, end=RAISED),
    "a job is started anew after one that failed": conduct(
        created(0, told("failed")), created(50), *GOOD[1:], jobs=2
    ),
    "a gateway that starts two jobs for one call": conduct(*GOOD, jobs=2),
    "Retry-After is waited for": conduct(
        refused(created(), 429, ("Retry-After", "1")),
        created(1_000),
        looked(2_000),
        downloaded(2_100),
    ),
    "an absurd wait is refused": conduct(
        refused(created(), 429, ("Retry-After", "86400")),
        end=replace(RAISED, at_ms=10, said="429: a text that tells what is wrong"),
        jobs=0,
    ),
    "the end is read once more": conduct(GOOD[0], looked(1_000), looked(1_500), downloaded(1_600)),
    "a failure is raised": conduct(
        created(), looked(1_000, told("failed")), end=RAISED, status="failed"
    ),
    "what is given up is canceled": conduct(
        GOOD[0], looked(500, RUNNING), canceled(600), end=GIVEN_UP, status="canceled"
    ),
    "nobody can cancel what he was not told of": conduct(
        created(kinds=("net.reset_before",)), end=RAISED, status="processing"
    ),
    "a look that failed is repeated later": conduct(
        GOOD[0], refused(looked(300), 502), looked(1_000), downloaded(1_100)
    ),
    "a look that was lost twice ends in an error": conduct(
        GOOD[0],
        refused(looked(300), 500),
        refused(looked(900), 500),
        canceled(950),
        end=RAISED,
        status="canceled",
    ),
    "a stranger's file is fetched without a token": conduct(
        *GOOD[:2], downloaded(1_100, host="elsewhere.example")
    ),
    "a download is redirected and followed": conduct(
        *GOOD[:2], replace(downloaded(1_050), status=302), downloaded(1_100)
    ),
    "a redirected create call is an error": conduct(
        refused(created(), 302), end=replace(RAISED, said="302"), jobs=0
    ),
    "pauses grow": conduct(
        GOOD[0],
        *(looked(300 * place * place, RUNNING) for place in range(1, 12)),
        looked(50_000),
        downloaded(50_100),
    ),
    "what cannot be compared is not judged": conduct(*GOOD, end=replace(RETURNED, outputs=None)),
    "a cut download is an error": conduct(
        *GOOD[:2], downloaded(1_100, kinds=("out.url_truncated",)), end=RAISED
    ),
    "a body that cannot be read, told as it is": conduct(
        created(0, [1, 2, 3]), end=replace(RAISED, said="[1, 2, 3]"), jobs=0
    ),
}


@pytest.mark.parametrize("right", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_not_found(right: Conduct) -> None:
    """No probe minds it."""
    assert [str(one) for one in findings(right)] == []


def test_the_promise_of_a_code_is_its_last_two_digits() -> None:
    """C101, C202 and C120 are about K1, K2 and K20."""
    assert [rules.promise_of(code) for code in ("C101", "C202", "C120")] == ["K1", "K2", "K20"]
