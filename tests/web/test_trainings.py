"""Trainings live as predictions do, and make versions of the account's own models."""

from __future__ import annotations

from typing import Any, Final

import pytest


MODEL: Final = "/v1/models/black-forest-labs/flux-kontext-pro"
OWN: Final = {"owner": "acme", "name": "hats", "visibility": "private", "hardware": "cpu"}
ASKED: Final = {"destination": "acme/hats", "input": {"input_images": "https://a.test/a.zip"}}


@pytest.fixture
def trainings(api: Any) -> str:
    """Where trainings of a version begin; the model they are for is there."""
    assert api.post("/v1/models", OWN).status == 201
    return f"{MODEL}/versions/{api.get(MODEL).json['latest_version']['id']}/trainings"


@pytest.fixture
def training(api: Any, trainings: str) -> Any:
    """A training that was just created."""
    got = api.post(trainings, ASKED)
    assert got.status == 201
    return got.json


def test_a_training_goes_as_a_prediction_does(api: Any, training: Any) -> None:
    """starting, processing, succeeded: at the model's own pace."""
    where = f"/v1/trainings/{training['id']}"
    assert training["status"] == "starting"
    api.advance(1)
    assert api.get(where).json["status"] == "processing"
    api.advance(60)
    ended = api.get(where).json
    assert (ended["status"], list(ended["output"])) == ("succeeded", ["version", "weights"])
    assert ended["metrics"]["predict_time"] == 4.9


def test_a_training_makes_a_version(api: Any, training: Any) -> None:
    """The version is there once the training has succeeded, and can be run."""
    assert api.get("/v1/models/acme/hats/versions").json["results"] == []
    api.advance(60)
    output = api.get(f"/v1/trainings/{training['id']}").json["output"]
    (version,) = api.get("/v1/models/acme/hats/versions").json["results"]
    assert output["version"] == f"acme/hats:{version['id']}"
    asked = {"version": version["id"], "input": {"prompt": "a hat"}}
    made = api.post("/v1/predictions", asked).json
    api.advance(60)
    ended = api.look(made["id"])
    assert (ended["model"], ended["version"]) == ("acme/hats", version["id"])
    assert api.get(ended["output"]).status == 200


def test_a_version_is_its_worlds_own(api: Any, training: Any) -> None:
    """Another account cannot run it, and this one not before it is there."""
    asked = {"version": f"acme/hats:{'0' * 64}", "input": {}}
    assert api.post("/v1/predictions", asked).status == 422
    api.advance(60)
    version = api.get(f"/v1/trainings/{training['id']}").json["output"]["version"]
    asked = {"version": version, "input": {"prompt": "a hat"}}
    assert api.post("/v1/predictions", asked, authorization="Bearer other").status == 422


def test_a_version_is_deleted_before_its_model(api: Any, training: Any) -> None:
    """A model with versions stays; deleting one is accepted with 202."""
    api.advance(60)
    version = api.get(f"/v1/trainings/{training['id']}").json["output"]["version"]
    where = f"/v1/models/acme/hats/versions/{version.rpartition(':')[2]}"
    assert api.ask("DELETE", "/v1/models/acme/hats").status == 409
    gone = api.ask("DELETE", where)
    assert (gone.status, gone.body) == (202, b"")
    assert api.get(where).status == 404
    assert api.ask("DELETE", "/v1/models/acme/hats").status == 204


@pytest.mark.parametrize("resource", ["trainings", "predictions"])
def test_both_paths_lead_to_a_training(api: Any, training: Any, resource: str) -> None:
    """Source: upstream's recordings, where create names one and get the other."""
    here = f"/v1/{resource}/{training['id']}"
    assert api.get(here).json["destination"] == "acme/hats"
    assert api.post(f"{here}/cancel").json["status"] == "canceled"
    assert api.get(f"/v1/trainings/{training['id']}").json["status"] == "canceled"


def test_create_names_the_path_of_predictions(api: Any, training: Any) -> None:
    """And a look the path of trainings."""
    assert "/v1/predictions/" in training["urls"]["cancel"]
    assert "/v1/trainings/" in api.get(training["urls"]["get"]).json["urls"]["cancel"]


def test_trainings_are_listed_apart(api: Any, training: Any) -> None:
    """The newest first, and not among the predictions."""
    page = api.get("/v1/trainings").json
    assert [one["id"] for one in page["results"]] == [training["id"]]
    assert (page["next"], page["previous"]) == (None, None)
    assert api.get("/v1/predictions").json["results"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"input": {}}, 422),
        ({"destination": "acme/hats"}, 422),
        ({"destination": "acme/nothing", "input": {}}, 404),
        ({**ASKED, "webhook": "no address"}, 422),
    ],
)
def test_a_training_is_checked(api: Any, trainings: str, body: Any, status: int) -> None:
    """It needs an input, and a model of the account to make a version for."""
    assert api.post(trainings, body).status == status


def test_a_scenario_holds_for_trainings_too(api: Any, trainings: str) -> None:
    """They go wrong as predictions do."""
    made = api.post(trainings, ASKED, x_mock_scenario="failed").json
    api.advance(60)
    ended = api.get(f"/v1/trainings/{made['id']}").json
    assert (ended["status"], ended["output"]) == ("failed", None)
    assert ended["error"]


def test_an_unknown_training_is_not_found(api: Any) -> None:
    """Neither to look at nor to cancel."""
    assert api.get("/v1/trainings/nothing").status == 404
    assert api.post("/v1/trainings/nothing/cancel").status == 404
