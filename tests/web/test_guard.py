"""The control API is for programs of this machine, and for no page of another site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

RESET = "/__mock__/reset"
LOCAL = "127.0.0.1:4010"


@pytest.mark.parametrize(
    "host", [LOCAL, "127.0.0.1", "localhost:1", "LocalHost", "[::1]:4010", "[::1]", "", None]
)
def test_programs_need_no_header(api: Api, host: str | None) -> None:
    """curl, pytest and health checks send neither Origin nor Sec-Fetch-Site."""
    assert api.post(RESET, host=host, authorization=None).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test:4010",
        "evil.test",
        "127.0.0.1.evil.test",
        "api.replicate.com",
        "0.0.0.0:4010",
        "localhost:",
    ],
)
@pytest.mark.parametrize("target", ["/__mock__/journal", RESET])
def test_a_name_that_was_rebound_is_misdirected(api: Api, target: str, host: str) -> None:
    """421 to reading and writing alike, and the way to allow the name."""
    method = "POST" if target == RESET else "GET"
    got = api.ask(method, target, host=host)
    assert got.status == 421
    assert "--allowed-host" in got.json["detail"]
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("allowed", ["mock.example", "*"])
def test_a_host_can_be_allowed(apis: Apis, allowed: str) -> None:
    """By its name, or all of them."""
    api = apis(allowed_hosts=frozenset({allowed}))
    assert api.get("/__mock__/health", host="mock.example:4010").status == 200


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("odd", 403), ("same-origin", 200), ("none", 200)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_is_refused(api: Api, method: str, site: str, status: int) -> None:
    """By what the browser says of the page."""
    target = RESET if method == "POST" else "/__mock__/journal"
    assert api.ask(method, target, sec_fetch_site=site).status == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"http://{LOCAL}", 200),
        (f"https://{LOCAL}", 200),
        ("http://evil.test", 403),
        ("http://127.0.0.1:9999", 403),
        ("null", 403),
        ("file://", 403),
    ],
)
def test_an_origin_must_be_ours(api: Api, origin: str, status: int) -> None:
    """Host and port, where a page says where it comes from."""
    assert api.post(RESET, origin=origin).status == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("application/jsonx", 415),
        (None, 415),
    ],
)
def test_a_form_cannot_write(api: Api, content_type: str | None, status: int) -> None:
    """A body must say that it is JSON."""
    assert api.post(RESET, body=b"{}", content_type=content_type).status == status


def test_a_refused_call_changes_nothing(api: Api) -> None:
    """The guard comes before the handler."""
    created = api.create()
    api.post(RESET, origin="http://evil.test", authorization=None)
    assert api.look(created["id"])["id"] == created["id"]


def test_the_api_itself_is_not_guarded(api: Api) -> None:
    """It has its tokens; a gateway's own Host is even a way to ask."""
    got = api.get("/v1/predictions", host="evil.test", origin="http://evil.test")
    assert got.status == 200
    assert "access-control-allow-origin" not in got.headers
