"""One thing changed in what was seen at both ends of a right gateway, and that one rule speaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.contract import rules_gateway as rules
from mockserver.contract.cases.both_ends import TEXT, exact
from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.finding import Rule
from mockserver.contract.judge import findings
from mockserver.contract.keeping import evidence_of, kept
from mockserver.contract.run import whole
from mockserver.core.interaction import Interaction, Request
from mockserver.examine import given_to
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import same
from mockserver.library.models import Model
from mockserver.library.validate import Validator


if TYPE_CHECKING:
    from tests.contract.conftest import Examine

Mutation = Callable[[Evidence], Evidence]
Body = dict[str, Any]

PAINTERS: Final = [one for one in Catalogue().models() if "prompt" in exact(one)]
FAILS: Final = (Intent.UPSTREAM_FAILS, Intent.UPSTREAM_FAILS_LOOK)


@pytest.fixture(scope="module")
def good(relayed: Examine) -> Evidence:
    """Everything that an exam of a right gateway brings to light."""
    return whole(relayed())


def codes(evidence: Evidence) -> set[str]:
    """The codes of what is found."""
    return {finding.code for finding in findings(evidence)}


def each(change: Callable[[Exchange, Evidence], Exchange], *intents: Intent) -> Mutation:
    """Changes every exchange that was meant so."""
    return lambda evidence: replace(
        evidence,
        exchanges=tuple(
            change(one, evidence) if one.intent in intents else one for one in evidence.exchanges
        ),
    )


def answer(change: Callable[[Interaction], Interaction], *intents: Intent) -> Mutation:
    """Changes what the client was answered."""
    return each(
        lambda one, _: replace(one, interaction=change(one.interaction), raw=change(one.raw)),
        *intents,
    )


def body(change: Callable[[Body], Body], *intents: Intent) -> Mutation:
    """Changes the JSON of what the client was answered."""
    return answer(lambda it: replace(it, response_body=edited(it.response_body, change)), *intents)


def arrived(change: Callable[[Request], Request], *intents: Intent) -> Mutation:
    """Changes what came out behind the gateway."""
    return each(
        lambda one, _: replace(
            one, behind=tuple(replace(it, request=change(it.request)) for it in one.behind)
        ),
        *intents,
    )


def edited(data: bytes, change: Callable[[Body], Body]) -> bytes:
    """The same JSON, changed."""
    return json.dumps(change(json.loads(data))).encode()


def moved(name: str, url: str) -> Callable[[Body], Body]:
    """One of the `urls` leads elsewhere."""
    return lambda told: {**told, "urls": {**told["urls"], name: url}}


def leaked(evidence: Evidence) -> Evidence:
    """The client's key stands in what came out."""
    (key,) = (value for name, value in evidence.canaries.items() if name == "the client's key")
    more = arrived(
        lambda it: replace(it, headers=(*it.headers, ("x-from", f"key {key}"))), Intent.EXACT
    )
    return more(evidence)


def placed(evidence: Evidence) -> Evidence:
    """An answer tells where upstream is."""
    return body(moved("web", f"{evidence.upstream_url}/p/1"), Intent.EXACT)(evidence)


def without(name: str) -> Callable[[Interaction], Interaction]:
    """The answer lacks a header."""
    return lambda it: replace(
        it,
        response_headers=tuple(one for one in it.response_headers if one[0].lower() != name),
    )


def paged(it: Interaction) -> Interaction:
    """An upstream that broke down is told by a page."""
    page = replace(it, response_headers=(("content-type", "text/html"),))
    return page if it.status == 502 else it


def otherwise(it: Interaction) -> Interaction:
    """402 became another refusal."""
    return replace(it, status=400) if it.status == 402 else it


def seed(value: object) -> Callable[[Request], Request]:
    """Another seed came out."""
    return lambda it: replace(
        it, body=edited(it.body, lambda told: {**told, "input": {**told["input"], "seed": value}})
    )


def headless(it: Request) -> Request:
    """The request without what says when to cancel."""
    return replace(it, headers=tuple(one for one in it.headers if one[0] != "cancel-after"))


