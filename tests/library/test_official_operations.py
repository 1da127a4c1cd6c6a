"""Our OpenAPI document against the operations of upstream's, of 2026-03-16."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from mockserver.library.rooms import room


OFFICIAL: Final = """
account.get                    GET    /account                                                  200
collections.list               GET    /collections                                              200
collections.get                GET    /collections/{collection_slug}                            200
deployments.list               GET    /deployments                                              200
deployments.create             POST   /deployments                                              200
deployments.delete             DELETE /deployments/{deployment_owner}/{deployment_name}         204
deployments.get                GET    /deployments/{deployment_owner}/{deployment_name}         200
deployments.update             PATCH  /deployments/{deployment_owner}/{deployment_name}         200
deployments.predictions.create POST   /deployments/{deployment_owner}/{deployment_name}/predictions 201,202
files.list                     GET    /files                                                    200
files.create                   POST   /files                                                    201
files.delete                   DELETE /files/{file_id}                                          204
files.get                      GET    /files/{file_id}                                          200
files.download                 GET    /files/{file_id}/download                                 200
hardware.list                  GET    /hardware                                                 200
models.list                    GET    /models                                                   200
models.create                  POST   /models                                                   201
models.search                  QUERY  /models                                                   200
models.delete                  DELETE /models/{model_owner}/{model_name}                        204
models.get                     GET    /models/{model_owner}/{model_name}                        200
models.update                  PATCH  /models/{model_owner}/{model_name}                        200
models.examples.list           GET    /models/{model_owner}/{model_name}/examples               200
models.predictions.create      POST   /models/{model_owner}/{model_name}/predictions            201,202
models.readme.get              GET    /models/{model_owner}/{model_name}/readme                 200
models.versions.list           GET    /models/{model_owner}/{model_name}/versions               200
models.versions.delete         DELETE /models/{model_owner}/{model_name}/versions/{version_id}  202
models.versions.get            GET    /models/{model_owner}/{model_name}/versions/{version_id}  200
trainings.create               POST   /models/{model_owner}/{model_name}/versions/{version_id}/trainings 201
predictions.list               GET    /predictions                                              200
predictions.create             POST   /predictions                                              201,202
predictions.get                GET    /predictions/{prediction_id}                              200
predictions.cancel             POST   /predictions/{prediction_id}/cancel                       200
search                         GET    /search                                                   200
trainings.list                 GET    /trainings                                                200
trainings.get                  GET    /trainings/{training_id}                                  200
trainings.cancel               POST   /trainings/{training_id}/cancel                           200
webhooks.default.secret.get    GET    /webhooks/default/secret                                  200
"""  # noqa: E501 - a table
"""Name, method, path, and the statuses of success. Source: upstream's OpenAPI document."""

ROWS: Final = [tuple(line.split()) for line in OFFICIAL.strip().splitlines()]
OURS: Final = {"openapi.get"}
DOCUMENT: Final = json.loads((room("schemas") / "openapi.json").read_text(encoding="utf-8"))


def operation(method: str, path: str) -> Any:
    """The operation in our document; nothing if it is not there."""
    return DOCUMENT["paths"].get(path, {}).get(method.lower(), {})


@pytest.mark.parametrize(("name", "method", "path", "statuses"), ROWS)
def test_every_official_operation_is_told(
    name: str, method: str, path: str, statuses: str
) -> None:
    """By its own name, with the same statuses of success."""
    found = operation(method, path)
    told = [status for status in found.get("responses", ()) if status.startswith("2")]
    assert (found.get("operationId"), ",".join(sorted(told))) == (name, statuses)


def test_nothing_else_is_told() -> None:
    """Besides the document itself, whose path is ours."""
    told = {
        one["operationId"]
        for item in DOCUMENT["paths"].values()
        for method, one in item.items()
        if method != "parameters"
    }
    assert told - OURS == {row[0] for row in ROWS}
