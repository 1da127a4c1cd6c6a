"""Refusals, pages of somebody between, redirects and odd heads, as a raw socket meets them."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

from mockserver.core.clock import EPOCH_MS
from mockserver.library.faults import catalogue


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ENDED_S: Final = 60.0
STATUSES: Final = catalogue.kinds()["http.status"].params[0].choices


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_of_every_status(caller: Caller, status: str) -> None:
    """Upstream words it as a problem, whose own status is that of the answer; nothing is made."""
    told = caller.told(f"http.status;status={status}", "create")
    assert told.status == int(status)
    assert told.headers("content-type") == ["application/problem+json"]
    assert told.json.get("status", int(status)) == int(status)
    assert told.json["detail"]
    assert told.entry.faults[0].startswith("http.status-")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("gateway", ["new-api", "routeany"])
def test_a_gateway_words_it_its_own_way(caller: Caller, gateway: str, status: str) -> None:
    """In its envelope; where that tells a status, it is the one of the answer."""
    told = caller.told(f"http.status;status={status}", gateway=gateway)
    spoken = told.json.get("error", told.json)
    assert told.status == int(status)
    assert spoken.get("message") or spoken.get("detail")
    told_status = spoken.get("status") or spoken.get("code")
    assert told_status == int(status) or isinstance(told_status, str | None)


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("list", []),
        ("text", "something went wrong"),
        ("null", None),
        ("number", 12),
        ("empty", ""),
        ("detail_object", {"detail": {}}),
        ("title_number", {"title": 12, "detail": "something went wrong", "status": 500}),
    ],
)
def test_a_refusal_of_another_form(caller: Caller, form: str, read: object) -> None:
    """JSON, but not what refusals look like."""
    told = caller.told(f"http.error_body;form={form};status=502", "create")
    assert (told.status, told.headers("content-type"), told.json) == (
        *(502, ["application/json"]),
        read,
    )


@pytest.mark.parametrize(
    ("form", "media_type", "least_bytes"),
    [("html", "text/html; charset=utf-8", 20), ("long", "text/plain", 999_000)],
)
def test_a_refusal_that_is_no_json(
    caller: Caller, form: str, media_type: str, least_bytes: int
) -> None:
    """A page, or a megabyte of text."""
    told = caller.told(f"http.error_body;form={form}")
    assert (told.status, told.headers("content-type")) == (500, [media_type])
    assert len(told.body) >= least_bytes


@pytest.mark.parametrize("page", ["502", "503", "520", "522", "524"])
def test_a_page_of_a_network(caller: Caller, page: str) -> None:
    """HTML with the number of the request, in the head as well."""
    told = caller.told(f"http.cdn_html;page={page}", "create")
    (ray,) = told.headers("cf-ray")
    assert (told.status, len(ray.partition("-")[0])) == (int(page), 16)
    assert told.headers("content-type") == ["text/html; charset=UTF-8"]
    assert ray.partition("-")[0] in told.body.decode()


def test_a_page_that_asks_for_patience_is_no_error(caller: Caller) -> None:
    """Its status is 200, and nothing was made."""
    told = caller.told("http.cdn_html;page=just_a_moment", "create")
    assert (told.status, b"<title>Just a moment...</title>" in told.body) == (200, True)
    assert told.entry.notes[-1].endswith("before it took effect)")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("one", ["1"]),
        ("zero", ["0"]),
        ("fraction", ["1.5"]),
        ("imf", ["Thu, 01 Jan 2026 00:00:02 GMT"]),
        ("rfc850", ["Thursday, 01-Jan-26 00:00:02 GMT"]),
        ("asctime", ["Thu Jan  1 00:00:02 2026"]),
        ("iso", ["2026-01-01T00:00:02Z"]),
        ("past", ["Wed, 31 Dec 2025 23:59:58 GMT"]),
        ("negative", ["-5"]),
        ("huge", ["86400"]),
        ("list", ["1, 2"]),
        ("word", ["soon"]),
        ("two", ["1", "2"]),
        ("ms", ["1"]),
        ("reset", []),
        ("none", []),
    ],
)
def test_when_to_come_back(caller: Caller, form: str, said: list[str]) -> None:
    """In every form; dates are told by the world's time, which stands in `Date`."""
    told = caller.told(f"http.retry_after;form={form}", "create")
    assert (told.status, told.headers("retry-after")) == (429, said)
    assert told.headers("retry-after-ms") == (["500"] if form == "ms" else [])
    assert told.headers("ratelimit-reset") == (["2"] if form == "reset" else [])
    assert len(told.headers("date")) == 1
    if form in ("imf", "rfc850", "asctime", "iso", "past"):
        assert parsedate_to_datetime(told.headers("date")[0]).timestamp() * 1000 == EPOCH_MS


