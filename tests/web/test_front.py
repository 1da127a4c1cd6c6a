"""The front door answers everything, by two ways that cannot be told apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.library.catalogue import Catalogue
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web import control, lane
from mockserver.web.front import Front
from mockserver.web.performing import body, jump, resolved


if TYPE_CHECKING:
    from tests.web.conftest import Api

CATALOGUE = Catalogue()
KNOWN = "1sq186x801rm80cvevd9qge418"
HEADS = (("host", "127.0.0.1:4010"), ("authorization", "Bearer x"))
KNOWN_TYPES = {
    "application/json",
    "application/json; charset=utf-8",
    "application/problem+json",
    "text/plain; charset=utf-8",
    "text/event-stream; charset=utf-8",
    "image/png",
}

segments = st.sampled_from(
    [
        "", "/", "/predictions", f"/predictions/{KNOWN}", "/predictions/x", "/cancel", "/v1",
        "/v1/v1", "/replicate/v1", "/gateways/anyapi", "/gateways/nope", "/gateways/quickrouter",
        "/models/black-forest-labs/flux-kontext-pro", "/models/a/b", "/files/bcwr-x", "/__mock__",
        "/delivery/xezq/x/y", "/openapi.json", "/clock", "/reset", "/journal", "/scenarios",
        "/ledger", "/info", f"/predictions/{KNOWN}/status", f"/predictions/{KNOWN}/timeline",
        "/..", "//", "/%2F", "/%FF", "/%00", "/%", "/p", "/\xe9", "*", "?", "#", " ", "\n", "<b>",
    ]
)  # fmt: skip
paths = st.lists(segments, max_size=5).map("".join) | st.text(st.characters(max_codepoint=255))
methods = st.sampled_from(
    ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "QUERY", "get", "X"]
)
latin = st.text(st.characters(max_codepoint=255), max_size=30)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "host", "authorization", "prefer", "content-type", "x-mock-world", "range",
                "x-mock-scenario", "origin", "sec-fetch-site", "x-forwarded-host", "if-range",
                "x-forwarded-proto", "if-none-match", "cookie", "accept",
            ]
        ),
        latin | st.sampled_from(
            ["wait", "wait=1", "instant", "happy", "nope", "Bearer y", "Token", "bytes=0-1", "a b",
             "127.0.0.1", "api.replicate.com", "application/json", "https", "cross-site", "*"]
        ),
    ),
    max_size=3,
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
members = st.sampled_from(
    ["input", "version", "webhook", "webhook_events_filter", "action", "seconds", "to", "rate",
     "scenario", "model", "prompt", "times", "status", "error", "seed", "stream"]
)  # fmt: skip
words = st.sampled_from(
    ["advance", "jump", "freeze", "scale", "resume", "failed", "happy", "2026-01-01T00:00:00Z"]
)
good = st.fixed_dictionaries({"prompt": st.text(min_size=1)}).map(lambda sent: {"input": sent})
bodies = (
    st.binary(max_size=40)
    | st.dictionaries(members, values | words, max_size=4).map(
        lambda sent: json.dumps(sent).encode()
    )
    | good.map(lambda sent: json.dumps(sent).encode())
    | values.map(lambda sent: json.dumps(sent).encode())
)
requests = st.builds(
    Request,
    method=methods,
    path=paths,
    query=latin | st.sampled_from(["cursor=cD0x", "unmatched", "path=x", "world=w"]),
    headers=headers.map(lambda more: (*more, *HEADS)),
    body=bodies,
)


def front() -> Front:
    """A front like any other, one prediction in its world."""
    made = Front(Fake(Settings(clock="manual"), CATALOGUE))
    sent = json.dumps({"input": {"prompt": "x"}}).encode()
    path = "/models/black-forest-labs/flux-kontext-pro/predictions"
    made.answer(Request("POST", path, headers=HEADS, body=sent))
    return made


def told(reply: Reply) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """All that a client sees of a reply, a stream that never ends cut short."""
    return reply.status, reply.headers, reply.body


def check(reply: Reply) -> None:
    """Not a 500, and nothing but what clients know how to read."""
    sort = dict(reply.headers).get("Content-Type")
    assert reply.status < 500 or reply.status == 503
    assert sort in KNOWN_TYPES
    if "json" in str(sort):
        json.loads(reply.body)
    assert not any(set("\r\n") & set(name + value) for name, value in reply.headers)


FRONT = front()


@given(request=requests)
def test_any_request_gets_an_answer(request: Request) -> None:
    """Any method, path, headers and body: never a 500, always JSON or a type that is known."""
    check(resolved(FRONT.answer(request), jump))


@given(request=requests)
def test_any_request_gets_an_answer_by_flask(request: Request) -> None:
    """The same without the fast lane."""
    check(resolved(FRONT.by_flask(FRONT.call(request)), jump))


hot = st.sampled_from(
    [
        ("POST", "/models/black-forest-labs/flux-kontext-pro/predictions"),
        ("POST", "/models/nobody/nothing/predictions"),
        ("POST", "/predictions"),
        ("GET", "/predictions"),
        ("GET", f"/predictions/{KNOWN}"),
        ("GET", "/predictions/unknown"),
        ("POST", f"/predictions/{KNOWN}/cancel"),
        ("POST", "/predictions/unknown/cancel"),
    ]
)
faces = st.sampled_from(
    ["", "/v1", "/v1/v1", "/replicate/v1", "/gateways/anyapi/v1", "/gateways/quickrouter"]
)


@given(
    route=hot,
    prefix=faces,
    query=st.sampled_from(["", "cursor=cD0x", "cursor=x"]),
    more=headers,
    sent=bodies,
)
def test_the_lane_and_flask_answer_alike(
    route: tuple[str, str], prefix: str, query: str, more: list[tuple[str, str]], sent: bytes
) -> None:
    """On equal fakes the same bytes, and the same journal."""
    method, path = route
    request = Request(method, prefix + path, query, (*more, *HEADS), sent)
    by_lane, by_flask = front(), front()
    assert lane.find(method, path) is not None
    first = resolved(by_lane.answer(request), jump)
    second = resolved(by_flask.by_flask(by_flask.call(request)), jump)
    assert told(first) == told(second)
    ask = Request("GET", "/__mock__/journal", headers=HEADS[:1])
    assert told(resolved(by_lane.answer(ask), jump)) == told(resolved(by_flask.answer(ask), jump))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/predictions/"),
        ("GET", "/predictions//cancel"),
        ("GET", "/predictions/%31"),
        ("PUT", "/predictions"),
        ("POST", "/predictions/x/stop"),
        ("GET", "/openapi.json"),
    ],
)
def test_the_lane_leaves_the_rest_to_flask(method: str, path: str) -> None:
    """Empty and encoded segments, other methods, cold routes."""
    assert lane.find(method, path) is None


def test_flask_is_made_once_and_late(api: Api) -> None:
    """A hot route needs none."""
    api.create()
    assert "router" not in vars(api.front)
    api.get("/v1/openapi.json")
    made = api.front.router
    api.get("/")
    assert api.front.router is made


@pytest.mark.parametrize("target", ["/__mock__/health", "/v1/predictions"])
def test_a_fault_of_our_own_is_told_without_its_traceback(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, target: str
) -> None:
    """500 in JSON; the log says why, the client sees no path and no text of the fault."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("mockserver.service.predictions.page", broken)
    monkeypatch.setattr("mockserver.web.guard.check", broken)
    got = api.get(target)
    assert (got.status, got.json["status"]) == (500, 500)
    assert b"secret" not in got.body
    assert "secret detail" in caplog.text


def test_every_route_has_a_name_of_its_own() -> None:
    """And an address; hot rules have whole segments only."""
    from mockserver.web.routes import ROUTES

    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert all(route.rule.startswith("/") for route in ROUTES)
    assert control.health in [route.handler for route in ROUTES]


def test_what_the_body_of_a_streamed_reply_is(api: Api) -> None:
    """A stream answered by Flask's table is a script like any other."""
    created = api.create(x_mock_scenario="instant")
    reply = resolved(api.answer("GET", created["urls"]["stream"]), jump)
    assert b"".join(body(reply, jump)).count(b"event: done") == 1
