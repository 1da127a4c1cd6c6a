"""The OpenAPI document of each gateway, made from the paths, its profile, the models and schemas.

`schemas/openapi.json` says which operations there are and what they can refuse; a profile says
with which statuses, members and envelope; each model gets a path with its own Input schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Endpoint, Gateway
from mockserver.library.models import Model
from mockserver.library.openapi_manners import either, mannered, wrapped
from mockserver.library.refusals import Envelope, ErrorKind
from mockserver.library.request_body import request_schema
from mockserver.library.schema_trees import within, without
from mockserver.library.strict import json_table


# JSON Schema and OpenAPI are trees of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

_MODEL_PATH: Final = "/models/{model_owner}/{model_name}/predictions"
_MODEL_PARAMETERS: Final = frozenset({"model_owner", "model_name"})
_MODEL_CREATE: Final = "models.predictions.create"
_VERSION_CREATE: Final = "predictions.create"

# Where the profile tells how an operation answers.
_ENDPOINT_OF: Final = {
    _MODEL_CREATE: "create",
    _VERSION_CREATE: "create",
    "deployments.predictions.create": "create",
    "predictions.get": "get",
    "predictions.list": "list",
    "predictions.cancel": "cancel",
}

_ERROR_SCHEMAS: Final = {
    Envelope.PROBLEM: ("Problem", "problem.schema.json"),
    Envelope.OPENAI: ("GatewayError", "gateway-error.schema.json"),
    Envelope.CODED: ("CodedProblem", "coded-problem.schema.json"),
    Envelope.WRAPPED: ("WrappedError", "wrapped-error.schema.json"),
}

# Components that are made for each gateway; others are served as they are written.
_MADE: Final = frozenset({"Prediction", "PredictionPage", "VersionPredictionRequest", "Problem"})

# What only the files in schemas/ carry: where a fact is from, and the schema's own name.
_FOR_READERS: Final = frozenset({"$schema", "$id", "x-source"})


def served_document(catalogue: Catalogue, gateway: Gateway) -> Json:
    """The OpenAPI 3.1 document of what is served as `gateway`; it refers to no other file."""
    return mannered(gateway, _Document(catalogue, gateway).whole())


def document_path(catalogue: Catalogue, gateway: Gateway) -> Path:
    """Where the document of `gateway` is kept."""
    return catalogue.schemas / "gateways" / f"{gateway.name}.openapi.json"


def document_text(catalogue: Catalogue, gateway: Gateway) -> str:
    """The document of `gateway` as its file holds it."""
    return json.dumps(served_document(catalogue, gateway), indent=2, ensure_ascii=False) + "\n"


def stale_documents(catalogue: Catalogue) -> tuple[Path, ...]:
    """The kept documents that are missing or differ from what they would be made into now."""
    return tuple(path for path, _ in _stale(catalogue))


def write_documents(catalogue: Catalogue) -> tuple[Path, ...]:
    """Write the documents that are stale, and tell which they were."""
    stale = tuple(_stale(catalogue))
    for path, text in stale:
        path.write_text(text, encoding="utf-8")
    return tuple(path for path, _ in stale)


def _stale(catalogue: Catalogue) -> Iterator[tuple[Path, str]]:
    for gateway in catalogue.gateways():
        path, text = document_path(catalogue, gateway), document_text(catalogue, gateway)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield path, text


@dataclass(frozen=True)
class _Document:
    """One gateway's document in the making."""

    catalogue: Catalogue
    gateway: Gateway

    @cached_property
    def source(self) -> Json:
        return self.schema("openapi.json")

    def schema(self, name: str) -> Json:
        copied: Json = without(self._file(name), _FOR_READERS)
        return copied

    def _file(self, name: str) -> Json:
        table = json_table(self.catalogue.schemas / name)
        return {key: table.value(key) for key in table}

    def whole(self) -> Json:
        source = self.source
        return {
            "openapi": source["openapi"],
            "info": source["info"]
            | {
                "title": f"{self.gateway.title}, as served by mockserver",
                "description": f"Generated from schemas/gateways/{self.gateway.name}.toml, the "
                "models and schemas/openapi.json; do not edit.",
            },
            "servers": [{"url": self.gateway.base_path}],
            "security": source["security"],
            "tags": source["tags"],
            "paths": dict(self._paths()),
            "components": self._components(),
        }

    def _paths(self) -> Iterator[tuple[str, Json]]:
        for path, item in self.source["paths"].items():
            if path != _MODEL_PATH:
                yield path, self._item(item)
                continue
            for model in filter(_is_official, self.catalogue.models()):
                yield f"/models/{model.full_name}/predictions", self._model_item(item, model)

    def _item(self, item: Json) -> Json:
        return {
            key: self._operation(value) if key != "parameters" else value
            for key, value in item.items()
        }

    def _model_item(self, item: Json, model: Model) -> Json:
        """The item of one model: no path parameters, its own name and Input schema."""
        post = self._operation(item["post"], absent="model_not_found")
        body = request_schema({"$ref": f"#/components/schemas/{_input(model)}"}, versioned=False)
        named = {
            "operationId": f"{_MODEL_CREATE}:{model.full_name}",
            "summary": f"Create a prediction of {model.title}",
            "description": model.description,
            "requestBody": _json_body(body),
        }
        return {"post": post | named}

    def _operation(self, operation: Json, absent: str = "") -> Json:
        kinds = [self.gateway.errors.kinds[name] for name in operation["x-errors"]]
        told = {key: value for key, value in operation.items() if key != "x-errors"}
        if operation["operationId"] == _VERSION_CREATE:
            told["requestBody"] = _json_body({"$ref": "#/components/schemas/VersionRequest"})
        refused = self._refused(kind for kind in kinds if kind.name != absent)
        return told | {"responses": either(self._answered(operation), refused)}

    def _answered(self, operation: Json) -> Json:
        """The responses of success, with the statuses and members of the profile."""
        name = _ENDPOINT_OF.get(operation["operationId"])
        if name is None:
            return {
                key: value for key, value in operation["responses"].items() if key != "default"
            }
        endpoint: Endpoint = getattr(self.gateway, name)
        statuses = {endpoint.status}
        if name == "create":
            statuses.add(self.gateway.waited_out_status)
        return {str(status): self._success(name, status) for status in sorted(statuses)}

    def _success(self, name: str, status: int) -> Json:
        schemas = {"create": "CreatedPrediction", "list": "PredictionPage"}
        told = wrapped(self.gateway.wrapped, _ref(schemas.get(name, "Prediction")))
        content = {"application/json": {"schema": told}}
        if name != "create":
            says = "One page" if name == "list" else "The prediction as it is now"
            return {"description": says, "content": content}
        waited_out = status != self.gateway.create.status
        return {
            "description": "Created; the wait ran out" if waited_out else "Created",
            "content": content,
            "links": {link: {"$ref": f"#/components/links/{link}"} for link in self._links},
        }

    @cached_property
    def _links(self) -> Json:
        """How to go on from what create answers."""
        found: Json = self.source["components"]["links"]
        return found

    def _refused(self, kinds: Iterable[ErrorKind]) -> Json:
        """The responses of refusal, one for each status."""
        errors = self.gateway.errors
        schema = _ref(_ERROR_SCHEMAS[errors.envelope][0])
        media_type = errors.content_type.partition(";")[0]
        by_status = groupby(sorted(kinds, key=_status), key=_status)
        return {
            str(status): {
                "description": ", ".join(kind.name for kind in same),
                "content": {media_type: {"schema": schema}},
            }
            for status, same in by_status
        }

    def _components(self) -> Json:
        shared = self.source["components"]
        return {
            "securitySchemes": shared["securitySchemes"],
            "parameters": shared["parameters"],
            "links": self._links,
            "schemas": self._schemas(),
        }

    def _schemas(self) -> Json:
        """Every schema that is referred to, with those of other files taken in."""
        models = self.catalogue.models()
        prediction = self.schema("prediction.schema.json")
        error_name, error_file = _ERROR_SCHEMAS[self.gateway.errors.envelope]
        written = self.source["components"]["schemas"].items()
        return {
            **{name: self._whole(it) for name, it in written if name not in _MADE},
            "Prediction": within(prediction, "Prediction"),
            "CreatedPrediction": _created(self.gateway.create, prediction),
            "PredictionPage": self._page("Prediction"),
            error_name: self.schema(error_file),
            "VersionRequest": {"anyOf": [_version_request(model) for model in models]},
            **{_input(model): _input_schema(model) for model in models},
        }

    def _whole(self, schema: Json) -> Json:
        """A component as it is, or, if it is a page, with what all pages have."""
        if "allOf" not in schema:
            return schema
        return self._page(schema["properties"]["results"]["items"]["$ref"].rpartition("/")[2])

    def _page(self, name: str) -> Json:
        page = self.schema("page.schema.json")
        page["properties"]["results"]["items"] = _ref(name)
        return page | {"title": f"{name}Page"}


