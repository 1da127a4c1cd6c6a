"""Gateways with manners of their own: other paths, other bodies, other members, other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

MODEL: Final = "black-forest-labs/flux-kontext-pro"
WAVE: Final = "/gateways/wavespeed/api/v3"
ROUTE: Final = "/gateways/routeany/v1"
COMET: Final = "/gateways/cometapi/replicate/v1"
FAMILY: Final = "/gateways/new-api/replicate/v1"
CREATE: Final = f"/models/{MODEL}/predictions"


def wave(api: Api, **headers: str) -> Any:
    """A new prediction at WaveSpeedAI."""
    return api.post(f"{WAVE}/{MODEL}", {"prompt": "x"}, **headers).json["data"]


def route(api: Api, **headers: str) -> Any:
    """A new prediction at RouteAny."""
    return api.post(ROUTE + CREATE, {"input": {"prompt": "x"}}, **headers).json


def test_a_flat_body_is_the_input_and_the_answer_is_wrapped(api: Api) -> None:
    """The model is the path; every member is there from the beginning."""
    got = api.post(f"{WAVE}/{MODEL}", {"prompt": "x"})
    data = got.json["data"]
    assert (got.status, got.json["code"], got.json["message"]) == (200, 200, "success")
    assert data == {
        "id": data["id"],
        "model": MODEL,
        "outputs": [],
        "urls": {"get": f"http://127.0.0.1:4010{WAVE}/predictions/{data['id']}/result"},
        "has_nsfw_contents": [],
        "status": "created",
        "created_at": "2026-01-01T00:00:00Z",
        "error": "",
        "executionTime": 0,
        "timings": {"inference": 0},
    }


@pytest.mark.parametrize(
    ("scenario", "status", "error"),
    [
        ("happy", "completed", ""),
        ("failed", "failed", "Prediction interrupted; please retry (code: PA)"),
        ("canceled", "failed", "Prediction was canceled"),
        ("aborted", "failed", "Prediction was aborted"),
    ],
)
def test_statuses_are_called_otherwise(api: Api, scenario: str, status: str, error: str) -> None:
    """created, processing, completed, failed; what failed has a reason."""
    made = wave(api, x_mock_scenario=scenario)
    api.advance(60)
    seen = api.get(f"{WAVE}/predictions/{made['id']}").json["data"]
    assert (seen["status"], seen["error"]) == (status, error)


def test_both_paths_of_a_look_and_the_host_tell_the_same(api: Api) -> None:
    """By path with and without /result, and by the gateway's own host."""
    made = wave(api)
    api.advance(9)
    one, other = (api.get(f"{WAVE}/predictions/{made['id']}{end}") for end in ("", "/result"))
    host = api.get(f"https://api.wavespeed.ai/api/v3/predictions/{made['id']}").json["data"]
    assert one.body == other.body
    assert one.json["data"]["executionTime"] == one.json["data"]["timings"]["inference"] == 4900
    assert one.json["data"]["has_nsfw_contents"] == [False]
    assert host["urls"]["get"].startswith("http://api.wavespeed.ai/api/v3/predictions/")


def test_a_server_can_be_the_gateway(api: Api, apis: Any) -> None:
    """`--gateway`: the base path of the profile, without its name in the path."""
    mine = apis(gateway="wavespeed")
    assert mine.post(f"/api/v3/{MODEL}", {"prompt": "x"}).json["data"]["status"] == "created"
    assert api.post(f"/api/v3/{MODEL}", {"prompt": "x"}).status == 404


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"/{MODEL}", 405),
        ("POST", "/predictions/x/cancel", 404),
        ("GET", "/models", 404),
        ("GET", "/predictions/x", 404),
        ("POST", "/nobody/nothing", 404),
        ("GET", "/predictions?page=0", 400),
        ("GET", "/predictions?page_size=many", 400),
        ("GET", "/predictions?status=succeeded", 400),
        ("GET", "/predictions?created_after=yesterday", 400),
    ],
)
def test_every_refusal_is_200_outside(api: Api, method: str, path: str, code: int) -> None:
    """The status stands in `code`; there is no data."""
    got = api.ask(method, WAVE + path, json={} if method == "POST" else None)
    assert (got.status, got.json["code"], got.json["data"]) == (200, code, None)


