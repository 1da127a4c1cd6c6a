"""U, P, T and W: addresses, sync answers, streams and webhooks that mislead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Hook, Intent
from tests.contract.mutants.mutant import TOLD, Mutant, any_one, both, unknown_secret, where
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


ELSEWHERE: Final = "https://other.example"


def _led(name: str, address: str) -> Callable[[Body], Body]:
    """One of `urls` leads elsewhere."""
    return lambda told: {**told, "urls": {**told["urls"], name: address}}


def _answer(**members: object) -> Mutation:
    """The sync answer tells these members."""
    return answers(where(any_one, **members), Intent.CREATE_SYNC)


def _unheard() -> Mutation:
    """A wait that was answered at once, and without the header."""
    silent = each(header("preference-applied", None), Intent.CREATE_SYNC)
    return both(silent, _answer(status="starting", output=None))


def _lost(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """The end is not told."""
    return (hook for hook in arrived if not ends(hook))


def _edited(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """A space more than was signed."""
    for hook in arrived:
        yield replace(hook, request=replace(hook.request, body=hook.request.body + b" "))


def _foreign(page: Body) -> Body:
    return {**page, "next": f"{ELSEWHERE}/v1/predictions?cursor=x"}


MUTANTS: Final = (
    Mutant(
        rules.URLS_USABLE,
        "urls.get leads elsewhere",
        answers(_led("get", f"{ELSEWHERE}/v1/p"), *TOLD),
    ),
    Mutant(rules.URLS_USABLE, "urls.get is refused", each(status(401), Intent.FOLLOW)),
    Mutant(rules.URLS_USABLE, "next leads elsewhere", answers(_foreign, Intent.LIST)),
    Mutant(
        rules.LOCATION_IS_GET,
        "Location is another path",
        each(header("location", "/v1/elsewhere"), *CREATES),
    ),
    Mutant(rules.WAIT_HONOURED, "a wait is not heard", _unheard()),
    Mutant(
        rules.WAIT_RUN_OUT_IS_STARTING,
        "a wait that ran out says processing",
        _answer(status="processing", output=None),
    ),
    Mutant(
        rules.WAIT_KEPT_SHORT,
        "a wait is a minute",
        each(lambda one: replace(one, took_ms=60_000), Intent.CREATE_SYNC),
    ),
    Mutant(
        rules.STREAM_ENDS_WITH_DONE,
        "no done",
        events(lambda text: text.replace("event: done", ": ")),
    ),
    Mutant(
        rules.STREAM_ENDS_WITH_DONE,
        "done, and something after it",
        events(lambda text: f"{text}event: ping\nid: 9:9\ndata: x\n\n"),
    ),
    Mutant(
        rules.STREAM_IN_ORDER,
        "one id for all",
        events(lambda text: text.replace("id: ", "id: 1\nx: ")),
    ),
    Mutant(rules.STREAM_IN_ORDER, "no ids", events(lambda text: text.replace("id: ", "x: "))),
    Mutant(
        rules.STREAM_TELLS_THE_OUTPUT,
        "another output",
        events(lambda text: text.replace("out-1", "out-7")),
    ),
    Mutant(
        rules.STREAM_TELLS_THE_OUTPUT,
        "other logs",
        events(lambda text: text.replace("running", "resting")),
    ),
    Mutant(
        rules.STREAM_IS_TYPED,
        "a stream is plain text",
        each(header("content-type", "text/plain"), Intent.STREAM),
    ),
    Mutant(rules.STREAM_IS_TYPED, "a stream is not found", each(status(404), Intent.STREAM)),
    Mutant(rules.COMPLETED_ONCE, "the end is told twice", both(unknown_secret, hooks(again))),
    Mutant(
        rules.HOOK_TELLS_THE_PREDICTION,
        "the end is told with another output",
        both(unknown_secret, hooks(told_otherwise)),
    ),
    Mutant(rules.HOOK_IS_SIGNED, "signed by nobody", hooks(unsigned)),
    Mutant(rules.HOOK_IS_SIGNED, "changed after it was signed", hooks(_edited)),
    Mutant(rules.HOOK_ARRIVES, "the end is not told", hooks(_lost)),
    Mutant(rules.HOOK_ARRIVES, "no webhook arrives", hooks(lambda _: iter(()))),
)
