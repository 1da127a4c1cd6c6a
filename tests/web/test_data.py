"""A user's own data, given while the fake runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.rooms import room
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


DATA: Final = "/__mock__/data"
OLD_ID: Final = "zz4ibbonubfz7carwiefibzgga"
"""As ids were until 2023: other letters than ours."""
PREDICTION: Final[dict[str, Any]] = {
    "id": OLD_ID,
    "model": "acme/hats",
    "version": "a" * 64,
    "status": "succeeded",
    "created_at": "2023-09-08T16:32:57.018467Z",
    "started_at": "2023-09-08T16:32:57.112647Z",
    "completed_at": "2023-09-08T16:41:19.826523Z",
    "input": {"size": 7},
    "output": ["https://a.test/hat.png"],
    "error": None,
    "logs": "felt\n",
    "metrics": {"predict_time": 502.713876},
    "urls": {"get": "https://api.replicate.com/v1/predictions/zz4ibbonubfz7carwiefibzgga"},
}
RUNNING: Final[dict[str, Any]] = PREDICTION | {
    "id": "running",
    "status": "processing",
    "completed_at": None,
    "output": None,
    "metrics": None,
}
TRAINING: Final[dict[str, Any]] = PREDICTION | {
    "id": "training-1",
    "destination": "acme/hats",
    "output": {"version": "acme/hats:1", "weights": "https://a.test/w.tar"},
}
COLLECTION: Final = {
    "slug": "hats",
    "name": "Hats",
    "description": "For heads.",
    "full_description": None,
    "models": ["black-forest-labs/flux-kontext-pro"],
}
DEPLOYMENT: Final[dict[str, Any]] = {
    "owner": "acme",
    "name": "hats",
    "current_release": {
        "number": 4,
        "model": "black-forest-labs/flux-kontext-pro",
        "version": "897a70f5a7dbd8a0611413b3b98cf417b45f266bd595c571a22947619d9ae462",
        "created_at": "2025-01-01T00:00:00Z",
        "configuration": {"hardware": "cpu", "min_instances": 0, "max_instances": 1},
    },
}


@pytest.fixture
def model() -> Any:
    """The file of a model, under another name and with a version of its own."""
    path = room("schemas") / "models" / "black-forest-labs" / "flux-kontext-pro.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))
    return shipped | {"model": "acme/painter", "version": "b" * 64, "version_id": "b" * 64}


def give(api: Any, **sections: object) -> Any:
    """The answer to giving these sections to the usual world."""
    return api.post(DATA, sections)


def test_a_given_prediction_keeps_its_id(api: Any) -> None:
    """It is told as it was given, at our addresses, however old it is."""
    got = give(api, predictions=[PREDICTION])
    seen = api.look(OLD_ID)
    assert (got.status, got.json["given"]["predictions"]) == (201, 1)
    assert {key: seen[key] for key in ("output", "input", "logs", "metrics", "version")} == {
        key: PREDICTION[key] for key in ("output", "input", "logs", "metrics", "version")
    }
    assert seen["urls"]["get"] == f"http://127.0.0.1:4010/v1/predictions/{OLD_ID}"
    assert (seen["created_at"], seen["data_removed"]) == ("2023-09-08T16:32:57.018Z", False)


def test_given_predictions_are_listed(api: Any) -> None:
    """The newest first, whatever order they were given in."""
    older = PREDICTION | {"id": "older", "created_at": "2022-01-01T00:00:00Z"}
    give(api, predictions=[PREDICTION, older])
    made = api.create()
    listed = [one["id"] for one in api.get("/v1/predictions").json["results"]]
    assert listed == [made["id"], OLD_ID, "older"]


@pytest.mark.parametrize("prediction_id", [OLD_ID, "x", "a-" * 32])
def test_a_given_prediction_can_be_streamed(api: Any, prediction_id: str) -> None:
    """Also under ids that are not of our form."""
    times = dict.fromkeys(("created_at", "started_at", "completed_at"), "2026-01-01T00:00:00Z")
    give(api, predictions=[PREDICTION | times | {"id": prediction_id}])
    streamed = api.get(api.look(prediction_id)["urls"]["stream"])
    assert (streamed.status, b"event: done" in streamed.body) == (200, True)


def test_what_runs_goes_on_until_it_is_canceled(api: Any) -> None:
    """A prediction that was given without an end has none of its own."""
    give(api, predictions=[RUNNING])
    api.advance(7 * 86_400)
    assert api.look("running")["status"] == "processing"
    assert api.post("/v1/predictions/running/cancel").json["status"] == "canceled"


def test_given_trainings_are_found(api: Any) -> None:
    """With their output, as it was given."""
    give(api, trainings=[TRAINING])
    seen = api.get("/v1/trainings/training-1").json
    assert (seen["status"], seen["output"]) == ("succeeded", TRAINING["output"])
    assert seen["destination"] == "acme/hats"


def test_a_given_deployment_can_be_run(api: Any) -> None:
    """In the release that was given."""
    give(api, deployments=[DEPLOYMENT])
    assert api.get("/v1/deployments/acme/hats").json["current_release"]["number"] == 4
    assert api.create(at="/v1/deployments/acme/hats/predictions")["status"] == "starting"


def test_given_content_stands_before_the_shipped(api: Any) -> None:
    """Account and hardware are replaced, collections added, cards told."""
    name = "black-forest-labs/flux-kontext-pro"
    card = {"run_count": 7, "created_at": "2025-01-01T00:00:00Z", "readme": "# Mine"}
    hardware = [{"sku": "abacus", "name": "Abacus"}]
    account = {"type": "user", "username": "me"}
    give(api, account=account, hardware=hardware, collections=[COLLECTION], cards={name: card})
    assert api.get("/v1/account").json == account
    assert api.get("/v1/hardware").json == hardware
    assert "flux" in [one["slug"] for one in api.get("/v1/collections").json["results"]]
    assert len(api.get("/v1/collections/hats").json["models"]) == 1
    assert api.get(f"/v1/models/{name}").json["run_count"] == 7
    assert api.get(f"/v1/models/{name}/readme").body == b"# Mine"


def test_a_given_model_can_be_run(api: Any, model: Any) -> None:
    """By its version: only official models are run by name."""
    give(api, models=[model])
    asked = {"input": {"prompt": "a hat"}}
    by_version = api.post("/v1/predictions", {"version": f"acme/painter:{'b' * 64}", **asked})
    assert (by_version.status, by_version.json["version"]) == (201, "b" * 64)
    assert api.get("/v1/models/acme/painter").json["is_official"] is False
    assert api.post("/v1/models/acme/painter/predictions", asked).status == 404
    assert api.post("/v1/predictions", {"version": "acme/painter", **asked}).status == 422


def test_a_given_model_is_the_fakes_own(apis: Any, model: Any) -> None:
    """Another fake does not know it."""
    give(apis(), models=[model])
    assert apis().get("/v1/models/acme/painter").status == 404


def test_data_without_a_world_is_everybodys(api: Any) -> None:
    """It reaches the worlds there are, and those that come later."""
    api.create()
    assert api.post(DATA, {"predictions": [PREDICTION]}, authorization=None).status == 201
    assert api.look(OLD_ID)["id"] == OLD_ID
    late = api.get(f"/v1/predictions/{OLD_ID}", authorization="Bearer late")
    assert late.json["id"] == OLD_ID


def test_data_for_one_world_is_its_own(api: Any) -> None:
    """Another token does not see it."""
    give(api, predictions=[PREDICTION])
    assert api.get(f"/v1/predictions/{OLD_ID}", authorization="Bearer other").status == 404


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"hats": []}, "hats: unknown key"),
        ({"predictions": [PREDICTION | {"hat": 1}]}, "predictions[0].hat: unknown key"),
        ({"predictions": [PREDICTION | {"id": "no/slash"}]}, "predictions[0].id"),
        ({"predictions": [PREDICTION | {"status": "done"}]}, "predictions[0].status"),
        ({"predictions": [PREDICTION | {"completed_at": None}]}, "completed_at"),
        ({"predictions": [PREDICTION | {"created_at": "now"}]}, "predictions[0].created_at"),
        ({"predictions": [PREDICTION, PREDICTION]}, "predictions[1].id"),
        ({"collections": [{"slug": "x"}]}, "collections[0].name: missing"),
        ({"account": {"type": "king", "username": "x"}}, "account.type"),
    ],
)
def test_wrong_data_is_refused_with_its_place(api: Any, sections: Any, told: str) -> None:
    """And nothing of it is given."""
    got = give(api, **sections)
    assert (got.status, told in got.json["detail"]) == (400, True), got.json
    assert api.get("/v1/predictions").json["results"] == []


def test_an_id_is_given_once(api: Any) -> None:
    """The second document is refused whole."""
    give(api, predictions=[PREDICTION])
    again = give(api, predictions=[PREDICTION | {"id": "new"}, PREDICTION])
    assert again.status == 400
    assert api.get("/v1/predictions/new").status == 404


@pytest.fixture
def folder(tmp_path: Path, model: Any) -> Path:
    """A data folder with something of everything."""
    page = {"next": None, "previous": None, "results": [PREDICTION]}
    files = {
        "predictions.json": page,
        "trainings.json": [TRAINING],
        "collections.json": [COLLECTION],
        "models/acme/painter.json": model,
    }
    for name, value in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "hat.txt").write_bytes(b"felt")
    return tmp_path


def test_every_world_begins_with_the_folder(folder: Path, apis: Any) -> None:
    """Its predictions, trainings, collections, files and models."""
    fake = Fake(Settings(clock="manual"), Catalogue(data=folder))
    api = type(apis())(Front(fake), apis().usual)
    assert api.look(OLD_ID)["output"] == PREDICTION["output"]
    assert api.get("/v1/trainings/training-1").status == 200
    assert api.get("/v1/collections/hats").status == 200
    assert api.get("/v1/models/acme/painter").json["owner"] == "acme"
    assert [one["name"] for one in api.get("/v1/files").json["results"]] == ["hat.txt"]