def _created(create: Endpoint, prediction: Json) -> Json:
    """What create answers: the whole prediction, or the members that the profile names."""
    if create.body is None:
        return _ref("Prediction")
    return {
        "type": "object",
        "title": "CreatedPrediction",
        "required": [name for name in create.body if name not in create.omit_null],
        "additionalProperties": False,
        "properties": {name: prediction["properties"][name] for name in create.body},
    }


def _version_request(model: Model) -> Json:
    """The body that asks for `model` as a version: the ids that name it, and its input."""
    body: Json = dict(request_schema(_ref(_input(model)), versioned=True))
    named = {"version": {"enum": list(model.version_names)}}
    return body | {"properties": body["properties"] | named}


def _input(model: Model) -> str:
    """The name of a model's Input among the component schemas."""
    return f"{model.owner}.{model.name}.Input"


def _input_schema(model: Model) -> Json:
    """The Input of `model`; not every tool draws by `format`, so a uri is also told a length."""
    told: Json = without(model.input_schema, _FOR_READERS)
    for schema in told["properties"].values():
        schema.update({"minLength": 1} if schema.get("format") == "uri" else {})
    return told


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _json_body(schema: Mapping[str, object]) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _is_official(model: Model) -> bool:
    """Whether it has a path of its own: others are run by version."""
    return model.official


def _status(kind: ErrorKind) -> int:
    return kind.status
