"""E and A: refusals that are none, that say nothing, or that come to the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import MISTAKES, STRANGERS, Evidence, Exchange, Hook, Intent
from tests.contract.mutants.mutant import Mutant, at, first_made, kept_only, saying
from tests.mutations import Mutation, answers, body, each, header, hooks, status


NEW_API: Final = ("winfull",)
REFUSED: Final = (
    *MISTAKES,
    *STRANGERS,
    Intent.UNKNOWN_MODEL,
    Intent.UNKNOWN_ID,
    Intent.UNKNOWN_PATH,
    Intent.WRONG_METHOD,
    Intent.OTHER_ACCOUNT,
)


def _welcomed(intent: Intent) -> Mutation:
    """Who should be refused creates, like anybody else."""
    return kept_only(lambda evidence: [replace(first_made(evidence), intent=intent)])


def _shown(evidence: Evidence) -> Evidence:
    """A second account looks at the first one's prediction, and sees it."""
    look = next(evidence.of(Intent.LOOK_AGAIN))
    return at(
        Intent.OTHER_ACCOUNT, lambda one: replace(one, interaction=look.interaction, raw=look.raw)
    )(evidence)


def _listed(evidence: Evidence) -> Evidence:
    """A second account lists what the first one made."""
    page = next(evidence.of(Intent.LIST))
    return at(
        Intent.OTHER_LIST, lambda one: replace(one, interaction=page.interaction, raw=page.raw)
    )(evidence)


def _keyed(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """The last webhook has the token of the account in a header."""
    *before, last = arrived
    headers = (*last.request.headers, ("x-account", "a-token"))
    yield from (*before, replace(last, request=replace(last.request, headers=headers)))


def _silent(one: Exchange) -> Exchange:
    """No answer came."""
    return replace(status(0)(one), error="ReadTimeout: ")


def _bodiless(change: bytes) -> Callable[[Exchange], Exchange]:
    return lambda one: body(one, lambda _: change)


MUTANTS: Final = (
    Mutant(rules.REFUSED_AS_PROFILED, "nobody's id is gone", each(status(410), Intent.UNKNOWN_ID)),
    Mutant(
        rules.REFUSED_AS_PROFILED,
        "nobody's model breaks the server",
        each(status(500), Intent.UNKNOWN_MODEL),
    ),
    Mutant(
        rules.REFUSED_AS_PROFILED,
        "a wrong input is a conflict",
        each(status(409), Intent.INPUT_WRONG),
    ),
    Mutant(
        rules.REFUSED_AS_PROFILED,
        "what another account made is forbidden",
        each(status(403), Intent.OTHER_ACCOUNT),
    ),
    Mutant(
        rules.ENVELOPE_AS_PROFILED,
        "a refusal in words of its own",
        answers(lambda _: {"oops": 1}, *REFUSED),
    ),
    Mutant(
        rules.ENVELOPE_AS_PROFILED,
        "a refusal that is a list",
        each(_bodiless(b"[]"), Intent.UNKNOWN_ID),
    ),
    Mutant(
        rules.FAULT_IS_NAMED,
        "a wrong input is refused without a word of it",
        saying(lambda text: text.replace("prompt", "something"), Intent.INPUT_WRONG),
    ),
    Mutant(
        rules.FAULT_IS_NAMED,
        "a missing input is not named",
        saying(lambda text: text.replace("input", "it"), Intent.INPUT_MISSING),
    ),
    Mutant(
        rules.REQUEST_ID_TOLD,
        "no request id in a header",
        each(header("x-oneapi-request-id", None), *REFUSED),
        gateways=NEW_API,
    ),
    Mutant(
        rules.REQUEST_ID_TOLD,
        "another request id in the message",
        each(header("x-oneapi-request-id", "20260101000000000000000another"), *REFUSED),
        gateways=NEW_API,
    ),
    Mutant(
        rules.WAY_OUT_TOLD,
        "405 without the methods there are",
        each(header("allow", None), Intent.WRONG_METHOD),
    ),
    Mutant(rules.MISTAKES_BLAMED, "half a body is taken", _welcomed(Intent.NOT_JSON)),
    Mutant(
        rules.MISTAKES_BLAMED,
        "a wrong input breaks the server",
        each(status(500), Intent.INPUT_WRONG),
    ),
    Mutant(
        rules.MISTAKES_BLAMED,
        "a missing input is refused with 200",
        each(status(200), Intent.INPUT_MISSING),
    ),
    Mutant(
        rules.REFUSAL_IS_JSON,
        "a refusal is a page",
        each(header("content-type", "text/html"), *REFUSED),
    ),
    Mutant(
        rules.REFUSAL_IS_JSON,
        "a refusal is half a JSON",
        each(_bodiless(b'{"detail": '), Intent.UNKNOWN_PATH),
    ),
    Mutant(rules.ANSWERED, "a path is never answered", each(_silent, Intent.UNKNOWN_PATH)),
    Mutant(rules.ANSWERED, "a stream is never answered", each(_silent, Intent.STREAM)),
    Mutant(rules.ANSWERED, "a list is never answered", each(_silent, Intent.LIST)),
    Mutant(rules.ACCOUNTS_ISOLATED, "another account is shown it", _shown),
    Mutant(rules.ACCOUNTS_ISOLATED, "another account lists it", _listed),
    Mutant(
        rules.TOKEN_UNTOLD,
        "a refusal repeats the token",
        saying(lambda text: text.replace('":"', '":"a-token: ', 1), Intent.UNKNOWN_MODEL),
    ),
    Mutant(
        rules.TOKEN_UNTOLD,
        "a header hands the token on",
        each(header("x-used-key", "Bearer a-token"), Intent.LIST),
    ),
    Mutant(
        rules.TOKEN_UNTOLD,
        "an output is fetched with the token in its address",
        at(Intent.OUTPUT, header("location", "https://cdn.example/a.png?key=a-token")),
    ),
    Mutant(rules.TOKEN_UNTOLD, "a webhook carries the token", hooks(_keyed)),
    Mutant(rules.STRANGERS_REFUSED, "nobody creates", _welcomed(Intent.NO_TOKEN)),
    Mutant(
        rules.STRANGERS_REFUSED,
        "an unset token is not found",
        each(status(404), Intent.UNSET_TOKEN),
    ),
    Mutant(
        rules.STRANGERS_REFUSED,
        "a wrong token is refused with 200",
        each(status(200), Intent.WRONG_TOKEN),
    ),
)
