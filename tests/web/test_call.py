"""Who asks: a bearer token is an account, and an account is a world of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

MISSING = (
    b'{"title":"Unauthenticated",'
    b'"detail":"You did not pass an authentication token","status":401}\n'
)
INVALID = (
    b'{"title":"Unauthenticated",'
    b'"detail":"You did not pass a valid authentication token","status":401}\n'
)


@pytest.mark.parametrize(
    ("authorization", "body"),
    [
        (None, MISSING),
        ("", MISSING),
        ("Basic dXNlcjpwYXNz", INVALID),
        ("r8_bare", INVALID),
        ("Bearer", INVALID),
        ("Bearer ", INVALID),
        ("Bearer undefined", INVALID),
        ("Bearer null", INVALID),
        ("Bearer None", INVALID),
        ("Digest x", INVALID),
    ],
)
def test_a_token_that_nobody_has_opens_nothing(
    api: Api, authorization: str | None, body: bytes
) -> None:
    """401, worded as upstream words it; forgotten variables are no tokens."""
    got = api.get("/v1/predictions", authorization=authorization)
    assert (got.status, got.body) == (401, body)
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer x",
        "bearer x",
        "BEARER x",
        "Token x",
        "token x",
        "Bearer  x",
        "Bearer " + "x" * 10_000,
        "Bearer \xe9",
    ],
)
def test_any_other_token_is_an_account(api: Api, authorization: str) -> None:
    """The scheme in any case, Token as the older spelling; nothing need be registered."""
    assert api.get("/v1/predictions", authorization=authorization).status == 200


@pytest.mark.parametrize(
    ("authorization", "status"), [("Bearer x", 200), ("bearer x", 200), ("Token x", 401)]
)
def test_gateways_accept_bearer_only(api: Api, authorization: str, status: int) -> None:
    """None of their documents shows another scheme."""
    target = "/gateways/anyapi/replicate/v1/predictions"
    assert api.get(target, authorization=authorization).status == status


@pytest.mark.parametrize(("token", "status"), [("one", 200), ("two", 200), ("three", 401)])
def test_a_list_of_tokens_shuts_out_all_others(apis: Apis, token: str, status: int) -> None:
    """`tokens` of the settings."""
    api = apis(tokens=frozenset({"one", "two"}))
    assert api.get("/v1/predictions", authorization=f"Bearer {token}").status == status


def test_who_is_nobody_creates_nothing(api: Api) -> None:
    """The token is asked for before the body is read."""
    got = api.post("/v1/predictions", body=b"not json", authorization=None)
    assert (got.status, got.body) == (401, MISSING)


def test_a_gateway_words_its_401_as_its_family_does(api: Api) -> None:
    """OpenAI's envelope, the request id in the text and in a header."""
    got = api.get("/gateways/anyapi/replicate/v1/predictions", authorization=None)
    request_id = got.headers["x-oneapi-request-id"]
    assert got.status == 401
    assert list(got.json["error"]) == ["code", "message", "type"]
    assert got.json["error"]["message"].endswith(f"(request id: {request_id})")


def test_an_account_does_not_see_what_another_made(api: Api) -> None:
    """404 with the body of an unknown id, and lists show one's own only."""
    created = api.create(authorization="Bearer a")
    target = f"/v1/predictions/{created['id']}"
    unknown = api.get("/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa", authorization="Bearer b")
    looked = api.get(target, authorization="Bearer b")
    canceled = api.post(f"{target}/cancel", authorization="Bearer b")
    assert looked.status == 404
    assert unknown.body == looked.body == canceled.body
    assert api.get("/v1/predictions", authorization="Bearer b").json["results"] == []
    assert api.get(target, authorization="Bearer a").json["status"] == "starting"


def test_a_header_names_the_world_whatever_the_token(api: Api) -> None:
    """`X-Mock-World`, for clients that cannot change their token; a token is needed still."""
    created = api.create(x_mock_world="w")
    target = f"/v1/predictions/{created['id']}"
    assert api.get(target, x_mock_world="w", authorization="Bearer other").status == 200
    assert api.get(target).status == 404
    assert api.get(target, x_mock_world="w", authorization=None).status == 401


def test_worlds_have_clocks_of_their_own(api: Api) -> None:
    """Time that passes for one account does not pass for another."""
    first = api.create(authorization="Bearer a")
    second = api.create(authorization="Bearer b")
    api.put("/__mock__/clock", {"action": "advance", "seconds": 9}, authorization="Bearer a")
    seen = api.get(f"/v1/predictions/{first['id']}", authorization="Bearer a").json
    other = api.get(f"/v1/predictions/{second['id']}", authorization="Bearer b").json
    assert (seen["status"], other["status"]) == ("succeeded", "starting")
    assert first["id"] != second["id"]
