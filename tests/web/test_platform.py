"""The account, hardware, collections and search."""

from __future__ import annotations

from typing import Any

import pytest


def test_an_account_is_told(api: Any) -> None:
    """Its type and name at least."""
    account = api.get("/v1/account").json
    assert (account["type"], account["username"]) == ("organization", "acme")


def test_hardware_is_a_bare_list(api: Any) -> None:
    """No page around it. Source: upstream's OpenAPI document."""
    assert {"sku": "cpu", "name": "CPU"} in api.get("/v1/hardware").json


def test_a_collection_holds_models(api: Any) -> None:
    """The list names it, its own address tells its models whole."""
    listed = api.get("/v1/collections").json["results"]
    whole = api.get(f"/v1/collections/{listed[0]['slug']}").json
    assert list(listed[0]) == ["name", "slug", "description"]
    assert whole["models"][0]["owner"] == "black-forest-labs"
    assert api.get("/v1/collections/nothing").status == 404


def test_a_search_needs_no_token(api: Any) -> None:
    """It finds models, collections and pages."""
    found = api.get("/v1/search?query=flux", authorization=None).json
    assert list(found) == ["query", "models", "collections", "pages"]
    assert found["models"][0]["metadata"]["score"] == 1.0
    assert "flux" in [one["slug"] for one in found["collections"]]


def test_a_search_tells_as_many_as_asked(api: Any) -> None:
    """At most `limit` of each kind."""
    assert len(api.get("/v1/search?query=flux&limit=1").json["models"]) == 1


@pytest.mark.parametrize("query", ["", "?query=", "?limit=3"])
def test_a_search_needs_a_query(api: Any, query: str) -> None:
    """Source: upstream's OpenAPI document, the body word by word."""
    got = api.get(f"/v1/search{query}")
    assert (got.status, got.body) == (400, b'{"detail":"Query parameter \\"query\\" is required"}')
    assert got.headers["content-type"] == "application/json"


@pytest.mark.parametrize("limit", ["0", "51", "many", "-1", "9" * 30])
def test_a_limit_is_bounded(api: Any, limit: str) -> None:
    """From 1 to 50."""
    assert api.get(f"/v1/search?query=flux&limit={limit}").status == 422


@pytest.mark.parametrize("path", ["account", "hardware", "collections", "models", "deployments"])
def test_all_else_needs_a_token(api: Any, path: str) -> None:
    """As predictions do."""
    assert api.get(f"/v1/{path}", authorization=None).status == 401
