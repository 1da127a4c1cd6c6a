"""One thing changed in what was said of a good gateway, and the judge names that one rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pytest

from mockserver.contract import rules
from mockserver.contract.budget import Budget
from mockserver.contract.evidence import (
    BOTH_ENDS,
    CREATES,
    LOOKS,
    Evidence,
    Exchange,
    Hook,
    Intent,
)
from mockserver.contract.finding import Rule
from mockserver.contract.judge import findings
from mockserver.contract.run import CASES, examined, whole
from mockserver.examine import Target, exam_of, mail_of
from tests.mutations import (
    Body,
    Mutation,
    again,
    answers,
    each,
    ends,
    events,
    header,
    hooks,
    status,
    told_otherwise,
    unsigned,
)


UNASKED: Final = BOTH_ENDS | {Intent.LIST_NEXT, Intent.LIST_PREVIOUS}
"""What takes both ends of a gateway, or more predictions than a page holds."""
TOLD: Final = (*CREATES, *LOOKS)
ELSEWHERE: Final = frozenset(
    {
        # The oracle's own rules have their mutants in test_oracle.py.
        *(f"L{number}" for number in range(101, 114)),
        # These need what no recording tells: a scenario, a document, a page's neighbour, an
        # account beside this one. The suites in contract_tests/ judge them.
        *("L114", "S102", "S103", "S104", "S107", "S112", "S114", "E103", "E104", "A101", "D101"),
    }
)


@pytest.fixture(scope="module")
def good() -> Evidence:
    """Everything that an exam of our own fake brings to light, the secret of webhooks included."""
    target = Target("", "replicate", "a-token", "black-forest-labs/flux-schnell", 120.0)
    with exam_of(target, Budget(None)) as exam, mail_of(target, "", 0) as exam.mail:
        exam.mail.now_ms = exam.provider.now_ms
        return whole(list(examined(exam, CASES)))


def codes(evidence: Evidence) -> set[str]:
    """The codes of what is found."""
    return {finding.code for finding in findings(evidence)}


def without_secret(mutation: Mutation) -> Mutation:
    """The mutation where nobody knows what webhooks are signed with."""
    return lambda evidence: replace(mutation(evidence), hook_secret="")


@dataclass(frozen=True)
class Mutant:
    """A mutation, and the rule that it breaks."""

    rule: Rule
    mutation: Mutation


def listed(change: Callable[[list[Body]], list[Body]]) -> Mutation:
    """Changes the results of lists."""
    return answers(lambda told: {**told, "results": change(told["results"])}, Intent.LIST)


def everywhere(change: Callable[[Body], Body]) -> Mutation:
    """Changes every prediction that an answer tells."""
    in_lists = listed(lambda results: [change(one) for one in results])
    alone = answers(change, *TOLD, Intent.CANCEL, Intent.CANCEL_AGAIN)
    return lambda evidence: alone(in_lists(evidence))


def _begun(told: Body) -> Body:
    """Logs that begin before the run."""
    return {**told, "logs": "begun\n" + (told["logs"] or "")}


def _lacks(told: Body, name: str) -> Body:
    return {key: value for key, value in told.items() if key != name}


def _unended(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Only the first looks at the first prediction: it never came further than `processing`."""
    first = next(one for one in exchanges if one.intent is Intent.CREATE)
    looks = [one for one in exchanges if one.prediction_id == first.prediction_id]
    return tuple(one for one in looks if one.body["status"] in ("starting", "processing"))


def _fewer(evidence: Evidence) -> Evidence:
    """One picture where two were asked for, in whatever tells of them."""
    fewer = answers(lambda it: {**it, "output": it["output"] and it["output"][:1]}, *TOLD)
    kept = tuple(
        one for one in evidence.exchanges if one.intent not in (Intent.LIST, Intent.STREAM)
    )
    return fewer(
        replace(evidence, exchanges=kept, hooks=_one_output(evidence.hooks), hook_secret="")
    )


def _one_output(arrived: tuple[Hook, ...]) -> tuple[Hook, ...]:
    def fewer(hook: Hook) -> Hook:
        told = json.loads(hook.request.body)
        told["output"] = told["output"] and told["output"][:1]
        return replace(hook, request=replace(hook.request, body=json.dumps(told).encode()))

    return tuple(map(fewer, arrived))


def _twice(evidence: Evidence) -> Evidence:
    """The first create call again, with the answer that it had."""
    first = next(one for one in evidence.exchanges if one.intent is Intent.CREATE)
    return replace(evidence, exchanges=(first, first), hooks=())


def _accepted(evidence: Evidence) -> Evidence:
    """A body that is no JSON is taken, like any other."""
    made = next(one for one in evidence.exchanges if one.intent is Intent.CREATE)
    taken = replace(made, intent=Intent.NOT_JSON)
    return replace(evidence, exchanges=(taken,), hooks=())


def _welcomed(evidence: Evidence) -> Evidence:
    """Who has no token creates."""
    made = next(one for one in evidence.exchanges if one.intent is Intent.CREATE)
    return replace(evidence, exchanges=(replace(made, intent=Intent.NO_TOKEN),), hooks=())


def _unheard(evidence: Evidence) -> Evidence:
    """A wait that was answered at once, and without the header."""
    silent = each(header("preference-applied", None), Intent.CREATE_SYNC)
    at_once = answers(lambda it: {**it, "status": "starting", "output": None}, Intent.CREATE_SYNC)
    return silent(at_once(evidence))


