"""Deployments: their releases, their predictions, and the rules of their end."""

from __future__ import annotations

from typing import Any, Final

import pytest


MODEL: Final = "black-forest-labs/flux-kontext-pro"
HERE: Final = "/v1/deployments/acme/hats"
FIFTEEN_MINUTES_S: Final = 15 * 60


@pytest.fixture
def asked(api: Any) -> Any:
    """What a deployment is made from."""
    return {
        "name": "hats",
        "model": MODEL,
        "version": api.get(f"/v1/models/{MODEL}").json["latest_version"]["id"],
        "hardware": "gpu-t4",
        "min_instances": 0,
        "max_instances": 2,
    }


@pytest.fixture
def deployment(api: Any, asked: Any) -> Any:
    """A deployment that was just made."""
    got = api.post("/v1/deployments", asked)
    assert got.status == 200
    return got.json


def test_a_deployment_begins_with_its_first_release(api: Any, asked: Any, deployment: Any) -> None:
    """It belongs to the account, which is told as its maker."""
    release = deployment["current_release"]
    assert (deployment["owner"], deployment["name"]) == ("acme", "hats")
    assert (release["number"], release["version"]) == (1, asked["version"])
    assert release["created_by"]["username"] == "acme"
    assert api.get(HERE).json == deployment
    assert api.get("/v1/deployments").json["results"] == [deployment]


def test_each_change_is_a_release(api: Any, asked: Any, deployment: Any) -> None:
    """Its number grows, and what is not sent stays."""
    assert deployment["current_release"]["configuration"]["max_instances"] == 2
    got = api.ask("PATCH", HERE, json={"max_instances": 3})
    release = got.json["current_release"]
    assert (got.status, release["number"], release["version"]) == (200, 2, asked["version"])
    assert release["configuration"] == {
        "hardware": "gpu-t4",
        "min_instances": 0,
        "max_instances": 3,
    }


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"min_instances": 6}, 422),
        ({"max_instances": 21}, 422),
        ({"hardware": "abacus"}, 422),
        ({"version": "0" * 64}, 404),
        ({"version": "latest"}, 422),
        ({"model": "acme/nothing"}, 404),
        ({"name": "a/b"}, 422),
    ],
)
def test_a_deployment_is_checked(api: Any, asked: Any, members: Any, status: int) -> None:
    """Its numbers are bounded, what it runs and where must be there."""
    assert api.post("/v1/deployments", {**asked, **members}).status == status


def test_a_name_is_taken_once(api: Any, asked: Any, deployment: Any) -> None:
    """The second asks in vain."""
    assert deployment["name"] == asked["name"]
    assert api.post("/v1/deployments", asked).status == 409


def test_a_prediction_of_a_deployment_says_so(api: Any, deployment: Any) -> None:
    """Otherwise it is like any other, and told the same in every form."""
    made = api.create(at=f"{HERE}/predictions")
    assert (made["model"], made["deployment"]) == (MODEL, f"{deployment['owner']}/hats")
    assert api.look(made["id"])["deployment"] == "acme/hats"
    assert api.get("/v1/predictions").json["results"][0]["deployment"] == "acme/hats"


def test_a_deployment_in_use_cannot_be_deleted(api: Any, deployment: Any) -> None:
    """Not before it was unused for 15 minutes."""
    assert deployment["current_release"]["number"] == 1
    api.create(at=f"{HERE}/predictions")
    assert api.ask("DELETE", HERE).status == 409
    api.advance(FIFTEEN_MINUTES_S)
    assert api.ask("DELETE", HERE).status == 204
    assert api.get(HERE).status == 404


def test_a_deployment_that_is_online_cannot_be_deleted(api: Any, asked: Any) -> None:
    """It has to be without instances, and that for 15 minutes."""
    api.post("/v1/deployments", {**asked, "min_instances": 1})
    assert api.ask("DELETE", HERE).status == 409
    assert api.ask("PATCH", HERE, json={"min_instances": 0}).status == 200
    assert api.ask("DELETE", HERE).status == 409
    api.advance(FIFTEEN_MINUTES_S)
    assert api.ask("DELETE", HERE).status == 204


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_deployment_that_is_not_there_is_not_found(api: Any, method: str) -> None:
    """Whatever is asked of it."""
    assert api.ask(method, HERE, json={}).status == 404
    assert api.post(f"{HERE}/predictions", {"input": {}}).status == 404


def test_a_deployment_is_its_worlds_own(api: Any, deployment: Any) -> None:
    """Another account does not see it."""
    assert deployment["name"] == "hats"
    assert api.get(HERE, authorization="Bearer other").status == 404
