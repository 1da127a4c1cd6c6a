"""Two serializers answer for one prediction, and each has its own handwriting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

EDGE = ["id", "model", "version", "input", "logs", "output", "data_removed", "error", "status"]
WEB = [
    "completed_at", "created_at", "data_removed", "error", "id", "input", "logs", "metrics",
    "output", "started_at", "status", "urls", "model", "version", "webhook",
]  # fmt: skip
QUICK = "/gateways/quickrouter/replicate/v1"
SUFFIX = "/models/black-forest-labs/flux-kontext-pro/predictions"


@pytest.mark.parametrize(
    ("seconds", "more"),
    [
        (0.0, ["created_at", "urls"]),
        (1.0, ["created_at", "started_at", "urls"]),
        (9.0, ["created_at", "started_at", "completed_at", "metrics", "urls"]),
    ],
)
def test_the_edge_leaves_out_what_is_not_known_yet(
    api: Api, seconds: float, more: list[str]
) -> None:
    """Key order of create and get; absent instead of null, except for output and error."""
    created = api.create()
    api.advance(seconds)
    found = api.look(created["id"])
    assert list(found) == [*EDGE, *more]
    assert list(found["urls"]) == ["cancel", "get", "stream", "web"]


@pytest.mark.parametrize("seconds", [0.0, 1.0, 9.0])
def test_the_web_form_writes_every_member_at_any_time(api: Api, seconds: float) -> None:
    """Key order of list and cancel; null instead of absent."""
    created = api.create()
    api.advance(seconds)
    listed = api.get("/v1/predictions").json["results"][0]
    canceled = api.post(f"/v1/predictions/{created['id']}/cancel").json
    assert list(listed) == list(canceled) == WEB
    assert list(listed["urls"]) == ["stream", "get", "cancel", "web"]


def test_each_form_writes_timestamps_in_its_own_way(api: Api) -> None:
    """The edge trims zeros, the web form writes six digits."""
    api.advance(0.04)
    created = api.create()
    api.advance(9)
    edge, web = api.look(created["id"]), api.get("/v1/predictions").json["results"][0]
    assert [edge["created_at"], edge["started_at"], edge["completed_at"]] == [
        "2026-01-01T00:00:00.04Z",
        "2026-01-01T00:00:00.34Z",
        "2026-01-01T00:00:05.24Z",
    ]
    assert [web["created_at"], web["started_at"], web["completed_at"]] == [
        "2026-01-01T00:00:00.040000Z",
        "2026-01-01T00:00:00.340000Z",
        "2026-01-01T00:00:05.240000Z",
    ]


def test_each_form_has_its_own_nothing(api: Api) -> None:
    """What has not begun has logs "" and no metrics at the edge, null and {} in the web form."""
    created = api.create()
    edge, web = api.look(created["id"]), api.get("/v1/predictions").json["results"][0]
    assert (edge["logs"], "metrics" in edge) == ("", False)
    assert (web["logs"], web["metrics"], web["started_at"], web["webhook"]) == (
        None,
        {},
        None,
        None,
    )


def test_the_web_form_drops_the_last_newline_of_logs(api: Api) -> None:
    """The same text otherwise."""
    created = api.create(x_mock_scenario="instant")
    web = api.get("/v1/predictions").json["results"][0]
    assert created["logs"] == web["logs"] + "\n"


def test_the_edge_escapes_as_go_does_and_ends_with_a_newline(api: Api) -> None:
    """<, >, & and the two line separators of Unicode are written as escapes, and a final LF."""
    text = "<b> & \u2028 \u2029 车"
    created = api.post("/v1" + SUFFIX, {"input": {"prompt": text}})
    escaped = '"\\u003cb\\u003e \\u0026 \\u2028 \\u2029 车"'
    assert f'"input":{{"prompt":{escaped}}}'.encode() in created.body
    assert created.body.endswith(b"}\n")
    assert created.json["input"]["prompt"] == text


def test_the_web_form_escapes_nothing_and_ends_with_a_bracket(api: Api) -> None:
    """A list and a cancel answer hold the text as it is."""
    created = api.create("<b> & \u2028")
    listed = api.get("/v1/predictions").body
    canceled = api.post(f"/v1/predictions/{created['id']}/cancel").body
    assert b"<b> & \xe2\x80\xa8" in listed
    assert b"<b> & \xe2\x80\xa8" in canceled
    assert (listed[-1:], canceled[-1:]) == (b"}", b"}")


def test_the_content_type_tells_the_forms_apart(api: Api) -> None:
    """The edge names the charset, the web form does not."""
    created = api.post("/v1" + SUFFIX, {"input": {"prompt": "x"}})
    assert created.headers["content-type"] == "application/json; charset=utf-8"
    assert api.get("/v1/predictions").headers["content-type"] == "application/json"


def test_the_input_is_echoed_with_sorted_keys_and_exact_numbers(api: Api) -> None:
    """As Go writes a map; integers beyond 64 bits survive."""
    body = b'{"input":{"seed":123456789012345678901234567890,"prompt":"x","aspect_ratio":"1:1"}}'
    created = api.post("/v1" + SUFFIX, body=body)
    told = b'"input":{"aspect_ratio":"1:1","prompt":"x","seed":123456789012345678901234567890}'
    assert told in created.body


@pytest.mark.parametrize(
    ("gateway", "status"),
    [
        ("replicate", 201),
        ("winfull", 200),
        ("winfull-cloud", 200),
        ("anyapi", 200),
        ("quickrouter", 200),
    ],
)
def test_each_gateway_has_its_own_status_for_create(api: Api, gateway: str, status: int) -> None:
    """201 upstream, 200 at the gateways; get is 200 everywhere."""
    created = api.post(f"/gateways/{gateway}/replicate/v1{SUFFIX}", {"input": {"prompt": "x"}})
    assert created.status == status
    found = api.get(f"/gateways/{gateway}/replicate/v1/predictions/{created.json['id']}")
    assert (found.status, list(found.json)[:9]) == (200, EDGE)


def test_quickrouter_tells_little_of_a_new_prediction(api: Api) -> None:
    """id and status, and the output as soon as there is one; Location leads on."""
    created = api.post(QUICK + SUFFIX, {"input": {"prompt": "x"}})
    done = api.post(QUICK + SUFFIX, {"input": {"prompt": "x"}}, x_mock_scenario="instant")
    assert list(created.json) == ["id", "status"]
    assert list(done.json) == ["id", "status", "output"]
    assert created.headers["location"].endswith(f"{QUICK}/predictions/{created.json['id']}")


def test_a_model_with_many_files_gives_a_list(api: Api) -> None:
    """flux-fill-dev answers an array, also for one file."""
    sent = {"input": {"prompt": "x", "image": "https://a.example/b.png", "num_outputs": 2}}
    created = api.post(
        "/v1/models/black-forest-labs/flux-fill-dev/predictions", sent, x_mock_scenario="instant"
    )
    assert [address.rpartition("/")[2] for address in created.json["output"]] == [
        "out-0.webp",
        "out-1.webp",
    ]
    assert created.json["metrics"]["image_count"] == 2
