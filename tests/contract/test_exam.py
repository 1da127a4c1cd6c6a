"""An exam: what it may cost, where its token goes, what it keeps of what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import httpx
import pytest

from mockserver.contract.budget import Budget, Spent
from mockserver.contract.capabilities import capabilities
from mockserver.contract.evidence import Intent
from mockserver.contract.exam import Exam
from mockserver.contract.provider import HttpProvider
from mockserver.contract.receiver import receiving
from mockserver.contract.run import judged
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import UnknownName


CATALOGUE = Catalogue()
BASE = "https://gateway.example/v1"
Answers = Callable[[httpx.Request], httpx.Response]


def exam(answers: Answers, budget: Budget | None = None) -> Exam:
    """An exam of somebody who answers so; no time passes."""
    client = httpx.Client(transport=httpx.MockTransport(answers))
    provider = HttpProvider(CATALOGUE.gateway("replicate"), BASE, "a-token", client)
    model = CATALOGUE.model("black-forest-labs/flux-schnell")
    assert model is not None
    return Exam(
        provider, model, {"prompt": "a hat", "num_outputs": 2}, lambda _: None, budget or Budget()
    )


def created(request: httpx.Request) -> httpx.Response:
    """Every request gets a prediction that only begins."""
    assert request.url.host == "gateway.example" or "authorization" not in request.headers
    urls = {"get": "https://elsewhere.example/p", "stream": "https://elsewhere.example/s"}
    return httpx.Response(201, json={"id": "a" * 26, "status": "starting", "urls": urls})


def test_a_budget_counts_before_it_asks() -> None:
    """The next prediction is refused, and no request is sent for it."""
    asked = exam(created, Budget(1))
    asked.create()
    with pytest.raises(Spent, match="1 of 1 predictions are used up"):
        asked.create()
    assert len(asked.exchanges) == 1
    assert asked.budget.usd == Decimal("0.006")


def test_a_mistake_that_is_taken_is_paid_for() -> None:
    """A gateway that creates what it should refuse spends the budget as well."""
    asked = exam(created, Budget(2))
    asked.mistake(Intent.INPUT_MISSING, "/models/a/b/predictions", body={})
    assert (asked.budget.asked, asked.budget.created) == (1, ["a" * 26])


def test_the_token_goes_to_its_own_origin_only() -> None:
    """Addresses that lead elsewhere are asked without it; `created` refuses anything else."""
    asked = exam(created)
    asked.ask(Intent.FOLLOW, "GET", "https://elsewhere.example/p")
    asked.listen("https://elsewhere.example/s")
    asked.ask(Intent.FOLLOW, "GET", f"{BASE}/predictions/x")
    assert [one.error for one in asked.exchanges] == ["", "", ""]


def test_a_connection_that_breaks_is_an_answer_too() -> None:
    """It is kept, with the reason, and told among the capabilities."""

    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too late", request=request)

    asked = exam(broken)
    asked.create()
    asked.listen(f"{BASE}/streams/x")
    assert {one.error for one in asked.exchanges} == {"ReadTimeout: too late"}
    seen = {row.feature: row.seen for row in capabilities(asked.evidence())}
    assert seen["create"] == seen["stream"] == "no answer (ReadTimeout: too late)"
    assert (seen["list"], seen["webhooks"]) == ("not asked", "none arrived")


def test_a_prediction_that_does_not_end_is_given_up() -> None:
    """After the deadline, and what is left is canceled when the exam is abandoned."""
    asked = exam(created)
    made = asked.create().prediction_id
    assert asked.until_ended(made) is None
    asked.abandon()
    assert asked.exchanges[-1].request.path == f"/v1/predictions/{made}/cancel"


@pytest.mark.parametrize(
    ("intent", "status", "told", "seen"),
    [
        (Intent.LIST, 200, {"items": []}, "answers without results"),
        (Intent.CANCEL, 200, {"id": "x", "status": "processing"}, "answers processing"),
        (Intent.CREATE_SYNC, 201, {"id": "x", "status": "starting"}, "is not heard"),
        (Intent.STREAM, 200, {}, "answers application/json"),
        (Intent.LOOK, 404, {}, "refused with 404"),
    ],
)
def test_what_does_not_work_is_told_how(
    intent: Intent, status: int, told: object, seen: str
) -> None:
    """The truth table says more than no."""
    asked = exam(lambda _: httpx.Response(status, json=told))
    asked.ask(intent, "GET", "/anything")
    assert seen in {row.seen for row in capabilities(asked.evidence())}


def test_webhooks_arrive_with_their_bytes() -> None:
    """Body and headers as they were posted, at the time of whoever is examined."""
    with receiving() as mail:
        mail.now_ms = lambda: 7
        httpx.post(mail.url, content=b"{}", headers={"Webhook-Id": "msg_1"})
        mail.wait(lambda _: None)
    (hook,) = mail.arrived
    assert (hook.request.body, hook.at_ms) == (b"{}", 7)
    assert hook.request.header("webhook-id") == "msg_1"


def test_a_case_that_is_not_known_is_told_so() -> None:
    """As every other unknown name."""
    with pytest.raises(UnknownName, match="no case is called 'x'"):
        judged("x", exam(created).evidence())
