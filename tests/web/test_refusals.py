"""What is refused is refused in the gateway's own words, byte for byte where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

PRO = "/models/black-forest-labs/flux-kontext-pro/predictions"
DEV = "/v1/models/black-forest-labs/flux-kontext-dev/predictions"
RELAY = "/gateways/anyapi/replicate/v1"
RELAYED = ["message", "type", "param", "code"]
MAPPED = ["code", "message", "type"]
NOT_FOUND = b'{"detail":"The requested resource could not be found.","status":404}\n'
VERSION = (
    b'{"title":"Invalid version or not permitted","detail":"The specified version does not exist '
    b'(or perhaps you don\'t have permission to use it?)","status":422}\n'
)
INVALID = b'{"detail":"%b","status":422,"title":"Input validation failed","invalid_fields":[%b]}\n'
NO_PROMPT = b'{"type":"required","field":"input","description":"prompt is required"}'
IMAGE = {"input_image": "https://a.example/b.png"}
TWO = (
    b"- input: prompt is required\\n"
    b"- input.num_inference_steps: Must be less than or equal to 50\\n"
)
TWO_FIELDS = (
    NO_PROMPT + b',{"type":"number_lte","field":"input.num_inference_steps",'
    b'"description":"Must be less than or equal to 50"}'
)
FORMATS = b'output_format must be one of the following: \\"jpg\\", \\"png\\"'
ENUM = b"- input.output_format: " + FORMATS + b"\\n"
WEBP = b'{"type":"enum","field":"input.output_format","description":"' + FORMATS + b'"}'
ROOT = b"- version is required\\n- Additional property model is not allowed\\n"
ROOT_FIELDS = (
    b'{"type":"required","field":"","description":"version is required"},'
    b'{"type":"additional_property_not_allowed","field":"",'
    b'"description":"Additional property model is not allowed"}'
)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("POST", "/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel"),
        ("POST", "/v1/models/someone/something/predictions"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/predictions/"),
        ("GET", "/console"),
        ("GET", "/delivery/xezq/aaaaaaaaaaaaa/x.png"),
        ("GET", "/v1/files/bcwr-nonsense"),
        ("GET", "/p/aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("GET", "/v1/models/../../etc/passwd/predictions"),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, method: str, target: str) -> None:
    """One body for every sort of thing."""
    api.create()
    got = api.ask(method, target)
    assert (got.status, got.body) == (404, NOT_FOUND)
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "version", ["0" * 64, "nobody/nothing", "black-forest-labs/flux-kontext-pro:latest", ""]
)
def test_an_unknown_version_is_refused(api: Api, version: str) -> None:
    """422 with upstream's text."""
    got = api.post("/v1/predictions", {"version": version, "input": {"prompt": "x"}})
    assert (got.status, got.body) == (422, VERSION)


@pytest.mark.parametrize(
    ("target", "sent", "body"),
    [
        (f"/v1{PRO}", {"input": {}}, INVALID % (b"- input: prompt is required\\n", NO_PROMPT)),
        (DEV, {"input": {**IMAGE, "num_inference_steps": 51}}, INVALID % (TWO, TWO_FIELDS)),
        (f"/v1{PRO}", {"input": {"prompt": "x", "output_format": "webp"}}, INVALID % (ENUM, WEBP)),
        ("/v1/predictions", {"model": "x", "input": {}}, INVALID % (ROOT, ROOT_FIELDS)),
    ],
)
def test_invalid_input_is_told_field_by_field(
    api: Api, target: str, sent: object, body: bytes
) -> None:
    """Four bodies known word for word; a number of steps stands for the model's own limit."""
    got = api.post(target, sent)
    assert (got.status, got.body) == (422, body)
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        '{"input":{"prompt":"x"}}'.encode("utf-16"),
        b"\xef\xbb\xbf" + b'{"input":{"prompt":"x"}}',
        b'{"input":{"prompt":"x","seed":NaN}}',
        b'{"input":{"prompt":"x","seed":1e999}}',
        b'{"input":{"prompt":"x","seed":' + b"1" * 5000 + b"}}",
        b'{"input":{"prompt":"\\ud800"}}',
        b"[" * 100_000,
        b'{"input":' * 65 + b"1" + b"}" * 65,
        b"{'input': {}}",
        b"input=x",
        b'{"input":{"prompt":"x"}} x',
    ],
    ids=range(14),
)
@pytest.mark.parametrize("target", [f"/v1{PRO}", "/v1/predictions"])
def test_a_body_that_is_not_strict_json_is_malformed(api: Api, target: str, body: bytes) -> None:
    """400: UTF-8 only, no byte order mark, no NaN, 64 levels at most, no lone surrogate."""
    got = api.post(target, body=body, content_type="application/json")
    assert (got.status, got.json["title"]) == (400, "Malformed request body")


