"""Webhooks of what is not a plain prediction: of deployments and of trainings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from mockserver.core.letter import Letter
    from mockserver.service.egress import Target
    from tests.web.conftest import Api

MODEL: Final = "/v1/models/black-forest-labs/flux-kontext-pro"
HOOK: Final = "http://127.0.0.1:9/hook"
REPORTED: Final = {"webhook": HOOK, "webhook_events_filter": ["start", "completed"]}


@pytest.fixture
def bodies(api: Api) -> list[Any]:
    """What the receiver was sent, read as JSON."""
    received: list[Any] = []

    def take(_target: Target, letter: Letter) -> int:
        received.append(json.loads(letter.body))
        return 200

    api.front.fake.courier.sender = take
    return received


@pytest.fixture
def version(api: Api) -> str:
    """The version that is deployed and trained."""
    return str(api.get(MODEL).json["latest_version"]["id"])


@pytest.fixture
def training(api: Api, version: str, bodies: list[Any]) -> Any:
    """A training that reports its start and its end."""
    assert bodies == []
    model = {"owner": "acme", "name": "hats", "visibility": "private", "hardware": "cpu"}
    assert api.post("/v1/models", model).status == 201
    asked = {"destination": "acme/hats", "input": {"input_images": "https://a/b.zip"}}
    got = api.post(f"{MODEL}/versions/{version}/trainings", {**asked, **REPORTED})
    assert got.status == 201
    return got.json


def test_a_deployments_prediction_names_its_deployment(
    api: Api, version: str, bodies: list[Any]
) -> None:
    """In its webhooks as in its answers."""
    asked = {"name": "hats", "model": MODEL.removeprefix("/v1/models/"), "version": version}
    made = {**asked, "hardware": "cpu", "min_instances": 0, "max_instances": 1}
    assert api.post("/v1/deployments", made).status == 200
    sent = {"input": {"prompt": "a hat"}, **REPORTED}
    created = api.post("/v1/deployments/acme/hats/predictions", sent).json
    api.advance(3600)
    assert [body["id"] for body in bodies] == [created["id"]] * 2
    assert {body["deployment"] for body in bodies} == {created["deployment"]}


def test_a_training_tells_its_life(api: Api, training: Any, bodies: list[Any]) -> None:
    """In its own form: the destination is there."""
    api.advance(3600 * 24)
    assert [body["status"] for body in bodies] == ["starting", "succeeded"]
    assert {(body["id"], body["destination"]) for body in bodies} == {
        (training["id"], "acme/hats")
    }


@pytest.mark.parametrize("resource", ["trainings", "predictions"])
def test_a_canceled_training_tells_that(
    api: Api, training: Any, bodies: list[Any], resource: str
) -> None:
    """Once, whichever of the two paths was used."""
    api.advance(0.1)
    api.post(f"/v1/{resource}/{training['id']}/cancel")
    api.advance(3600 * 24)
    assert [body["status"] for body in bodies] == ["starting", "canceled"]
