"""Every kind of refusal, worded as the profile of the gateway says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from mockserver.contract import rules
from mockserver.contract.looks import header
from mockserver.contract.provider import Provider, create
from mockserver.contract.reading import asked
from mockserver.contract.refusal import faults, problem
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway
from mockserver.library.refusals import Envelope

from .samples import CANCEL, INPUT, PRO, SECRET, begin, body, named, needs


CREATE = f"/models/{PRO}/predictions"
NOBODY = "/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request that must be refused, and the kind of problem that it has."""

    kind: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


WRONG = {
    "no-token": Wrong("unauthenticated_missing", "GET", "/predictions", {"Authorization": ""}),
    "other-scheme": Wrong(
        "unauthenticated_invalid", "GET", "/predictions", {"Authorization": "Basic eDp5"}
    ),
    "scheme-only": Wrong(
        "unauthenticated_invalid", "GET", "/predictions", {"Authorization": "Bearer"}
    ),
    "undefined": Wrong(
        "unauthenticated_invalid", "GET", "/predictions", {"Authorization": "Bearer undefined"}
    ),
    "no-token-create": Wrong(
        "unauthenticated_missing", "POST", CREATE, {"Authorization": ""}, b'{"input":{}}'
    ),
    "unknown-prediction": Wrong("not_found", "GET", NOBODY),
    "unknown-cancel": Wrong("not_found", "POST", f"{NOBODY}/cancel"),
    "strange-id": Wrong("not_found", "GET", "/predictions/%00"),
    "unknown-model": Wrong(
        "model_not_found", "POST", "/models/nobody/nothing/predictions", {}, b'{"input":{}}'
    ),
    "unknown-path": Wrong("path_not_found", "GET", "/no/such/path"),
    "wrong-method": Wrong("method_not_allowed", "DELETE", "/predictions"),
    "create-by-get": Wrong("method_not_allowed", "GET", CREATE),
    "bad-cursor": Wrong("invalid_cursor", "GET", "/predictions?cursor=nonsense"),
    "unknown-version": Wrong(
        "invalid_version", "POST", "/predictions", {}, b'{"version":"0","input":{}}'
    ),
    "no-body": Wrong("body_malformed", "POST", CREATE, {}, b""),
    "half-a-body": Wrong("body_malformed", "POST", CREATE, {}, b'{"input":'),
    "not-utf-8": Wrong("body_malformed", "POST", CREATE, {}, b'{"input":{"prompt":"\xff"}}'),
    "not-a-number": Wrong("body_malformed", "POST", CREATE, {}, b'{"input":{"seed":NaN}}'),
    "byte-order-mark": Wrong("body_malformed", "POST", CREATE, {}, b"\xef\xbb\xbf{}"),
    "too-deep": Wrong("body_malformed", "POST", CREATE, {}, b"[" * 10_000),
    "a-list": Wrong("input_invalid", "POST", CREATE, {}, b"[]"),
    "no-input": Wrong("input_invalid", "POST", CREATE, {}, b"{}"),
    "no-prompt": Wrong("input_invalid", "POST", CREATE, {}, b'{"input":{}}'),
    "no-version": Wrong("input_invalid", "POST", "/predictions", {}, b'{"input":{}}'),
}


NO_OPERATION = frozenset({"path_not_found", "method_not_allowed"})


@pytest.fixture(params=list(WRONG))
def wrong(request: pytest.FixtureRequest, profile: Gateway) -> Wrong:
    """Each wrong request in turn, as far as its operation is there."""
    wrong = WRONG[request.param]
    if wrong.kind == "invalid_cursor" and profile.paging:
        return Wrong("input_invalid", "GET", f"/predictions?{profile.paging.size}=0")
    if wrong.kind not in NO_OPERATION:
        needs(profile, wrong.method, wrong.path.partition("?")[0])
    return wrong


@pytest.fixture
def refused(provider: Provider, wrong: Wrong) -> Interaction:
    """What the provider answered to it."""
    return provider.ask(wrong.method, wrong.path, headers=wrong.headers, content=wrong.content)


def test_a_refusal_has_the_status_of_its_kind(
    provider: Provider, wrong: Wrong, refused: Interaction
) -> None:
    """Which is never a success, and never the server's own failure unless the profile says so."""
    expected = provider.profile.errors.kinds[wrong.kind].status
    found = rules.REFUSED_AS_PROFILED.equal(
        "", expected=expected, seen=refused.status, exchange=refused
    )
    assert found == []


