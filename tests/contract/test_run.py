"""A run: what each case comes to, what it may cost, and what is not asked at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Final

import httpx
import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import CREATES, OTHERS, Intent
from mockserver.contract.exam import Exam, Mail
from mockserver.contract.outcome import Outcome
from mockserver.contract.provider import HttpProvider
from mockserver.contract.run import CASES, Result, examined, whole
from mockserver.examine import Target, exam_of
from mockserver.library.catalogue import Catalogue


CATALOGUE: Final = Catalogue()
MODEL: Final = "black-forest-labs/flux-schnell"
BASE: Final = "https://gateway.example/v1"
NAMED: Final = {case.name: case for case in CASES}
Answers = Callable[[httpx.Request], httpx.Response]


@contextmanager
def ours(gateway: str = "replicate", *, mail: bool = True) -> Iterator[Exam]:
    """An exam of our own fake."""
    target = Target("", gateway, "a-token", MODEL, 30.0)
    with exam_of(target, Budget(None)) as exam:
        if not mail:
            exam.mail = Mail()
        yield exam


def theirs(answers: Answers) -> Exam:
    """An exam of somebody who answers so; no time passes."""
    client = httpx.Client(transport=httpx.MockTransport(answers))
    provider = HttpProvider(CATALOGUE.gateway("replicate"), BASE, "a-token", client)
    model = CATALOGUE.model(MODEL)
    assert model is not None
    return Exam(provider, model, {"prompt": "a hat"}, lambda _: None)


def result(exam: Exam, name: str) -> Result:
    """What one case comes to."""
    (only,) = examined(exam, [NAMED[name]])
    return only


def intents(results: Sequence[Result]) -> list[Intent]:
    """What was asked, in order."""
    return [one.intent for each in results for one in each.evidence.exchanges]


@pytest.mark.parametrize("gateway", CATALOGUE.gateway_names())
def test_a_case_costs_no_more_than_it_says(gateway: str) -> None:
    """Whatever it asks besides: the price that a person agreed to is the price."""
    with ours(gateway) as exam:
        for case in CASES:
            before = exam.budget.asked
            list(examined(exam, [case]))
            assert exam.budget.asked - before <= case.predictions
        assert exam.budget.usd == exam.usd * exam.budget.asked


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_refused_is_not_asked_on(case: Case) -> None:
    """Where nothing is created there is nothing to look at; the refusal is the evidence."""
    exam = theirs(lambda _: httpx.Response(503, json={"detail": "no"}))
    exam.mail.url = "http://127.0.0.1:9/hook"
    seen = intents(list(examined(exam, [case])))
    assert not set(seen) & CREATES or seen[-1] in CREATES
    assert exam.budget.created == []


def test_what_a_gateway_does_not_have_is_not_asked() -> None:
    """The result says what it lacks, and costs nothing."""
    with ours("routeany") as exam:
        told = result(exam, "sync")
    assert (told.outcome, told.reason) == (Outcome.UNSUPPORTED, "RouteAny has no sync")
    assert exam.exchanges == []
    assert told.line == "sync       unsupported: RouteAny has no sync"


def test_a_webhook_that_could_not_arrive_is_not_asked_for() -> None:
    """The reason names the option."""
    with ours(mail=False) as exam:
        told = result(exam, "webhook")
    assert told.outcome is Outcome.SKIPPED
    assert "--webhook-url" in told.reason
    assert exam.exchanges == []


def test_a_budget_that_ends_skips_the_rest() -> None:
    """What was asked before is judged, what would cost is told with the reason."""
    with ours() as exam:
        exam.budget = Budget(1, Decimal(1))
        results = list(examined(exam))
    outcomes = {one.case.name: one.outcome for one in results}
    assert outcomes["lifecycle"] is Outcome.PASSED
    assert {outcomes[name] for name in ("cancel", "sync", "stream", "webhook")} == {
        Outcome.SKIPPED
    }
    assert len(exam.budget.created) == 1


def test_the_evidence_of_all_is_that_of_each_in_order() -> None:
    """Nothing is lost, and nothing is told twice."""
    with ours() as exam:
        results = list(examined(exam))
        assert intents(results) == [one.intent for one in exam.exchanges]
        assert whole(results).exchanges == tuple(exam.exchanges)


def test_without_a_second_account_nobody_spies() -> None:
    """What nobody gave a key for is not asked."""
    with ours() as exam:
        exam.other_token = ""
        assert OTHERS.isdisjoint(intents([result(exam, "lifecycle")]))


def _page(request: httpx.Request) -> httpx.Response:
    """A gateway whose pages lead to another one."""
    assert request.url.host == "gateway.example"
    if request.method == "GET" and request.url.path.endswith("/predictions"):
        body = {"next": "https://elsewhere.example/v1/predictions?cursor=x", "results": []}
        return httpx.Response(200, json=body)
    return httpx.Response(201, json={"id": "a" * 26, "status": "succeeded", "output": None})


def test_a_page_elsewhere_is_not_turned_to() -> None:
    """The token goes to nobody else; that it leads there is a finding."""
    told = result(theirs(_page), "lifecycle")
    assert Intent.LIST in intents([told])
    assert Intent.LIST_NEXT not in intents([told])
    assert ("U101", "/next") in {(one.code, one.at) for one in told.findings}


def test_what_never_ends_is_told_and_not_downloaded() -> None:
    """After the deadline there is neither a list nor an output to ask for."""
    exam = theirs(lambda _: httpx.Response(201, json={"id": "a" * 26, "status": "starting"}))
    for name in ("lifecycle", "stream"):
        told = result(exam, name)
        assert Intent.LOOK_AGAIN not in intents([told])
        assert "L115" in {one.code for one in told.findings}
