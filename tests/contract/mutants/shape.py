"""S: statuses, members, echoes, outputs, lists and figures that are not as they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from mockserver.contract import rules
from mockserver.contract.conformance import Conformance
from mockserver.contract.evidence import CREATES, Evidence, Intent
from mockserver.contract.finding import Finding
from mockserver.library.catalogue import Catalogue
from mockserver.library.openapi import served_document
from tests.contract.mutants.mutant import (
    TOLD,
    Mutant,
    any_one,
    at,
    both,
    ended,
    everywhere,
    first_made,
    telling,
    where,
    without,
)
from tests.mutations import Body, Mutation, answers, each, header, status


CATALOGUE: Final = Catalogue()
PICTURES: Final = each(header("content-type", "image/webp"), Intent.OUTPUT)


def conformance(evidence: Evidence) -> Iterable[Finding]:
    """What the gateway's own OpenAPI document says of it."""
    profile = evidence.profile
    judge = Conformance(served_document(CATALOGUE, profile), profile.base_path)
    return judge.judged(one.raw for one in evidence.exchanges if not one.error)


def listed(change: Callable[[list[Body]], list[Body]], intent: Intent = Intent.LIST) -> Mutation:
    """Changes the results of a list."""
    return answers(lambda page: {**page, "results": change(page["results"])}, intent)


def _with_a_twin(results: list[Body]) -> list[Body]:
    """The newest is there twice, once under an id that nobody was told."""
    return [results[0], {**results[0], "id": "ztwn0000zzrmc0cvevdzzzzzzz"}, *results[1:]]


def _backwards(told: Body) -> Body:
    """The input with its keys in the opposite order."""
    return {**told, "input": dict(sorted(told["input"].items(), reverse=True))}


def _begun(told: Body) -> Body:
    """Logs that begin before the run."""
    return {**told, "logs": "begun\n" + (told["logs"] or "")}


def _running_at_birth(told: Body) -> Body:
    """The start of the first prediction is told before it starts."""
    first = told["status"] == "starting" and told["created_at"] == "2026-01-01T00:00:00Z"
    return {**told, **({"started_at": "2026-01-01T00:00:00.3Z"} if first else {})}


def _fewer(told: Body) -> Body:
    """One output where there are more."""
    return {**told, "output": told["output"] and told["output"][:1]}


def _single(told: Body) -> Body:
    """One output, and no list of it."""
    return {**told, "output": told["output"] and told["output"][0]}


def _streamless(evidence: Evidence) -> Evidence:
    """Nobody listened to the stream."""
    kept = tuple(one for one in evidence.exchanges if one.intent is not Intent.STREAM)
    return replace(evidence, exchanges=kept)


def _figures(**metrics: object) -> Mutation:
    """Other metrics of what succeeded."""
    return everywhere(
        lambda told: {**told, "metrics": {**told["metrics"], **metrics}} if ended(told) else told
    )


def _overtaken(told: Body) -> Body:
    """A success that ended a second later than its figures say."""
    late: dict[str, Any] = {"completed_at": "2026-01-01T00:01:00Z"} if ended(told) else {}
    return {**told, **late}


def _kept_page(evidence: Evidence) -> Evidence:
    """`next` leads to the page where it stood."""
    page = next(evidence.of(Intent.LIST))
    return at(
        Intent.LIST_NEXT,
        lambda one: replace(one, interaction=page.interaction, raw=page.raw),
    )(evidence)


def _answered_before(evidence: Evidence) -> Evidence:
    """The first create call again, with the answer that it had."""
    made = first_made(evidence)
    return replace(evidence, exchanges=(made, made), hooks=())