@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"null", b"12", b"{}", b'{"input":[]}', b'{"input":null}']
)
@pytest.mark.parametrize("target", [f"/v1{PRO}", "/v1/predictions"])
def test_json_of_another_shape_is_invalid_input(api: Api, target: str, body: bytes) -> None:
    """422, not a fault."""
    got = api.post(target, body=body)
    assert (got.status, got.json["title"]) == (422, "Input validation failed")


def test_of_equal_keys_the_last_one_counts(api: Api) -> None:
    """As Go reads JSON."""
    got = api.post(f"/v1{PRO}", body=b'{"input":{"prompt":"a","prompt":"b"}}')
    assert got.json["input"] == {"prompt": "b"}


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        ("DELETE", "/v1/predictions", "GET, POST"),
        ("PUT", "/v1/predictions/x", "GET"),
        ("OPTIONS", "/v1/predictions", "GET, POST"),
        ("GET", f"/v1{PRO}", "POST"),
        ("HEAD", f"/v1{PRO}", "POST"),
        ("GET", "/v1/predictions/x/cancel", "POST"),
        ("TRACE", "/", "GET"),
        ("POST", "/__mock__/health", "GET"),
        ("PATCH", "/__mock__/scenarios", "DELETE, GET, POST"),
    ],
)
def test_the_wrong_method_is_told_the_right_ones(
    api: Api, method: str, target: str, allow: str
) -> None:
    """405 with Allow, before anybody is asked for a token."""
    got = api.ask(method, target, authorization=None)
    assert (got.status, got.headers["allow"]) == (405, allow)
    assert got.json["detail"] == f'Method "{method}" not allowed.'


@pytest.mark.parametrize(
    ("asked", "status", "members", "code"),
    [
        (("GET", "/predictions/x", None), 404, RELAYED, "bad_response_status_code"),
        (("GET", "/nothing", None), 404, RELAYED, ""),
        (("POST", "/models/a/b/predictions", {"input": {}}), 503, MAPPED, "model_not_found"),
        (("POST", PRO, {"input": {}}), 422, RELAYED, "bad_response_status_code"),
        (("POST", "/predictions", {"version": "a/b"}), 422, RELAYED, "bad_response_status_code"),
        (("POST", PRO, None), 400, MAPPED, ""),
        (("DELETE", "/predictions", None), 405, RELAYED, ""),
    ],
)
def test_the_new_api_family_wraps_its_refusals(
    api: Api, asked: tuple[str, str, object], status: int, members: list[str], code: str
) -> None:
    """`error` with the members of the family in their order; the request id in a header."""
    method, target, sent = asked
    got = api.ask(method, RELAY + target, json=sent)
    assert (got.status, list(got.json)) == (status, ["error"])
    assert list(got.json["error"]) == members
    assert got.json["error"]["code"] == code
    assert len(got.headers["x-oneapi-request-id"]) == 17 + 6 + 8
    assert got.headers["content-type"] == "application/json; charset=utf-8"


def test_an_unknown_path_shows_what_was_asked(api: Api) -> None:
    """`Invalid URL`, the family's text for its router, with the whole path."""
    got = api.get(f"{RELAY}/nothing")
    assert got.json["error"]["message"] == f"Invalid URL (GET {RELAY}/nothing)"


def test_no_two_requests_have_the_same_id(api: Api) -> None:
    """Equal requests at the same frozen instant are told apart."""
    ids = [api.get(f"{RELAY}/predictions/x").headers["x-oneapi-request-id"] for _ in range(20)]
    assert len(set(ids)) == 20


@pytest.mark.parametrize("face", ["/v1", RELAY])
@pytest.mark.parametrize(
    ("prompt", "headers"), [("x", {"x_mock_scenario": "nope"}), ("[[mock:nope]]", {})]
)
def test_an_unknown_scenario_is_the_callers_mistake(
    api: Api, face: str, prompt: str, headers: dict[str, str]
) -> None:
    """400 in our own words, because no gateway knows scenarios; the names there are are told."""
    got = api.post(face + PRO, {"input": {"prompt": prompt}}, **headers)
    assert got.status == 400
    assert "nope" in got.json["detail"]
    assert "happy" in got.json["detail"]
    assert api.get("/v1/predictions").json["results"] == []