MUTANTS: Final = (
    Mutant(rules.WAITED_FOR_ENDS, lambda it: replace(it, exchanges=_unended(it.exchanges))),
    Mutant(rules.STATUS_AS_PROFILED, each(status(200), Intent.CREATE)),
    Mutant(rules.STATUS_AS_PROFILED, each(status(206), Intent.LIST)),
    Mutant(rules.OPERATION_THERE, each(status(404), Intent.LIST)),
    Mutant(rules.OPERATION_THERE, each(status(503), Intent.CANCEL)),
    Mutant(rules.MEMBERS_AS_PROFILED, answers(lambda it: _lacks(it, "logs"), *TOLD)),
    Mutant(rules.INPUT_ECHOED, everywhere(lambda it: {**it, "input": {"prompt": "x"}})),
    Mutant(rules.BORN_STARTING, everywhere(_begun)),
    Mutant(rules.OUTPUT_AS_MODELED, _fewer),
    Mutant(rules.OUTPUT_IS_A_PICTURE, each(status(404), Intent.OUTPUT)),
    Mutant(rules.OUTPUT_IS_A_PICTURE, each(header("content-type", "text/html"), Intent.OUTPUT)),
    Mutant(rules.LIST_NEWEST_FIRST, listed(lambda results: results[1:])),
    Mutant(rules.LIST_NEWEST_FIRST, listed(lambda results: [results[0], *results])),
    Mutant(rules.CREATED_ANEW, _twice),
    Mutant(rules.MODEL_AS_ASKED, everywhere(lambda it: {**it, "model": "a/b"})),
    Mutant(rules.REFUSED_AS_PROFILED, each(status(410), Intent.UNKNOWN_ID)),
    Mutant(rules.ENVELOPE_AS_PROFILED, answers(lambda _: {"oops": 1}, Intent.UNKNOWN_ID)),
    Mutant(rules.WAY_OUT_TOLD, each(header("allow", None), Intent.WRONG_METHOD)),
    Mutant(rules.MISTAKES_BLAMED, _accepted),
    Mutant(rules.REFUSAL_IS_JSON, each(header("content-type", "text/html"), Intent.UNKNOWN_ID)),
    Mutant(
        rules.ANSWERED,
        each(lambda one: replace(status(0)(one), error="ReadTimeout: "), Intent.UNKNOWN_PATH),
    ),
    Mutant(rules.STRANGERS_REFUSED, _welcomed),
    Mutant(
        rules.URLS_USABLE,
        answers(lambda it: {**it, "urls": {"get": "https://other.example/v1/p"}}, *TOLD),
    ),
    Mutant(rules.URLS_USABLE, each(status(401), Intent.FOLLOW)),
    Mutant(rules.LOCATION_IS_GET, each(header("location", "/v1/elsewhere"), *CREATES)),
    Mutant(rules.WAIT_HONOURED, _unheard),
    Mutant(
        rules.WAIT_RUN_OUT_IS_STARTING,
        answers(lambda it: {**it, "status": "processing", "output": None}, Intent.CREATE_SYNC),
    ),
    Mutant(
        rules.WAIT_KEPT_SHORT,
        each(lambda one: replace(one, took_ms=60_000), Intent.CREATE_SYNC),
    ),
    Mutant(rules.STREAM_ENDS_WITH_DONE, events(lambda text: text.replace("event: done", ": "))),
    Mutant(rules.STREAM_IN_ORDER, events(lambda text: text.replace("id: ", "id: 1\nx: "))),
    Mutant(rules.STREAM_TELLS_THE_OUTPUT, events(lambda text: text.replace("out-1", "out-7"))),
    Mutant(rules.STREAM_IS_TYPED, each(header("content-type", "text/plain"), Intent.STREAM)),
    Mutant(rules.COMPLETED_ONCE, without_secret(hooks(again))),
    Mutant(rules.HOOK_TELLS_THE_PREDICTION, without_secret(hooks(told_otherwise))),
    Mutant(rules.HOOK_IS_SIGNED, hooks(unsigned)),
    Mutant(rules.HOOK_ARRIVES, hooks(lambda arrived: (it for it in arrived if not ends(it)))),
)


def test_nothing_is_found_in_what_was_said_of_a_good_gateway(good: Evidence) -> None:
    """And much was said: every case was asked."""
    assert codes(good) == set()
    assert {one.intent for one in good.exchanges} == set(Intent) - UNASKED
    assert any(ends(hook) for hook in good.hooks)
    assert good.hook_secret


@pytest.mark.parametrize(
    "mutant", MUTANTS, ids=[f"{at}-{one.rule.code}" for at, one in enumerate(MUTANTS)]
)
def test_a_mutant_breaks_its_rule_and_no_other(good: Evidence, mutant: Mutant) -> None:
    """One cause, one code."""
    assert codes(mutant.mutation(good)) == {mutant.rule.code}


def test_every_rule_has_a_mutant() -> None:
    """A rule that nothing breaks here is not known to be judged at all."""
    known = {rule.code for rule in vars(rules).values() if isinstance(rule, Rule)}
    assert known - {mutant.rule.code for mutant in MUTANTS} == ELSEWHERE
