"""How each gateway words its refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from mockserver.core import problem
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.gateways import Gateway
from mockserver.library.refusals import KINDS, load_refusals
from mockserver.library.rooms import room
from mockserver.library.validate import Validator


GATEWAYS: Final = Catalogue().gateways()
FAMILY: Final = room("schemas") / "errors" / "new-api.toml"
SCHEMA_OF: Final = {
    "problem": "problem.schema.json",
    "openai": "gateway-error.schema.json",
    "coded": "coded-problem.schema.json",
    "wrapped": "wrapped-error.schema.json",
}
WRONG_FIELD: Final = {"type": "required", "field": "input", "description": "prompt is required"}

each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)


@each_gateway
@pytest.mark.parametrize("kind", KINDS)
def test_each_refusal_obeys_its_wire_schema(gateway: Gateway, kind: str) -> None:
    """Whatever the envelope, what a profile words is what the wire schema describes."""
    if gateway.errors.kinds[kind].media_type:
        # A page, with no body that could be read.
        assert gateway.errors.kinds[kind].members == ()
        return
    name = SCHEMA_OF[gateway.errors.envelope]
    schema = json.loads((room("schemas") / name).read_text(encoding="utf-8"))
    body = gateway.errors.body(kind, {"detail": "why"}, [WRONG_FIELD])
    assert Validator(schema).is_valid(body)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_one_that_the_core_can_raise(kind: str) -> None:
    """Profiles and problems use the same names."""
    raised = {
        cls.kind
        for cls in vars(problem).values()
        if isinstance(cls, type) and issubclass(cls, problem.Problem)
    }
    assert kind in raised


@pytest.mark.parametrize(
    ("kind", "facts", "text"),
    [
        (
            "unauthenticated_missing",
            {},
            (
                '{"title":"Unauthenticated",'
                '"detail":"You did not pass an authentication token","status":401}'
            ),
        ),
        (
            "not_found",
            {},
            '{"detail":"The requested resource could not be found.","status":404}',
        ),
        (
            "input_invalid",
            {"detail": "- input: prompt is required\n"},
            (
                '{"detail":"- input: prompt is required\\n","status":422,'
                '"title":"Input validation failed","invalid_fields":[{"type":"required",'
                '"field":"input","description":"prompt is required"}]}'
            ),
        ),
    ],
)
def test_upstream_is_worded_to_the_letter(kind: str, facts: dict[str, str], text: str) -> None:
    """Members, order and texts are those of bodies seen upstream."""
    body = Catalogue().gateway("replicate").errors.body(kind, facts, [WRONG_FIELD])
    assert json.dumps(body, separators=(",", ":")) == text


def test_the_family_answers_503_for_an_unknown_model() -> None:
    """A gateway of the new-api family has no channel for it; upstream says 404."""
    errors = Catalogue().gateway("anyapi").errors
    facts = {"model": "a/b", "request_id": "20261120"}
    assert errors.kinds["model_not_found"].status == 503
    assert errors.body("model_not_found", facts) == {
        "error": {
            "code": "model_not_found",
            "message": "No available channel for model a/b under group default (distributor) "
            "(request id: 20261120)",
            "type": "new_api_error",
        }
    }


def test_one_gateway_of_a_family_words_some_kinds_in_its_own_way() -> None:
    """CometAPI calls a bad request 500 invalid_request; all else is worded as by the family."""
    comet, family = (Catalogue().gateway(name).errors for name in ("cometapi", "new-api"))
    assert comet.kinds["input_invalid"].status == 500
    assert comet.body("input_invalid", {"detail": "why", "request_id": "1"}) == {
        "error": {
            "message": "why (request id: 1)",
            "type": "comet_api_error",
            "code": "invalid_request",
        }
    }
    assert comet.kinds["throttled"].message == family.kinds["throttled"].message


def test_a_wrapped_refusal_tells_its_status_in_the_body_only() -> None:
    """The answer is 200 whatever is refused."""
    errors = Catalogue().gateway("wavespeed").errors
    assert {kind.status for kind in errors.kinds.values()} == {200}
    assert errors.body("not_found", {})["code"] == 404


def test_a_coded_problem_names_each_wrong_field_with_a_code() -> None:
    """What is missing is named by its own path, and has a code of its own."""
    errors = Catalogue().gateway("routeany").errors
    wrong = [WRONG_FIELD, {"type": "enum", "field": "input.a", "description": "no"}]
    assert errors.body("input_invalid", {"detail": "why"}, wrong)["errors"] == [
        {
            "field": "input.prompt",
            "code": "VALIDATION_MISSING_FIELD",
            "message": "prompt is required",
        },
        {"field": "input.a", "code": "VALIDATION_INVALID_ARGUMENT", "message": "no"},
    ]


def test_braces_in_a_fact_are_only_text() -> None:
    """What a caller sent is never taken for a format text."""
    errors = Catalogue().gateway("anyapi").errors
    body = errors.body("path_not_found", {"method": "GET", "path": "/{model}/{"})
    assert '"Invalid URL (GET /{model}/{)"' in json.dumps(body)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('envelope = "openai"', 'envelope = "soap"', "envelope: expected one of problem, openai"),
        ("status = 503", "status = 200", "model_not_found.status: expected a status from 400"),
        ("({method} {path})", "({verb})", "path_not_found.message: expected a text over method"),
        ('"param", "code"]', '"param", "kode"]', "members: expected some of message"),
        ("[kinds.internal]", "[kinds.eternal]", "kinds.internal: missing"),
        ("status = 503", "status = 503\nlocation = '/'\ncolour = 1", "model_not_found.colour"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The error names the key, what was expected and what was seen."""
    path = tmp_path / "new-api.toml"
    path.write_text(FAMILY.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(LibraryError, match=named):
        load_refusals(path, brand="new_api_error")
