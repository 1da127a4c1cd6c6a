"""A good receiver passes, and a bad one fails exactly the cases of what it does wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from examples.receiver import Inbox
from mockserver.contract.hooks import rules
from mockserver.contract.hooks.cases import shipped
from mockserver.contract.hooks.run import UNSEEN
from mockserver.contract.outcome import Outcome
from tests.contract.hooks.receivers import (
    SECRET,
    AnyScheme,
    Constant,
    Crashing,
    Dropping,
    FirstOnly,
    Forgetful,
    LastWins,
    Reserialising,
    Timeless,
    Trusting,
    Undecoded,
    trial_of,
    tried,
)


if TYPE_CHECKING:
    from mockserver.contract.finding import Rule
    from mockserver.contract.hooks.story import Story

CASES: Final = shipped()
BAD: Final[tuple[tuple[type[Inbox], Rule, set[str]], ...]] = (
    (
        Reserialising,
        rules.RAW_BYTES_ARE_VERIFIED,
        {"spaces", "escapes", "spaces-after-signing", "escapes-after-signing"},
    ),
    (
        Timeless,
        rules.TIME_IS_COMPARED,
        {
            "stale",
            "stale-30d",
            "future",
            "future-30d",
            "time-nan",
            "time-text",
            "time-empty",
            "time-millis",
            "time-negative",
        },
    ),
    (FirstOnly, rules.EVERY_SIGNATURE_COUNTS, {"rotated", "garbage-first", "v1a-first"}),
    (AnyScheme, rules.ONLY_V1_COUNTS, {"v2-only"}),
    (Trusting, rules.FORGED_IS_REFUSED, {"no-signature", "unsigned"}),
    (Forgetful, rules.AGAIN_DOES_NOTHING, {"duplicate", "duplicate-at-once"}),
    (
        LastWins,
        rules.ORDER_DOES_NOT_MATTER,
        {"completed-before-start", "logs-after-completed", "all-before-create"},
    ),
    (Dropping, rules.ORDER_DOES_NOT_MATTER, {"all-before-create"}),
    (
        Crashing,
        rules.NOTHING_FAILS_IT,
        {"cut", "empty", "text", "form", "charset", "bad-utf8"},
    ),
)


def test_nothing_is_found_in_a_good_receiver(story: Story) -> None:
    """Every case that a call can show is passed, to its end; the others say why not."""
    results = list(tried(Inbox(SECRET), story).examined(CASES))
    assert [one for one in results if one.findings] == []
    skipped = {one.case.name: one.reason for one in results if one.outcome is Outcome.SKIPPED}
    assert skipped.keys() == {"chunked", "get", "slow"}
    assert UNSEEN not in {one.reason for one in results}


@pytest.mark.parametrize(("bad", "rule", "names"), BAD, ids=lambda it: getattr(it, "__name__", ""))
def test_a_bad_receiver_fails_exactly_its_cases(
    story: Story, bad: type[Inbox], rule: Rule, names: set[str]
) -> None:
    """One thing wrong is one code, in the cases that are about it and in no other."""
    results = list(tried(bad(SECRET), story).examined(CASES))
    assert {found.code for one in results for found in one.findings} == {rule.code}
    assert {one.case.name for one in results if one.findings} == names


def test_a_wrong_key_is_told_from_a_wrong_secret(story: Story) -> None:
    """Who takes the text of the secret for the key refuses what is right; that is said, once."""
    results = list(tried(Undecoded(SECRET), story).examined(CASES))
    found = {one.case.name: {it.code for it in one.findings} for one in results if one.findings}
    assert found == {"valid": {"H101"}, "undecoded-secret": {"H113"}}
    reasons = {one.reason for one in results if one.case.name in ("wrong-secret", "stale")}
    assert reasons == {"what is right is not taken, so that a refusal means nothing: see valid"}


def test_every_case_can_be_failed(story: Story) -> None:
    """By who takes everything, or by who fails over everything once it was known to take one."""
    taking = trial_of(Constant(200), story)
    failing = trial_of(Constant(500, first=200), story)
    found = {
        one.case.name
        for trial in (taking, failing)
        for one in trial.examined(CASES)
        if one.findings or "how to tell" in one.reason
    }
    assert found == {case.name for case in CASES}


def test_every_rule_is_broken_by_somebody() -> None:
    """No rule stands in the table that nothing could find; ANSWERED_SOON is about time."""
    used = {case.rule for case in CASES} | {case.ends for case in CASES}
    known = {rule for rule in vars(rules).values() if isinstance(rule, type(rules.RIGHT_IS_TAKEN))}
    assert known - used == {rules.ANSWERED_SOON}