MUTANTS: Final = (
    Mutant(rules.STATUS_AS_PROFILED, "create answers 206", each(status(206), Intent.CREATE)),
    Mutant(rules.STATUS_AS_PROFILED, "a wait that ended is 203", each(status(203), *CREATES)),
    Mutant(rules.STATUS_AS_PROFILED, "a look answers 203", each(status(203), Intent.LOOK)),
    Mutant(rules.STATUS_AS_PROFILED, "a list answers 206", each(status(206), Intent.LIST)),
    Mutant(rules.STATUS_AS_PROFILED, "a cancel answers 202", each(status(202), Intent.CANCEL)),
    Mutant(
        rules.STATUS_DESCRIBED,
        "a list answers 206",
        each(status(206), Intent.LIST),
        judge=conformance,
    ),
    Mutant(
        rules.MEDIA_TYPE_DESCRIBED,
        "a look is plain text",
        each(header("content-type", "text/plain"), Intent.LOOK),
        judge=conformance,
    ),
    Mutant(
        rules.BODY_DESCRIBED,
        "a status that no schema lists",
        at(Intent.LOOK, telling(where(any_one, status="queued"))),
        judge=conformance,
    ),
    Mutant(rules.MEMBERS_AS_PROFILED, "no logs are told", answers(without("logs"), *TOLD)),
    Mutant(
        rules.MEMBERS_AS_PROFILED,
        "the id stands last",
        answers(lambda told: {**without("id")(told), "id": told["id"]}, *TOLD),
    ),
    Mutant(
        rules.INPUT_ECHOED,
        "a default is added",
        everywhere(lambda told: {**told, "input": {**told["input"], "seed": 1}}),
    ),
    Mutant(
        rules.INPUT_ECHOED,
        "a number becomes a text",
        everywhere(lambda told: {**told, "input": {**told["input"], "num_outputs": "2"}}),
    ),
    Mutant(rules.INPUT_SORTED, "the echo is unsorted", everywhere(_backwards)),
    Mutant(
        rules.BORN_STARTING,
        "it is born with logs",
        both(_streamless, everywhere(_begun)),
    ),
    Mutant(
        rules.BORN_STARTING,
        "it is born running",
        everywhere(_running_at_birth),
    ),
    Mutant(
        rules.BORN_STARTING,
        "it is born with figures",
        at(Intent.CREATE, telling(where(any_one, metrics={"predict_time": 0.1}))),
    ),
    Mutant(
        rules.OUTPUT_AS_MODELED,
        "fewer pictures than were asked for",
        both(_streamless, everywhere(_fewer)),
    ),
    Mutant(
        rules.OUTPUT_AS_MODELED, "one value and no list", both(_streamless, everywhere(_single))
    ),
    Mutant(rules.OUTPUT_IS_A_PICTURE, "an output is gone", each(status(404), Intent.OUTPUT)),
    Mutant(rules.OUTPUT_IS_A_PICTURE, "an output of another type than it says", PICTURES),
    Mutant(
        rules.OUTPUT_IS_A_PICTURE,
        "an output is a page",
        each(header("content-type", "text/html"), Intent.OUTPUT),
    ),
    Mutant(rules.LIST_NEWEST_FIRST, "the newest is missing", listed(lambda it: it[1:])),
    Mutant(rules.LIST_NEWEST_FIRST, "one is told twice", listed(lambda it: [it[0], *it])),
    Mutant(rules.NEIGHBOURS_LEAD_BACK, "next leads nowhere", each(status(404), Intent.LIST_NEXT)),
    Mutant(rules.NEIGHBOURS_LEAD_BACK, "next leads to the same page", _kept_page),
    Mutant(
        rules.NEIGHBOURS_LEAD_BACK,
        "next leads to an empty page",
        listed(lambda _: [], Intent.LIST_NEXT),
    ),
    Mutant(
        rules.NEIGHBOURS_LEAD_BACK,
        "the second page is the first",
        answers(lambda page: {**page, "previous": None}, Intent.LIST_NEXT),
    ),
    Mutant(
        rules.NEIGHBOURS_LEAD_BACK,
        "previous leads elsewhere",
        listed(lambda it: it[:-1], Intent.LIST_PREVIOUS),
    ),
    Mutant(
        rules.NEIGHBOURS_LEAD_BACK,
        "previous leads nowhere",
        each(status(404), Intent.LIST_PREVIOUS),
    ),
    Mutant(rules.CREATED_ANEW, "an answer that was kept", _answered_before),
    Mutant(rules.CREATED_ANEW, "one call made two", listed(_with_a_twin)),
    Mutant(rules.METRICS_ADD_UP, "predict_time in milliseconds", _figures(predict_time=600)),
    Mutant(rules.METRICS_ADD_UP, "total_time without the queue", _figures(total_time=0.6)),
    Mutant(rules.METRICS_ADD_UP, "the end is another one", everywhere(_overtaken)),
    Mutant(rules.MODEL_AS_ASKED, "another model", everywhere(where(any_one, model="a/b"))),
    Mutant(rules.OPERATION_THERE, "a look is refused", each(status(404), Intent.LOOK)),
    Mutant(
        rules.OPERATION_THERE,
        "there is no list",
        each(status(404), Intent.LIST),
        gateways=("replicate",),
    ),
    Mutant(
        rules.OPERATION_THERE,
        "a cancel breaks down",
        each(status(503), Intent.CANCEL),
        gateways=("replicate",),
    ),
)
