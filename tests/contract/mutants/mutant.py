"""What a mutant is, and the changes that several of them make."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from mockserver.contract.evidence import CREATES, LOOKS, Evidence, Exchange, Hook, Intent
from mockserver.contract.finding import Finding, Rule
from mockserver.contract.judge import findings
from tests.mutations import Body, Mutation, answers, body, each, hooks


BOTH: Final = ("replicate", "winfull")
TOLD: Final = (*CREATES, *LOOKS)
LISTS: Final = (Intent.LIST_BEFORE, Intent.LIST, Intent.LIST_NEXT, Intent.LIST_PREVIOUS)
CANCELS: Final = (Intent.CANCEL, Intent.CANCEL_AGAIN)

Change = Callable[[Body], Body]


@dataclass(frozen=True)
class Mutant:
    """Something that goes wrong, as a change to what was said of a good gateway, and its rule.

    `judge` finds it: the probes of an exam, or a function that only the suites can call.
    `gateways` are those in whose answers it can be shown.
    """

    rule: Rule
    wrong: str
    mutation: Mutation
    gateways: tuple[str, ...] = BOTH
    judge: Callable[[Evidence], Iterable[Finding]] = findings

    def codes(self, good: Evidence) -> set[str]:
        """The codes of what is found once it went wrong."""
        return {finding.code for finding in self.judge(self.mutation(good))}


def everywhere(change: Change) -> Mutation:
    """Changes every prediction that anything tells; nobody can sign the webhooks anew."""

    def mutated(evidence: Evidence) -> Evidence:
        lists = answers(lambda page: _paged(page, change), *LISTS, Intent.OTHER_LIST)
        alone = answers(change, *TOLD, *CANCELS)
        letters = hooks(lambda arrived: (_letter(hook, change) for hook in arrived))
        return replace(letters(alone(lists(evidence))), hook_secret="")

    return mutated


def where(holds: Callable[[Body], bool], **members: object) -> Change:
    """Sets these members in the predictions of which `holds` is true."""
    return lambda told: {**told, **members} if holds(told) else told


def ended(told: Body) -> bool:
    """Whether it succeeded."""
    return bool(told["status"] == "succeeded")


def running(told: Body) -> bool:
    """Whether it is processing."""
    return bool(told["status"] == "processing")


def any_one(_told: Body) -> bool:
    """Whatever is told."""
    return True


def without(*names: str) -> Change:
    """The prediction without these members."""
    return lambda told: {name: value for name, value in told.items() if name not in names}


def at(intent: Intent, change: Callable[[Exchange], Exchange], *, place: int = 0) -> Mutation:
    """Changes one exchange: that of this intent at `place`; -1 is the last."""

    def mutated(evidence: Evidence) -> Evidence:
        chosen = list(evidence.of(intent))[place]
        changed = (change(one) if one is chosen else one for one in evidence.exchanges)
        return replace(evidence, exchanges=tuple(changed))

    return mutated


def telling(change: Change) -> Callable[[Exchange], Exchange]:
    """The exchange with its JSON changed."""
    return lambda one: body(one, lambda data: json.dumps(change(json.loads(data))).encode())


def saying(change: Callable[[str], str], *intents: Intent) -> Mutation:
    """Changes the text of answers."""
    return each(lambda one: body(one, lambda it: change(it.decode()).encode()), *intents)


def both(*mutations: Mutation) -> Mutation:
    """One mutation after the other."""

    def mutated(evidence: Evidence) -> Evidence:
        for mutation in mutations:
            evidence = mutation(evidence)
        return evidence

    return mutated


def unknown_secret(evidence: Evidence) -> Evidence:
    """Nobody knows what webhooks are signed with."""
    return replace(evidence, hook_secret="")


def kept_only(keeps: Callable[[Evidence], Iterable[Exchange]]) -> Mutation:
    """Only some of the exchanges, and no webhooks."""
    return lambda evidence: replace(evidence, exchanges=tuple(keeps(evidence)), hooks=())


def first_made(evidence: Evidence) -> Exchange:
    """The first create call."""
    return next(evidence.of(Intent.CREATE))


def _paged(page: dict[str, Any], change: Change) -> dict[str, Any]:
    return {**page, "results": [change(one) for one in page["results"]]}


def _letter(hook: Hook, change: Change) -> Hook:
    told = json.dumps(change(json.loads(hook.request.body))).encode()
    return replace(hook, request=replace(hook.request, body=told))
