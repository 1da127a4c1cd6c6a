"""The served document of each gateway is true, whole, and kept current."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.contract.reading import asked
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.library.openapi import (
    document_path,
    served_document,
    stale_documents,
    write_documents,
)
from mockserver.library.request_body import request_schema
from mockserver.library.rooms import room


CATALOGUE: Final = Catalogue()
GATEWAYS: Final = CATALOGUE.gateways()
SOURCE: Final = json.loads((room("schemas") / "openapi.json").read_text(encoding="utf-8"))
PRO: Final = "/models/black-forest-labs/flux-kontext-pro/predictions"
OPERATIONS: Final = {
    "predictions.get": ("GET", "/predictions/ID"),
    "predictions.cancel": ("POST", "/predictions/ID/cancel"),
}
TEMPLATE: Final = "/models/{model_owner}/{model_name}/predictions"
TOLD: Final = [
    (path.replace(TEMPLATE, PRO), method, status)
    for path, item in SOURCE["paths"].items()
    for method in sorted(set(item) - {"parameters"})
    for status in sorted(set(item[method]["responses"]) - {"default"})
]

each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda it: it.name)


def place_of_pro(gateway: Gateway) -> str:
    """Where its document has the create call of one model."""
    return asked(gateway, "POST", PRO, None)[1]


def references(value: Any) -> Iterator[str]:
    """Every `$ref` inside `value`."""
    if isinstance(value, dict):
        yield from (ref for key, ref in value.items() if key == "$ref")
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for item in inner:
            yield from references(item)


def resolved(document: Any, reference: str) -> Any:
    """What `reference` leads to; KeyError if it leads nowhere."""
    found = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def without_notes(value: Any) -> Any:
    """A schema without what only people read."""
    if isinstance(value, dict):
        return {key: without_notes(it) for key, it in value.items() if key != "description"}
    return [without_notes(it) for it in value] if isinstance(value, list) else value


def test_the_kept_documents_are_current() -> None:
    """What lies in schemas/gateways is what would be written now: `mockserver schemas export`."""
    assert stale_documents(CATALOGUE) == ()


def test_a_stale_document_is_found_and_written(tmp_path: Path) -> None:
    """Only what differs is written, and then nothing differs any more."""
    shutil.copytree(CATALOGUE.schemas, tmp_path / "schemas")
    catalogue = Catalogue(tmp_path / "schemas")
    changed, lost = (
        document_path(catalogue, catalogue.gateway(name)) for name in ("anyapi", "winfull")
    )
    changed.write_text("{}", encoding="utf-8")
    lost.unlink()
    assert stale_documents(catalogue) == (changed, lost)
    assert write_documents(catalogue) == (changed, lost)
    assert stale_documents(catalogue) == ()


@each_gateway
def test_every_reference_stays_inside(gateway: Gateway) -> None:
    """A client that reads the served document needs no other file."""
    document = served_document(CATALOGUE, gateway)
    assert all(resolved(document, reference) for reference in references(document))


@each_gateway
def test_each_model_has_a_path_with_its_own_input(gateway: Gateway) -> None:
    """What a caller may send is told exactly, model by model."""
    document = served_document(CATALOGUE, gateway)
    create = document["paths"][place_of_pro(gateway)]["post"]
    schema = create["requestBody"]["content"]["application/json"]["schema"]
    flat = gateway.request is not None and gateway.request.flat
    told = resolved(document, (schema if flat else schema["properties"]["input"])["$ref"])
    assert told["required"] == ["prompt"]
    assert told["properties"]["output_format"]["enum"] == ["jpg", "png"]
    assert document["servers"] == [{"url": gateway.base_path}]


@each_gateway
def test_a_version_is_told_with_the_input_of_its_model(gateway: Gateway) -> None:
    """Each model once, by its three names; or not at all, where no version can be asked for."""
    if not gateway.serves("POST", "/predictions"):
        components = served_document(CATALOGUE, gateway)["components"]
        assert "VersionRequest" not in components["schemas"]
        return
    requests = served_document(CATALOGUE, gateway)["components"]["schemas"]["VersionRequest"]
    names = [request["properties"]["version"]["enum"] for request in requests["anyOf"]]
    assert names == [list(model.version_names) for model in CATALOGUE.models()]


@pytest.mark.parametrize(
    ("name", "statuses", "media_type"),
    [
        ("replicate", "201 202 400 401 402 403 413 422 429", "application/problem+json"),
        ("anyapi", "200 400 401 403 413 422 429", "application/json"),
        ("quickrouter", "200 400 401 403 413 422 429", "application/json"),
        ("new-api", "200 400 401 403 413 422 429", "application/json"),
        ("cometapi", "200 401 403 413 429 500", "application/json"),
        ("routeany", "201 400 401 402 403 413 429", "application/problem+json"),
    ],
)
def test_create_tells_the_statuses_of_the_profile(
    name: str, statuses: str, media_type: str
) -> None:
    """Success as the profile has it, refusals in its envelope."""
    document = served_document(CATALOGUE, CATALOGUE.gateway(name))
    responses = document["paths"][PRO]["post"]["responses"]
    assert list(responses) == statuses.split()
    assert list(responses["401"]["content"]) == [media_type]


def test_a_refusal_with_the_status_of_success_is_told_beside_it() -> None:
    """WaveSpeedAI answers 200 to everything; the body says which it is."""
    document = served_document(CATALOGUE, CATALOGUE.gateway("wavespeed"))
    responses = document["paths"]["/black-forest-labs/flux-kontext-pro"]["post"]["responses"]
    told, refused = responses["200"]["content"]["application/json"]["schema"]["anyOf"]
    assert list(responses) == ["200"]
    assert told["properties"]["code"] == {"const": 200}
    assert refused == {"$ref": "#/components/schemas/WrappedError"}


def test_only_what_has_a_place_is_told() -> None:
    """The paths of a gateway's own, and no component that none of them leads to."""
    document = served_document(CATALOGUE, CATALOGUE.gateway("wavespeed"))
    others = [path for path in document["paths"] if path.startswith(("/models", "/trainings"))]
    assert others == []
    assert {"Model", "Training", "Problem"} & set(document["components"]["schemas"]) == set()
    assert list(document["paths"]["/predictions"]) == ["get", "post"]
    assert "requestBody" in document["paths"]["/predictions"]["post"]