def test_a_wrong_member_of_a_flat_body_is_named_without_input(api: Api) -> None:
    """The path is that from the body that was sent."""
    got = api.post(f"{WAVE}/{MODEL}", {"prompt": 3}).json
    assert got["message"].startswith("- prompt: Invalid type")


def test_a_webhook_in_the_query_is_checked_and_told_the_end(api: Api) -> None:
    """It is told once, whatever the client wishes."""
    refused = api.post(f"{WAVE}/{MODEL}?webhook=nowhere", {"prompt": "x"}).json
    hook = "http://127.0.0.1:1/hook"
    api.post(f"{WAVE}/{MODEL}?webhook={hook}", {"prompt": "x"})
    api.advance(9)
    told = api.get("/__mock__/deliveries").json["deliveries"]
    assert refused["message"].startswith("- webhook: ")
    assert [(one["event"], one["url"]) for one in told] == [("completed", hook)]


def test_pages_are_asked_for_by_number(api: Api) -> None:
    """In the query or, as its document shows, in a body."""
    made = [wave(api)["id"] for _ in range(3)][::-1]
    queried = api.get(f"{WAVE}/predictions?page=2&page_size=2").json["data"]
    posted = api.post(f"{WAVE}/predictions", {"page": 1, "page_size": 2}).json["data"]
    assert [list(queried), queried["page"], queried["total"]] == [["page", "total", "items"], 2, 3]
    assert [one["id"] for one in posted["items"] + queried["items"]] == made


def test_a_list_can_be_asked_for_a_status_and_a_model(api: Api) -> None:
    """By the gateway's own word for the status; two of upstream's can have the same."""
    failed = [wave(api, x_mock_scenario=name)["id"] for name in ("failed", "aborted")]
    api.advance(60)
    wave(api)
    found = api.get(f"{WAVE}/predictions?status=failed").json["data"]["items"]
    of_model = api.get(f"{WAVE}/predictions?model=a/b").json["data"]
    of_time = api.get(f"{WAVE}/predictions?created_after=2026-01-01T00:00:30Z").json["data"]
    assert [one["id"] for one in found] == failed[::-1]
    assert (of_model["total"], of_time["total"]) == (0, 1)


def test_what_the_fake_needs_is_there_at_every_gateway(api: Api) -> None:
    """Its own document, its outputs, its pages for people, and its control API."""
    made = wave(api)
    api.advance(9)
    output = api.get(f"{WAVE}/predictions/{made['id']}").json["data"]["outputs"][0]
    assert api.get(output, authorization=None).headers["content-type"].startswith("image/")
    assert api.get(f"{WAVE}/openapi.json").json["servers"][0]["url"].endswith(WAVE)
    assert api.get(f"/p/{made['id']}", host="api.wavespeed.ai").status == 200
    assert api.get("/__mock__/health", host="localhost").status == 200


def test_an_error_is_an_object_and_a_capability_is_told(api: Api) -> None:
    """No version and no stream, but what kind of work it was."""
    made = route(api, x_mock_scenario="failed")
    api.advance(60)
    seen = api.get(f"{ROUTE}/predictions/{made['id']}").json
    assert list(made)[:4] == ["id", "model", "capability", "input"]
    assert (made["capability"], made["source"], made["error"]) == ("image-to-image", "api", None)
    assert seen["error"]["code"] == "PREDICTION_FAILED"
    assert list(seen["metrics"]) == ["predict_time", "total_time"]
    assert list(seen["urls"]) == ["cancel", "get", "web"]


