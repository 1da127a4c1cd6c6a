"""Upstream's requests and answers, translated for gateways with manners of their own, and back."""

from __future__ import annotations

from typing import Any, Final

import pytest

from mockserver.contract.reading import asked, field_of, read, status_of, unspelled
from mockserver.core.interaction import Interaction, Request
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import dumps, loads


CATALOGUE: Final = Catalogue()
CREATE: Final = "/models/a/b/predictions"


def answer(body: object) -> Interaction:
    """An exchange that was answered so."""
    json = (("Content-Type", "application/json"),)
    return Interaction(Request("GET", "/"), 200, json, dumps(body), 0)


def told(gateway: str, body: object) -> Any:
    """The same body in upstream's terms."""
    return loads(read(CATALOGUE.gateway(gateway), answer(body)).response_body)


@pytest.mark.parametrize(
    ("gateway", "method", "path", "put"),
    [
        ("anyapi", "POST", CREATE, ("POST", CREATE)),
        ("routeany", "POST", CREATE, ("POST", CREATE)),
        ("wavespeed", "POST", CREATE, ("POST", "/a/b")),
        ("wavespeed", "GET", CREATE, ("GET", "/a/b")),
        ("wavespeed", "GET", "/predictions?page=2", ("GET", "/predictions?page=2")),
        ("wavespeed", "GET", "/no/such/path", ("GET", "/no/such/path")),
    ],
)
def test_a_path_is_put_where_the_profile_has_it(
    gateway: str, method: str, path: str, put: tuple[str, str]
) -> None:
    """What has no place stays as it is, so that it can be refused."""
    assert asked(CATALOGUE.gateway(gateway), method, path, None)[:2] == put


@pytest.mark.parametrize(
    ("sent", "path", "put"),
    [
        (b'{"input":{"a":1}}', "/a/b", b'{"a":1}'),
        (b'{"input":{},"webhook":"http://x"}', "/a/b?webhook=http%3A%2F%2Fx", b"{}"),
        (b"{", "/a/b", b"{"),
        (b"[]", "/a/b", b"[]"),
    ],
)
def test_a_flat_body_is_the_input(sent: bytes, path: str, put: bytes) -> None:
    """The webhook goes into the query; what is no body stays broken."""
    wave = CATALOGUE.gateway("wavespeed")
    assert asked(wave, "POST", CREATE, sent) == ("POST", path, put)


def test_a_wrapped_answer_is_unwrapped_and_read() -> None:
    """Members, statuses and empty values as upstream has them; a refusal stays as it is."""
    one = {"id": "x", "status": "completed", "outputs": ["u"], "error": "", "urls": {"get": "g"}}
    refusal = {"code": 404, "message": "no", "data": None}
    assert told("wavespeed", {"code": 200, "message": "success", "data": one}) == {
        "id": "x",
        "status": "succeeded",
        "output": ["u"],
        "error": None,
        "urls": {"get": "g"},
    }
    assert told("wavespeed", refusal) == refusal


def test_a_page_is_read_with_its_neighbours() -> None:
    """Which are null where a gateway does not tell them."""
    page = {"results": [{"id": "x", "error": {"code": "C", "message": "why"}}], "next": "n"}
    items = {"code": 200, "message": "success", "data": {"items": [], "page": 1, "total": 0}}
    assert told("routeany", page) == {
        "results": [{"id": "x", "error": "why"}],
        "next": "n",
        "previous": None,
    }
    assert told("wavespeed", items) == {"results": [], "next": None, "previous": None}


def test_what_is_not_json_is_not_read() -> None:
    """Pages, files, and answers of gateways that relay upstream's."""
    page = Interaction(Request("GET", "/"), 200, (("Content-Type", "text/html"),), b"<p>", 0)
    assert read(CATALOGUE.gateway("wavespeed"), page) is page
    assert read(CATALOGUE.gateway("anyapi"), page) is page
    assert unspelled(CATALOGUE.gateway("cometapi"), {"id": "x"}) == {"id": "x"}


@pytest.mark.parametrize(
    ("gateway", "status", "seen"),
    [
        ("anyapi", "aborted", "aborted"),
        ("routeany", "aborted", "canceled"),
        ("wavespeed", "canceled", "failed"),
    ],
)
def test_statuses_of_one_name_cannot_be_told_apart(gateway: str, status: str, seen: str) -> None:
    """The first of them stands for all."""
    assert status_of(CATALOGUE.gateway(gateway), status) == seen


def test_a_field_of_a_flat_body_has_no_input_before_it() -> None:
    """Elsewhere it has."""
    wave, relay = CATALOGUE.gateway("wavespeed"), CATALOGUE.gateway("anyapi")
    assert [field_of(wave, name) for name in ("input.a", "input", "webhook")] == [
        "a",
        "",
        "webhook",
    ]
    assert field_of(relay, "input.a") == "input.a"