def test_a_reduced_answer_is_told() -> None:
    """QuickRouter's create has three members at most, two at least."""
    document = served_document(CATALOGUE, CATALOGUE.gateway("quickrouter"))
    created = document["components"]["schemas"]["CreatedPrediction"]
    assert created["required"] == ["id", "status"]
    assert list(created["properties"]) == ["id", "status", "output"]


@each_gateway
def test_create_links_to_what_comes_next(gateway: Gateway) -> None:
    """Whoever reads the document can go on from the id that create answers."""
    document = served_document(CATALOGUE, gateway)
    create = document["paths"][place_of_pro(gateway)]["post"]
    created = create["responses"][str(gateway.create.status)]
    told = [resolved(document, link["$ref"])["operationId"] for link in created["links"].values()]
    assert told == [name for name, operation in OPERATIONS.items() if gateway.serves(*operation)]


@pytest.mark.parametrize(
    ("component", "versioned"), [("PredictionRequest", False), ("VersionPredictionRequest", True)]
)
def test_the_source_tells_what_is_checked(component: str, versioned: bool) -> None:  # noqa: FBT001 - a column of the table
    """The request bodies written by hand are those that requests are checked against."""
    told = without_notes(SOURCE["components"]["schemas"][component])
    assert told == request_schema({"type": "object"}, versioned=versioned)


@pytest.mark.parametrize(("path", "method", "status"), TOLD)
def test_what_the_source_tells_is_served_as_upstream(path: str, method: str, status: str) -> None:
    """Paths, operations and statuses of success written by hand are those of the profile."""
    served = served_document(CATALOGUE, CATALOGUE.gateway("replicate"))["paths"]
    assert status in served[path][method]["responses"]
