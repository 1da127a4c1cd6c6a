"""`--any-id`: what nobody made is answered with an example, as generated SDK suites expect."""

from __future__ import annotations

from typing import Any, Final

import pytest


ID: Final = "prediction_id"
MODEL: Final = "/v1/models/model_owner/model_name"
VERSION: Final = f"{MODEL}/versions/version_id"
DEPLOYMENT: Final = "/v1/deployments/deployment_owner/deployment_name"
NEW_DEPLOYMENT: Final = {
    "name": "my-app-image-generator",
    "model": "acme/nothing",
    "version": "da77bc59ee60423279fd632efb4795ab731d9e3ca9705ef3341091fb989b7eaf",
    "hardware": "hardware",
    "min_instances": 0,
    "max_instances": 0,
}
CALLS: Final[list[tuple[str, str, object, int]]] = [
    ("GET", f"/v1/predictions/{ID}", None, 200),
    ("POST", f"/v1/predictions/{ID}/cancel", None, 200),
    ("POST", "/v1/predictions", {"version": "owner/name", "input": {}}, 201),
    ("GET", MODEL, None, 200),
    ("PATCH", MODEL, {"description": "d"}, 200),
    ("DELETE", MODEL, None, 204),
    ("GET", f"{MODEL}/readme", None, 200),
    ("GET", f"{MODEL}/examples", None, 200),
    ("GET", f"{MODEL}/versions", None, 200),
    ("GET", VERSION, None, 200),
    ("DELETE", VERSION, None, 202),
    ("POST", f"{MODEL}/predictions", {"input": {}}, 201),
    ("POST", f"{VERSION}/trainings", {"destination": "destination", "input": {}}, 201),
    ("GET", "/v1/trainings/training_id", None, 200),
    ("POST", "/v1/trainings/training_id/cancel", None, 200),
    ("GET", DEPLOYMENT, None, 200),
    ("PATCH", DEPLOYMENT, {"max_instances": 5}, 200),
    ("DELETE", DEPLOYMENT, None, 204),
    ("POST", f"{DEPLOYMENT}/predictions", {"input": {}}, 201),
    ("POST", "/v1/deployments", NEW_DEPLOYMENT, 200),
    ("GET", "/v1/collections/collection_slug", None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_whatever_is_named_is_there(
    apis: Any, method: str, path: str, body: object, status: int
) -> None:
    """Each operation succeeds with names that nobody gave."""
    got = apis(any_id=True).ask(method, path, json=body)
    assert got.status == status, got.body


@pytest.mark.parametrize(("method", "path", "body", "_status"), CALLS[:2] + CALLS[3:])
def test_otherwise_it_is_not(
    apis: Any, method: str, path: str, body: object, _status: int
) -> None:
    """Without the switch a client meets what it would meet upstream."""
    body = {**NEW_DEPLOYMENT, "hardware": "cpu"} if body is NEW_DEPLOYMENT else body
    assert apis().ask(method, path, json=body).status == 404


def test_an_example_has_the_id_that_was_asked_for(apis: Any) -> None:
    """And an output that can be fetched."""
    api = apis(any_id=True)
    seen = api.look(ID)
    assert (seen["id"], seen["status"]) == (ID, "succeeded")
    assert seen["urls"]["get"].endswith(f"/predictions/{ID}")
    assert api.get(seen["output"]).status == 200


def test_what_was_made_is_told_as_it_is(apis: Any) -> None:
    """Examples stand only for what is not there."""
    api = apis(any_id=True)
    assert api.look(api.create()["id"])["status"] == "starting"
