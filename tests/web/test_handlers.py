"""Pages for people, and the document for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mockserver.library.catalogue import Catalogue


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

GATEWAYS = Catalogue().gateway_names()


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_the_document_is_served_for_the_face_it_is_asked_at(api: Api, gateway: str) -> None:
    """The gateway's own document, the address of this face as its only server."""
    base = f"/gateways/{gateway}/replicate/v1"
    got = api.get(f"{base}/openapi.json", authorization=None, host="mock.example")
    stored = Catalogue().schemas / "gateways" / f"{gateway}.openapi.json"
    expected = json.loads(stored.read_text(encoding="utf-8"))
    assert (got.status, got.headers["content-type"]) == (200, "application/json")
    assert got.json["servers"] == [{"url": f"http://mock.example{base}"}]
    assert got.json["paths"] == expected["paths"]


@pytest.mark.parametrize("target", ["/", "/v1", "/v1/", "/gateways/anyapi"])
def test_who_opens_the_address_is_welcome(api: Api, target: str) -> None:
    """Plain text with lines to paste, at the address it was opened with."""
    got = api.get(target, host="localhost:4010", authorization=None)
    assert (got.status, got.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert b"curl http://localhost:4010/v1/models/" in got.body


def test_the_page_of_a_prediction_tells_how_it_is(api: Api) -> None:
    """`urls.web`, for a person: plain text, no token, whichever world it lives in."""
    api.create(authorization="Bearer other")
    created = api.create("<script>alert(1)</script>", x_mock_scenario="instant")
    failed = api.create(x_mock_scenario="failed")
    api.advance(9)
    got = api.get(created["urls"]["web"], authorization=None)
    why = api.get(failed["urls"]["web"], authorization=None)
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.body.decode().split("\n")[:3] == [
        created["id"],
        "black-forest-labs/flux-kontext-pro",
        "succeeded",
    ]
    assert created["output"] in got.body.decode()
    assert b"script" not in got.body
    assert b"please retry" in why.body


def test_looking_at_a_page_does_not_move_a_poll_clock(apis: Apis) -> None:
    """A person who looks is no client that polls."""
    api = apis(clock="poll")
    created = api.create()
    assert api.get(created["urls"]["web"]).body == api.get(created["urls"]["web"]).body
