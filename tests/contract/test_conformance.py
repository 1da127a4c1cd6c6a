"""Answers against a document: the status, the media type and the body, each by its own code."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.conformance import Conformance
from mockserver.core.interaction import Interaction, Request


DOCUMENT = {
    "paths": {
        "/things": {"post": {"responses": {"default": {"description": "anything"}}}},
        "/things/{name}": {
            "parameters": [],
            "get": {
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        }
                    }
                }
            },
        },
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}},
            }
        }
    },
}


def codes(
    body: bytes = b'{"id":"x"}',
    *,
    method: str = "GET",
    path: str = "/v1/things/x",
    status: int = 200,
    media_type: str = "application/json; charset=utf-8",
) -> list[tuple[str, str]]:
    """What is found in one answer, and where."""
    request = Request(method, path, headers=(("host", "example.com"),))
    exchange = Interaction(request, status, (("Content-Type", media_type),), body, 0)
    found = Conformance(DOCUMENT, "/v1").judged([exchange])
    return [(finding.code, finding.at) for finding in found]


def test_what_the_document_says_is_no_finding() -> None:
    """Parameters of a media type do not count."""
    assert codes() == []


def test_a_status_must_be_described() -> None:
    """A status that the operation does not list is unknown to its clients."""
    assert codes(status=201) == [(rules.STATUS_DESCRIBED.code, "")]


def test_a_media_type_must_be_described() -> None:
    """A body of another type cannot be judged further."""
    assert codes(media_type="text/html") == [(rules.MEDIA_TYPE_DESCRIBED.code, "content-type")]


@pytest.mark.parametrize(
    ("body", "at"), [(b'{"id":1}', "/id"), (b"{}", ""), (b"[]", ""), (b"{", "")], ids=repr
)
def test_a_body_must_obey_its_schema(body: bytes, at: str) -> None:
    """Each fault is found where it is; what is no JSON is nothing."""
    assert codes(body) == [(rules.BODY_DESCRIBED.code, at)]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/others"), ("DELETE", "/v1/things/x"), ("GET", "/v1/things/")],
    ids=repr,
)
def test_what_the_document_does_not_have_is_not_judged(method: str, path: str) -> None:
    """An unknown path or method is the business of the error suite."""
    assert codes(method=method, path=path) == []


def test_default_stands_for_every_status() -> None:
    """As OpenAPI has it; where a response describes no content, any body will do."""
    assert codes(method="POST", path="/v1/things", status=418, media_type="text/plain") == []
