"""An exam that sees both ends: nothing is found of a right gateway, each wrong one by its code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from mockserver.contract import rules_gateway as rules
from mockserver.contract.finding import Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.rules import WAIT_HONOURED
from mockserver.contract.run import Result


if TYPE_CHECKING:
    from tests.contract.conftest import Examine, Send

SCHEME: Final = "Bearer "


def codes(results: list[Result]) -> set[str]:
    """The codes of all that was found."""
    return {finding.code for result in results for finding in result.findings}


def creates(request: httpx.Request) -> bool:
    """Whether a request asks for a prediction."""
    return request.method == "POST" and request.url.path.endswith("/predictions")


def test_a_right_gateway_is_found_right(relayed: Examine) -> None:
    """A relay that swaps the key, and hands on everything else as it comes, passes every case."""
    results = relayed()
    assert codes(results) == set()
    assert {result.outcome for result in results} == {Outcome.PASSED}
    seen = [one for result in results for each in result.evidence.exchanges for one in each.behind]
    assert {one.status for one in seen} >= {0, 200, 201, 402, 404, 422, 429, 500, 503}


# ---- what goes wrong on the way in ----------------------------------------------------------


def with_the_clients_key(request: httpx.Request) -> httpx.Request:
    """The client's key goes along, for whatever purpose."""
    request.headers["x-billed-to"] = request.headers["authorization"].removeprefix(SCHEME)
    return request


def through_floats(request: httpx.Request) -> httpx.Request:
    """The body is read and written by a language whose numbers are floats."""
    if not creates(request):
        return request
    try:
        told = json.loads(request.content, parse_int=lambda digits: int(float(digits)))
    except ValueError:
        return request
    return rewritten(request, told)


def rewritten(request: httpx.Request, told: object) -> httpx.Request:
    """The request with another body."""
    headers = [(k, v) for k, v in request.headers.multi_items() if k != "content-length"]
    content = json.dumps(told).encode()
    return httpx.Request(request.method, request.url, headers=headers, content=content)


def without(*names: str) -> Callable[[httpx.Request], httpx.Request]:
    """Headers and members of these names are lost."""

    def changed(request: httpx.Request) -> httpx.Request:
        for name in names:
            request.headers.pop(name, None)
        try:
            told = json.loads(request.content)
        except ValueError:
            return request
        return rewritten(request, {k: v for k, v in told.items() if k not in names})

    return changed


# ---- what goes wrong in between -------------------------------------------------------------


def twice(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """What was created is created once more."""
    answer = client.send(request, stream=True)
    return client.send(request, stream=True) if creates(request) and made(answer) else answer


def made(answer: httpx.Response) -> bool:
    """Whether something was created."""
    answer.read()
    return answer.status_code == 201


def whole(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """An answer is kept until all of it is there."""
    return client.send(request)


def waiting(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """A create call is held until its prediction has ended."""
    answer = client.send(request)
    if not creates(request) or not made(answer):
        return answer
    told, kept = answer.json(), ("authorization", "host")
    headers = {name: request.headers[name] for name in kept}
    look = request.url.copy_with(path=f"/v1/predictions/{told['id']}")
    while told["status"] in ("starting", "processing"):
        told = client.get(look, headers=headers).json()
    return httpx.Response(201, json=told)


def again(method: str) -> Send:
    """What failed is tried once more."""

    def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
        try:
            answer = client.send(request, stream=True)
        except httpx.TransportError:
            if request.method != method:
                raise
            return client.send(request, stream=True)
        failed = answer.status_code == 503 and request.method == method
        return client.send(request, stream=True) if failed else answer

    return send


def remembering(method: str) -> Send:
    """Every other request of a sort is answered with what the one before it was answered."""
    kept: dict[tuple[str, bytes], httpx.Response] = {}

    def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
        key = str(request.url), request.content
        if request.method != method or "/predictions" not in key[0]:
            return client.send(request, stream=True)
        before = kept.pop(key, None)
        if before is None:
            kept[key] = client.send(request)
        return before or kept[key]

    return send


# ---- what goes wrong on the way out ---------------------------------------------------------


def status(upstreams: int, told: int) -> Callable[[httpx.Response], httpx.Response]:
    """One status becomes another."""

    def changed(answer: httpx.Response) -> httpx.Response:
        if answer.status_code == upstreams:
            answer.status_code = told
        return answer

    return changed


def limitless(answer: httpx.Response) -> httpx.Response:
    """What is left of a limit is kept from the client."""
    for name in ("ratelimit-remaining", "ratelimit-reset"):
        answer.headers.pop(name, None)
    return answer


def silent(answer: httpx.Response) -> httpx.Response:
    """How long to wait is kept from the client."""
    answer.headers.pop("retry-after", None)
    return answer


def page(answer: httpx.Response) -> httpx.Response:
    """A failure is told by a page."""
    if answer.status_code < 500:
        return answer
    headers = {"Content-Type": "text/html"}
    return httpx.Response(answer.status_code, headers=headers, content=b"<h1>Oops</h1>")


WRONG: Final[tuple[tuple[Rule, dict[str, Any]], ...]] = (
    (rules.KEY_STAYS_HERE, {"change": with_the_clients_key}),
    (rules.INPUT_IS_CARRIED, {"change": through_floats}),
    (rules.ASKED_IS_CARRIED, {"change": without("cancel-after")}),
    (rules.ASKED_IS_CARRIED, {"change": without("webhook_events_filter")}),
    (rules.CREATED_ONCE, {"send": twice}),
    (rules.STREAM_IS_CARRIED_ON, {"send": whole}),
    (rules.SENT_ONCE, {"send": again("POST")}),
    (rules.SENT_ONCE, {"send": again("GET")}),
    (rules.STATUS_IS_CARRIED, {"tell": status(402, 500)}),
    (rules.STATUS_IS_CARRIED, {"tell": status(429, 503)}),
    (rules.WAIT_IS_TOLD, {"tell": silent}),
    (rules.WAIT_IS_TOLD, {"tell": limitless}),
    (rules.FAILURE_IS_JSON, {"tell": page}),
)


@pytest.mark.parametrize(
    ("rule", "wrong"), WRONG, ids=[f"{at}-{rule.code}" for at, (rule, _) in enumerate(WRONG)]
)
def test_a_wrong_gateway_is_found_by_its_code(
    relayed: Examine, rule: Rule, wrong: dict[str, Any]
) -> None:
    """One mistake, one code, whatever else is asked."""
    assert codes(relayed(**wrong)) == {rule.code}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_was_kept_is_found(relayed: Examine, method: str) -> None:
    """A success that upstream was not asked for is told as such, whatever else it leads to."""
    results = relayed("lifecycle", "cancel", send=remembering(method))
    assert codes(results) == {rules.UPSTREAM_IS_ASKED.code}


def test_a_gateway_that_waits_itself_need_not_ask_upstream_to(relayed: Examine) -> None:
    """What `Prefer: wait` is for may be had in another way."""
    assert codes(relayed("sync", change=without("prefer"), send=waiting)) == set()


def test_a_gateway_that_neither_waits_nor_asks_loses_prefer(relayed: Examine) -> None:
    """The wait is asked of nobody, and nobody waits: both are told."""
    results = relayed("sync", change=without("prefer"))
    assert codes(results) == {rules.ASKED_IS_CARRIED.code, WAIT_HONOURED.code}