def test_pages_are_asked_for_by_offset(api: Api) -> None:
    """20 to a page unless another number is asked for; the neighbours are addresses."""
    made = [route(api)["id"] for _ in range(22)][::-1]
    first = api.get(f"{ROUTE}/predictions").json
    second = api.get(first["next"]).json
    filtered = api.get(f"{ROUTE}/predictions?status=starting&limit=1").json
    assert list(first) == ["results", "next", "previous", "total_count"]
    assert [one["id"] for one in first["results"] + second["results"]] == made
    assert (second["next"], first["previous"], second["total_count"]) == (None, None, 22)
    assert api.get(second["previous"]).json["results"] == first["results"]
    assert filtered["next"].endswith("/predictions?status=starting&limit=1&offset=1")


def test_what_is_not_known_around_the_input_is_passed_over(api: Api) -> None:
    """And a create call that asks to wait is answered at once."""
    body = {"input": {"prompt": "x"}, "stream": 7, "colour": "red"}
    got = api.post(ROUTE + CREATE, body, prefer="wait")
    assert (got.status, got.json["status"]) == (201, "starting")
    assert "preference-applied" not in got.headers


def test_a_problem_has_a_code_and_two_ids(api: Api) -> None:
    """RFC 9457, for programs and for support."""
    got = api.get(f"{ROUTE}/predictions?limit=101")
    wrong = got.json["errors"]
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert got.json["code"] == "VALIDATION_INVALID_ARGUMENT"
    assert [one["field"] for one in wrong] == ["limit"]
    assert len(got.json["trace_id"]) == 32
    assert got.json["request_id"] != api.get(f"{ROUTE}/predictions/x").json["request_id"]


def test_a_relay_with_a_brand_adds_a_member(api: Api) -> None:
    """`source` stands behind `error`, in both of upstream's forms."""
    made = api.post(COMET + CREATE, {"input": {"prompt": "x"}}).json
    listed = api.get(f"{COMET}/predictions").json["results"][0]
    assert list(made)[7:10] == ["error", "source", "status"]
    assert (made["source"], listed["source"]) == ("api", "api")


def test_an_unknown_path_can_lead_elsewhere(api: Api) -> None:
    """301 and a page, as CometAPI documents; here it leads to the fake's own welcome."""
    got = api.get(f"{COMET}/nothing")
    assert (got.status, got.headers["content-type"]) == (301, "text/html; charset=utf-8")
    assert got.headers["location"] == "http://127.0.0.1:4010/"
    assert got.body.startswith(b"<a href=")


def test_a_bad_request_can_be_500(api: Api) -> None:
    """The code says that it is not to be sent again."""
    got = api.post(COMET + CREATE, body=b"{")
    assert (got.status, got.json["error"]["code"]) == (500, "invalid_request")
    assert got.json["error"]["type"] == "comet_api_error"


def test_a_key_alone_opens_an_account_of_the_family(api: Api) -> None:
    """With Bearer or without; a word and a key behind an unknown word do not."""
    statuses = [
        api.get(f"{FAMILY}/predictions", authorization=sent).status
        for sent in ("sk-a", "Bearer sk-a", "Token sk-a")
    ]
    assert statuses == [200, 200, 401]


def test_another_header_overrules_the_key_below_models_only(api: Api) -> None:
    """So the same client can create a prediction and then not look at it."""
    both = {"authorization": "Bearer mine", "x_api_key": "theirs"}
    made = api.post(FAMILY + CREATE, {"input": {"prompt": "x"}}, **both).json
    looked = [
        api.get(f"{FAMILY}/predictions/{made['id']}", **headers).status
        for headers in (both, {"authorization": "Bearer theirs"})
    ]
    plain = api.post(FAMILY + CREATE, {"input": {"prompt": "x"}}).status
    assert (looked, plain) == ([404, 200], 200)


def test_a_segment_that_is_escaped_is_read(api: Api) -> None:
    """As everywhere else."""
    got = api.post(f"{WAVE}/black-forest-labs/flux%2Dkontext%2Dpro", {"prompt": "x"})
    assert got.json["code"] == 200
    assert api.ask("HEAD", f"{WAVE}/predictions").status == 200
