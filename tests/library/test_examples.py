"""What the documents show is valid by the schemas that were derived from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.examples import Document, Example, load_document, load_documents
from mockserver.library.openapi import served_document
from mockserver.library.request_body import request_schema
from mockserver.library.rooms import room
from mockserver.library.validate import Validator


CATALOGUE: Final = Catalogue()
DOCUMENTS: Final = load_documents(room("fixtures"))
EXAMPLES: Final = [
    pytest.param(document, example, id=f"{document.gateway}-{document.model}-{example.name}")
    for document in DOCUMENTS
    for example in document.examples
]
REQUESTS: Final = [it for it in EXAMPLES if it.values[1].request]  # type: ignore[union-attr]  # an Example
QUICKROUTER: Final = room("fixtures") / "docs" / "quickrouter" / "flux-kontext-pro.json"

each_example = pytest.mark.parametrize(("document", "example"), EXAMPLES)
each_request = pytest.mark.parametrize(("document", "example"), REQUESTS)
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda it: f"{it.gateway}-{it.model}"
)


def test_all_five_documents_are_there() -> None:
    """With six responses, because AnyAPI shows two."""
    assert [(it.gateway, it.model, len(it.examples)) for it in DOCUMENTS] == [
        ("anyapi", "black-forest-labs/flux-kontext-pro", 2),
        ("quickrouter", "black-forest-labs/flux-kontext-pro", 1),
        ("winfull", "black-forest-labs/flux-fill-dev", 1),
        ("winfull", "black-forest-labs/flux-kontext-dev", 1),
        ("winfull-cloud", "flux-kontext-apps/multi-image-kontext-max", 1),
    ]


@each_request
def test_the_request_is_accepted(document: Document, example: Example) -> None:
    """Each request body is valid against the Input of the model it asks for."""
    model = CATALOGUE.model(document.model)
    assert model is not None
    assert example.request is not None
    schema = request_schema(model.input_schema, versioned=False)
    assert Validator(schema).violations(example.request.body) == ()


@each_request
def test_the_request_is_sent_to_the_gateway(document: Document, example: Example) -> None:
    """Its host and path are those of the profile, its token is where the profile looks for it."""
    gateway = CATALOGUE.gateway(document.gateway)
    assert example.request is not None
    url = urlsplit(example.request.url)
    assert CATALOGUE.gateway_of_host(url.netloc) is gateway
    assert url.path == f"{gateway.base_path}/models/{document.model}/predictions"
    assert dict(example.request.headers)[gateway.auth.header].split()[0] in gateway.auth.schemes


@each_example
def test_the_response_is_one_the_gateway_gives(document: Document, example: Example) -> None:
    """Each response is valid against what the gateway's own document tells of create."""
    gateway = CATALOGUE.gateway(document.gateway)
    served = served_document(CATALOGUE, gateway)
    responses = served["paths"][f"/models/{document.model}/predictions"]["post"]["responses"]
    told = responses[str(example.response.status or gateway.create.status)]
    schema = told["content"]["application/json"]["schema"] | {"components": served["components"]}
    assert Validator(schema).violations(example.response.body) == ()


@each_document
def test_every_document_is_told_to_be_of_some_day(document: Document) -> None:
    """Provenance: what was read, when, and where in it."""
    assert document.document
    assert document.read == "2026-11-20"
    assert all(example.provenance for example in document.examples)


@each_document
def test_the_snippets_ask_for_what_the_example_asks(document: Document) -> None:
    """Whoever pastes a snippet sends the example, whatever the language."""
    request = document.examples[0].request
    assert request is not None
    path = urlsplit(request.url).path
    assert all(path in snippet for snippet in document.snippets.values())


def changed(tmp_path: Path, changes: dict[str, Any]) -> Path:
    """QuickRouter's document with other members."""
    path = tmp_path / "quickrouter" / "flux-kontext-pro.json"
    path.parent.mkdir()
    document = json.loads(QUICKROUTER.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"gateway": "anyapi"}, "gateway: expected 'quickrouter', as the path says"),
        ({"model": "a/b"}, "model: expected a model named 'flux-kontext-pro'"),
        ({"exemples": []}, "exemples: unknown key"),
        ({"examples": [{"name": "x"}]}, r"examples\[0\].request: missing"),
        ({"modified": 1}, "modified: expected text"),
        ({"snippets": {"curl": 1}}, "snippets.curl: expected text"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    """The error names the key, what was expected and what was seen."""
    with pytest.raises(LibraryError, match=named):
        load_document(changed(tmp_path, changes))
