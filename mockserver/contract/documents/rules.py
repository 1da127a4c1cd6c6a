"""The rules about documents, D201 on: a page agrees with itself, with upstream, with others."""

from __future__ import annotations

from typing import Final

from mockserver.contract.finding import Rule, Severity


_ITSELF: Final = "the document itself"
_OPENAPI: Final = "OpenAPI Specification 3.0.3"
_HTTP: Final = "replicate.com/docs/reference/http"
_MODELS: Final = "schemas/models, from upstream's API schemas"
_SHOULD: Final = Severity.SHOULD

EXAMPLE_OBEYS: Final = Rule("D201", "An example obeys its document's schema and prose", _ITSELF)
MEMBERS_DESCRIBED: Final = Rule(
    "D202", "The response schema describes every member that its examples show", _ITSELF
)
EMPTY_REFUSED: Final = Rule(
    "D203", "A response has members that are not optional: an empty object is no answer", _ITSELF
)
OUTER_REQUIRED: Final = Rule(
    "D204", "What holds a required member is itself required", f"{_OPENAPI}, Request Body Object"
)
TOKEN_REQUIRED: Final = Rule(
    "D205",
    "A token that is needed is not called optional",
    f"{_OPENAPI}, Parameter Object and Security Requirement Object",
)
PROSE_IN_SCHEMA: Final = Rule(
    "D206",
    "Defaults, values and limits stand in the schema, not in prose alone",
    f"{_OPENAPI}, Schema Object",
    _SHOULD,
)
LIMIT_UNCONDITIONAL: Final = Rule(
    "D207", "A parameter has one limit, whatever else is given", _ITSELF, _SHOULD
)
DEFAULT_FORMAT_SHOWN: Final = Rule(
    "D208", "The example asks for the format that is the default", _ITSELF, _SHOULD
)
PARAMETERS_DESCRIBED: Final = Rule(
    "D209", "The parameters of a body are described, not only shown", _ITSELF, _SHOULD
)
MEMBER_SHOWN: Final = Rule(
    "D210", "A described member of a response is shown by an example", _ITSELF, _SHOULD
)
ECHO_EQUALS_REQUEST: Final = Rule(
    "D211", "The input that a response shows is that of the request", _ITSELF
)
RESPONSE_HAS_REQUEST: Final = Rule(
    "D212", "A response example answers a request that is shown", _ITSELF, _SHOULD
)
MODEL_OF_PATH: Final = Rule("D213", "A response is of the model in the path", _ITSELF)
INPUT_OF_MODEL: Final = Rule(
    "D214", "An example gives only inputs that its model has", _MODELS, _SHOULD
)
SUMMARIES_DIFFER: Final = Rule(
    "D215", "Two examples have two summaries", f"{_OPENAPI}, Example Object", _SHOULD
)
EXAMPLE_IS_JSON: Final = Rule("D216", "An example in JSON is JSON", "RFC 8259")
URLS_AT_HOME: Final = Rule(
    "D221", "urls.get and urls.cancel lead to the host that takes the document's token", _ITSELF
)
CREATE_ANSWERS_201: Final = Rule(
    "D222", "A create call answers as upstream does: 201, or 202", _HTTP, _SHOULD
)
STATUS_PRINTED: Final = Rule("D223", "A response is printed with its status", _ITSELF, _SHOULD)
REFUSALS_DESCRIBED: Final = Rule(
    "D224", "Refusals are described, not only success", _HTTP, _SHOULD
)
NEXT_STEP_DESCRIBED: Final = Rule(
    "D225",
    "Where a prediction is created, it is told how to look at it again, and how to cancel it",
    _HTTP,
    _SHOULD,
)
TYPE_OF_MODEL: Final = Rule("D231", "The type of an input is that of the model", _MODELS)
INPUTS_COMPLETE: Final = Rule("D232", "Every input of the model is described", _MODELS, _SHOULD)
OUTPUT_OF_MODEL: Final = Rule("D233", "The type of output is that of the model", _MODELS)
API_NAMED: Final = Rule(
    "D241", "An OpenAPI document names its API", f"{_OPENAPI}, Info Object", _SHOULD
)
SCHEMA_VALID: Final = Rule(
    "D242", "A schema is one of the document's OpenAPI version", f"{_OPENAPI}, Schema Object"
)
PLACEHOLDER_ONE: Final = Rule(
    "D251", "The token is written with one placeholder", _ITSELF, _SHOULD
)
NO_CREDENTIAL: Final = Rule("D252", "A document holds no credential", _ITSELF)
PREDICTION_ONCE: Final = Rule(
    "D261", "A prediction was captured from one gateway", "ids are unique", _SHOULD
)
HOST_ONE: Final = Rule(
    "D262", "The documents of a vendor name one host", "the documents together", _SHOULD
)