def doubled(one: Exchange, _: Evidence) -> Exchange:
    """All that came out came out twice."""
    return replace(one, behind=(*one.behind, *one.behind))


def late(one: Exchange, _: Evidence) -> Exchange:
    """A stream that came in one piece."""
    return replace(one, took_ms=900, arrivals_ms=(890, 895))


MUTANTS: Final[tuple[tuple[Rule, Mutation], ...]] = (
    (rules.KEY_STAYS_HERE, leaked),
    (rules.ASKED_IS_CARRIED, arrived(headless, Intent.EXACT)),
    (rules.INPUT_IS_CARRIED, arrived(seed(9_007_199_254_740_992), Intent.EXACT)),
    (rules.INPUT_IS_CARRIED, arrived(seed("9007199254740993"), Intent.EXACT)),
    (rules.CREATED_ONCE, each(doubled, Intent.EXACT)),
    (rules.UPSTREAM_UNSEEN, placed),
    (rules.STATUS_IS_CARRIED, answer(otherwise, *FAILS)),
    (rules.STREAM_IS_CARRIED_ON, each(late, Intent.STREAM)),
    (rules.SENT_ONCE, each(doubled, *FAILS)),
    (rules.WAIT_IS_TOLD, answer(without("retry-after"), *FAILS)),
    (rules.WAIT_IS_TOLD, answer(without("ratelimit-reset"), *FAILS)),
    (rules.REWRITTEN_ALL, body(moved("get", "https://api.example/v1/p"), Intent.EXACT)),
    (rules.FAILURE_IS_JSON, answer(paged, *FAILS)),
    (rules.UPSTREAM_IS_ASKED, each(lambda one, _: replace(one, behind=()), Intent.LOOK)),
)

each_mutant = pytest.mark.parametrize(
    ("rule", "mutation"),
    MUTANTS,
    ids=[f"{at}-{rule.code}" for at, (rule, _) in enumerate(MUTANTS)],
)


@each_mutant
def test_a_mutant_breaks_its_rule_and_no_other(
    good: Evidence, rule: Rule, mutation: Mutation
) -> None:
    """One cause, one code."""
    assert codes(good) == set()
    assert codes(mutation(good)) == {rule.code}


@each_mutant
def test_one_end_alone_shows_nothing_of_it(good: Evidence, rule: Rule, mutation: Mutation) -> None:
    """What was not seen from behind is not judged from behind."""
    assert rule.code not in codes(replace(mutation(good), both_ends=False))


@each_mutant
def test_kept_evidence_is_judged_the_same(good: Evidence, rule: Rule, mutation: Mutation) -> None:
    """A file keeps both ends, and lets a secret be known again without telling it."""
    file = kept({"carried": mutation(good)}, ())
    assert not [secret for secret in good.canaries.values() if secret.encode() in file]
    (again,) = evidence_of(file, Catalogue()).values()
    assert rule.code in codes(again)


def test_every_rule_has_a_mutant() -> None:
    """A rule that nothing breaks here is not known to be judged at all."""
    known = {rule.code for rule in vars(rules).values() if isinstance(rule, Rule)}
    assert known == {rule.code for rule, _ in MUTANTS}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (9_007_199_254_740_993, 9_007_199_254_740_992.0, False),
        ("1", 1, False),
        (None, "", False),
        ([1, {"a": [2]}], [1, {"a": [2.0]}], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": True}, {"a": 1}, False),
    ],
)
def test_values_are_equal_as_json_has_them(one: object, other: object, equal: bool) -> None:  # noqa: FBT001 - a column
    """A number is its value, a flag is no number, and an order of keys says nothing."""
    assert same(one, other) is equal
    assert same(other, one) is equal


@pytest.mark.parametrize("model", PAINTERS, ids=lambda model: model.full_name)
def test_what_is_lost_easily_is_taken_by_every_model(model: Model) -> None:
    """A refusal would show nothing of what happens to it on the way."""
    given = {**given_to(model), **exact(model)}
    assert [*Validator(model.input_schema).violations(given)] == []
    assert given["prompt"] == TEXT
