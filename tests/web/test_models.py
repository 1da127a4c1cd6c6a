"""Models and versions as the API tells them, and what an account may do to its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest


MODEL: Final = "/v1/models/black-forest-labs/flux-kontext-pro"
OWN: Final = {"owner": "acme", "name": "hats", "visibility": "private", "hardware": "cpu"}
NEWEST: Final = "latest_version_created_at"


def names(page: Any) -> list[str]:
    """The models of a page, by name."""
    return [f"{one['owner']}/{one['name']}" for one in page["results"]]


def test_a_model_is_told_with_its_latest_version(api: Any) -> None:
    """Its schema is that of its container, its example a prediction that ended."""
    model = api.get(MODEL).json
    schemas = model["latest_version"]["openapi_schema"]["components"]["schemas"]
    assert (model["is_official"], model["visibility"]) == (True, "public")
    assert schemas["Input"]["required"] == ["prompt"]
    assert schemas["Output"]["format"] == "uri"
    assert model["default_example"]["status"] == "succeeded"


def test_the_example_can_be_followed(api: Any) -> None:
    """Its addresses lead to the prediction and to its picture."""
    example = api.get(MODEL).json["default_example"]
    assert api.get(example["urls"]["get"]).json["id"] == example["id"]
    assert api.get(example["output"]).headers["content-type"].startswith("image/")
    assert api.get(f"{MODEL}/examples").json["results"] == [example]


@pytest.mark.parametrize("by", ["model_created_at", NEWEST])
def test_models_are_sorted_either_way(api: Any, by: str) -> None:
    """The newest first, unless asked otherwise."""
    down = api.get(f"/v1/models?sort_by={by}").json["results"]
    up = api.get(f"/v1/models?sort_by={by}&sort_direction=asc").json["results"]
    dates = [one["created_at"] for one in down]
    assert dates == sorted(dates, reverse=True)
    assert [one["created_at"] for one in up] == dates[::-1]


@pytest.mark.parametrize("query", ["sort_by=age", "sort_direction=down"])
def test_no_other_order_is_known(api: Any, query: str) -> None:
    """What cannot be sorted by is refused as an input is."""
    assert api.get(f"/v1/models?{query}").status == 422


def test_models_come_25_to_a_page(api: Any, own: Callable[..., Any]) -> None:
    """Following `next` tells every model once, and `previous` leads back."""
    for number in range(30):
        own(name=f"hat-{number}")
    first = api.get("/v1/models").json
    second = api.get(first["next"]).json
    assert len(first["results"]) == 25
    assert not set(names(first)) & set(names(second))
    assert names(api.get(second["previous"]).json) == names(first)


@pytest.mark.parametrize("cursor", ["nonsense", "cD05OTk="])
def test_a_cursor_that_no_page_gave_out_is_not_found(api: Any, cursor: str) -> None:
    """As in lists of predictions."""
    assert api.get(f"/v1/models?cursor={cursor}").status == 404


def test_a_search_tells_the_best_first(api: Any) -> None:
    """The text is the body."""
    found = api.ask("QUERY", "/v1/models", body=b"kontext dev").json
    assert names(found)[0] == "black-forest-labs/flux-kontext-dev"


@pytest.mark.parametrize("path", ["", "/versions", "/examples", "/readme"])
def test_a_model_that_is_not_there_is_not_found(api: Any, path: str) -> None:
    """Nor is anything of it."""
    assert api.get(f"/v1/models/acme/nothing{path}").status == 404


def test_a_version_is_found_by_its_id(api: Any) -> None:
    """The list holds it, its own address tells the same."""
    (version,) = api.get(f"{MODEL}/versions").json["results"]
    assert api.get(f"{MODEL}/versions/{version['id']}").json == version
    assert api.get(f"{MODEL}/versions/{'0' * 64}").status == 404


def test_a_readme_is_plain_text(api: Any) -> None:
    """Without one of its own, a model is told by its title and description."""
    got = api.get(f"{MODEL}/readme")
    assert got.headers["content-type"].startswith("text/plain")
    assert got.body.startswith(b"# FLUX.1 Kontext [pro]\n")


@pytest.fixture
def own(api: Any) -> Callable[..., Any]:
    """Makes a model of the account."""

    def make(**members: object) -> Any:
        got = api.post("/v1/models", {**OWN, **members})
        assert got.status == 201
        return got.json

    return make


def test_a_new_model_has_no_version_yet(api: Any, own: Callable[..., Any]) -> None:
    """It is listed and found, but cannot be run."""
    made = own()
    assert made["latest_version"] is None
    assert api.get("/v1/models/acme/hats").json == made
    assert api.get("/v1/models/acme/hats/versions").json["results"] == []
    assert api.post("/v1/models/acme/hats/predictions", {"input": {}}).status == 404


def test_what_a_world_makes_is_its_own(api: Any, own: Callable[..., Any]) -> None:
    """Another token sees what is shipped, and no more."""
    own()
    assert api.get("/v1/models/acme/hats", authorization="Bearer other").status == 404
    assert api.get(MODEL, authorization="Bearer other").status == 200


@pytest.mark.parametrize(
    ("members", "field", "kind"),
    [
        ({"visibility": "secret"}, "visibility", "enum"),
        ({"hardware": "abacus"}, "hardware", "enum"),
        ({"name": "no/slash"}, "name", "pattern"),
        ({"owner": 5}, "owner", "invalid_type"),
    ],
)
def test_a_model_is_checked(api: Any, members: Any, field: str, kind: str) -> None:
    """Each fault is told as faults of inputs are."""
    got = api.post("/v1/models", {**OWN, **members})
    faults = got.json["invalid_fields"]
    assert (got.status, [(one["field"], one["type"]) for one in faults]) == (422, [(field, kind)])


def test_a_name_is_taken_once(api: Any, own: Callable[..., Any]) -> None:
    """Neither by the account nor by anybody else."""
    own()
    taken = {**OWN, "owner": "black-forest-labs", "name": "flux-kontext-pro"}
    assert api.post("/v1/models", OWN).status == 409
    assert api.post("/v1/models", taken).status == 409


def test_a_model_can_be_told_differently(api: Any, own: Callable[..., Any]) -> None:
    """What is not sent stays as it was."""
    own(description="Hats.")
    got = api.ask("PATCH", "/v1/models/acme/hats", json={"readme": "# Hats", "paper_url": "x"})
    assert (got.status, got.json["description"], got.json["paper_url"]) == (200, "Hats.", "x")
    assert api.get("/v1/models/acme/hats/readme").body == b"# Hats"


def test_a_readme_nobody_wrote_is_empty(api: Any, own: Callable[..., Any]) -> None:
    """It is there as soon as its model is."""
    own()
    got = api.get("/v1/models/acme/hats/readme")
    assert (got.status, got.body) == (200, b"")


def test_others_models_are_left_alone(api: Any) -> None:
    """What is shipped is read-only."""
    version = api.get(MODEL).json["latest_version"]["id"]
    assert api.ask("PATCH", MODEL, json={"description": "mine"}).status == 403
    assert api.ask("DELETE", MODEL).status == 403
    assert api.ask("DELETE", f"{MODEL}/versions/{version}").status == 403


def test_a_private_model_can_be_deleted(api: Any, own: Callable[..., Any]) -> None:
    """And then is not there any more."""
    own()
    got = api.ask("DELETE", "/v1/models/acme/hats")
    assert (got.status, got.body) == (204, b"")
    assert api.get("/v1/models/acme/hats").status == 404


def test_a_public_model_cannot_be_deleted(api: Any, own: Callable[..., Any]) -> None:
    """Source: replicate.com/docs/reference/http#models.delete."""
    own(visibility="public")
    assert api.ask("DELETE", "/v1/models/acme/hats").status == 403


def test_models_are_the_same_on_every_face(api: Any) -> None:
    """A gateway passes on what upstream has."""
    assert api.get("/gateways/anyapi/replicate/v1/models/black-forest-labs/flux-kontext-pro").json
    assert api.get("/replicate/v1/models").status == 200