def test_a_refusal_is_worded_in_the_envelope(
    provider: Provider, wrong: Wrong, refused: Interaction
) -> None:
    """The same members in the same order, and the words that do not depend on the request."""
    errors = provider.profile.errors
    kind = errors.kinds[wrong.kind]
    told = problem(errors, refused)
    code = kind.told_status if errors.envelope is Envelope.WRAPPED else kind.code
    fixed = {"title": kind.title, "status": kind.status, "type": kind.type, "code": code}
    told_so = {name: value for name, value in fixed.items() if name in kind.members}
    expected = (kind.media_type or errors.content_type, list(kind.members), told_so)
    seen = (
        header(refused, "content-type"),
        list(told),
        {name: told.get(name) for name in told_so},
    )
    found = rules.ENVELOPE_AS_PROFILED.equal("", expected=expected, seen=seen, exchange=refused)
    assert found == []


def test_the_request_id_is_told_twice(
    provider: Provider, wrong: Wrong, refused: Interaction
) -> None:
    """Where a profile has request ids, header and message tell the same one."""
    errors = provider.profile.errors
    request_id = header(refused, errors.request_id_header.lower())
    message = str(problem(errors, refused).get("message", ""))
    told = (bool(request_id), request_id in message)
    in_message = "{request_id}" in errors.kinds[wrong.kind].message
    expected = (bool(errors.request_id_header), in_message or not errors.request_id_header)
    assert rules.REQUEST_ID_TOLD.equal("", expected=expected, seen=told, exchange=refused) == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/predictions", {"GET", "POST"}), ("GET", CREATE, {"POST"})],
    ids=["list", "create"],
)
def test_a_wrong_method_is_told_the_right_ones(
    provider: Provider, method: str, path: str, allowed: set[str]
) -> None:
    """405 carries Allow."""
    refused = provider.ask(method, path)
    where = asked(provider.profile, method, path, None)[1]
    own = [one.asked for one in provider.profile.paths if one.asked.arguments(where) is not None]
    allowed = {place.method for place in own} or allowed
    seen = set(header(refused, "allow").split(", "))
    found = rules.WAY_OUT_TOLD.equal("allow", expected=allowed, seen=seen, exchange=refused)
    assert found == []


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"input": {}}, "input"),
        ({"input": {**INPUT, "seed": "1"}}, "input.seed"),
        ({"input": {**INPUT, "aspect_ratio": "5:7"}}, "input.aspect_ratio"),
        ({"input": {**INPUT, "safety_tolerance": 7}}, "input.safety_tolerance"),
        ({"input": {**INPUT, "input_image": "cat.png"}}, "input.input_image"),
        ({"input": INPUT, "webhook": "nowhere"}, "webhook"),
        ({"input": INPUT, "webhook_events_filter": ["never"]}, "webhook_events_filter.0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refused_input_names_the_field(
    provider: Provider, members: dict[str, object], field: str
) -> None:
    """Exactly the field that is wrong, by its dotted path."""
    form = provider.profile.request
    if form and form.flat and "webhook_events_filter" in members:
        pytest.skip(f"{provider.profile.title} lets nobody choose the events of a webhook")
    refused = provider.ask("POST", CREATE, members)
    found = rules.FAULT_IS_NAMED.equal(
        "",
        expected=named(provider.profile, field),
        seen=faults(refused),
        exchange=refused,
    )
    assert found == []


@pytest.mark.parametrize("operation", [CANCEL, SECRET], ids=["cancel", "secret"])
def test_what_a_gateway_has_no_place_for_is_refused(
    provider: Provider, operation: tuple[str, str]
) -> None:
    """What its profile does not list is a path that is not there, or not for this method."""
    if provider.profile.serves(*operation):
        pytest.skip(f"{provider.profile.title} has {' '.join(operation)}")
    kinds = provider.profile.errors.kinds
    refusals = {kinds[name].status for name in NO_OPERATION}
    answer = provider.ask(*operation)
    seen = (answer.status in refusals, "key" in body(answer))
    found = rules.REFUSED_AS_PROFILED.equal("", expected=(True, False), seen=seen, exchange=answer)
    assert found == []


def test_a_refused_create_call_creates_nothing(provider: Provider) -> None:
    """Nothing is listed that was refused."""
    create(provider, PRO, {**INPUT, "seed": "1"})
    made = begin(provider)
    page = provider.ask("GET", "/predictions")
    seen = [one["id"] for one in body(page)["results"]]
    found = rules.LIST_NEWEST_FIRST.equal("/results", expected=[made], seen=seen, exchange=page)
    assert found == []