def test_when_to_come_back_is_told_with_another_status(caller: Caller) -> None:
    """503 as well."""
    assert caller.told("http.retry_after;status=503").status == 503


@pytest.mark.parametrize(
    ("form", "types"),
    [
        ("html", ["text/html"]),
        ("none", []),
        ("octet_stream", ["application/octet-stream"]),
        ("gbk", ["application/json; charset=gbk"]),
        ("two", ["application/json", "text/html"]),
    ],
)
@pytest.mark.parametrize("on", ["create", "get", "stream"])
def test_a_wrong_type(caller: Caller, form: str, types: list[str], on: str) -> None:
    """The body stays what it is."""
    told = caller.told(f"http.wrong_type;form={form}", on, after_s=ENDED_S, quiet_s=5)
    right = caller.told("net.latency;ms=0", on, after_s=ENDED_S, quiet_s=5)
    assert (told.headers("content-type"), told.status) == (types, right.status)
    assert told.body == right.body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("same", "{origin}{path}?redirected=1"),
        ("other_origin", "http://localhost:1{path}"),
        ("loop", "{origin}{path}"),
        ("relative", "{path}?redirected=1"),
        ("nowhere", None),
    ],
)
def test_a_redirect(caller: Caller, status: int, to: str, where: str | None) -> None:
    """To each place with each status; nothing was made."""
    told = caller.told(f"http.redirect;status={status};to={to}", "create")
    path = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
    origin = f"http://{told.entry.interaction.request.header('host')}"
    expected = [] if where is None else [where.format(origin=origin, path=path)]
    assert (told.status, told.headers("location")) == (status, expected)
    assert told.entry.notes[-1].endswith("before it took effect)")


@pytest.mark.parametrize(("to", "status"), [("same", 200), ("relative", 200), ("loop", 307)])
def test_a_redirect_that_is_followed(caller: Caller, to: str, status: int) -> None:
    """The same origin answers then; a loop redirects again."""
    world = caller.world()
    prediction = caller.created(world)
    caller.set(world, f"http.redirect;to={to}")
    request = caller.request(world, "get", prediction)
    path = request.split(b" ")[1]
    (where,) = caller.sent(world, request).headers("location")
    split = urlsplit(where)
    followed = f"{split.path}?{split.query}" if split.query else split.path
    assert caller.sent(world, request.replace(path, followed.encode(), 1)).status == status


@pytest.mark.parametrize("status", [200, 202, 206, 299])
def test_an_odd_success(caller: Caller, status: int) -> None:
    """The job was made, and is told as ever."""
    told = caller.told(f"http.status_odd;status={status}", "create")
    assert (told.status, told.json["status"]) == (status, "starting")


def test_a_success_without_a_body(caller: Caller) -> None:
    """204: neither a body nor a type nor a length."""
    told = caller.told("http.status_odd;status=204", "create")
    assert (told.status, told.body, told.ended) == (204, b"", "fin")
    assert told.headers("content-type") == told.headers("content-length") == []


def test_a_refusal_is_no_odd_success(caller: Caller) -> None:
    """It stays what it is, and the journal says so."""
    told = caller.told("http.status_odd", "create", body={"input": {}})
    assert (told.status, told.entry.faults) == (422, ())


def test_early_hints_come_first(caller: Caller) -> None:
    """103, and then the answer."""
    told = caller.told("http.early_hints", "create")
    hints, _, answer = told.data.partition(b"\r\n\r\n")
    assert hints.startswith(b"HTTP/1.1 103 Early Hints\r\nLink: ")
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n")
    assert told.entry.interaction.status == 201


def test_an_answer_of_old(caller: Caller) -> None:
    """HTTP/1.0 in its first line."""
    told = caller.told("http.version_1_0")
    assert told.data.startswith(b"HTTP/1.0 200 OK\r\n")
    assert (told.json["status"], told.ended) == ("starting", "fin")


@pytest.mark.parametrize(
    ("form", "header", "values"),
    [
        ("equal_lengths", "content-length", lambda size: [size, size]),
        ("differing_lengths", "content-length", lambda size: [size, size + 1]),
        ("two_types", "content-type", lambda _: ["application/json; charset=utf-8", "text/html"]),
        ("cookies", "set-cookie", lambda _: [f"c{place}={place}; Path=/" for place in range(50)]),
    ],
)
def test_a_header_twice(caller: Caller, form: str, header: str, values: Any) -> None:
    """The body is whole."""
    told = caller.told(f"http.dup_header;form={form}")
    assert told.headers(header) == [str(one) for one in values(len(told.body))]
    assert told.json["status"] == "starting"
