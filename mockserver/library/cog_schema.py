"""The OpenAPI document that a model's container serves, made from what is known of the model.

Source: the documents that Cog writes, as upstream shows them in `openapi_schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.library.models import Model


Json = dict[str, Any]

_STATUSES: Final = ("starting", "processing", "succeeded", "canceled", "failed")
_EVENTS: Final = ("start", "output", "logs", "completed")


def cog_document(model: Model) -> Json:
    """The document as `latest_version.openapi_schema` holds it."""
    return {
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {
            "/": _operation("get", "root__get", "Root", {}),
            "/health-check": _operation("get", "healthcheck_health_check_get", "Healthcheck", {}),
            "/predictions": {
                "post": _operation(
                    "post", "predict_predictions_post", "Predict", _ref("PredictionResponse")
                )["post"]
                | {"requestBody": _body(_ref("PredictionRequest"))}
            },
            "/shutdown": _operation("post", "start_shutdown_shutdown_post", "Start Shutdown", {}),
        },
        "openapi": "3.0.2",
        "components": {"schemas": _schemas(model)},
    }


def _schemas(model: Model) -> Json:
    return {
        "Input": _plain(model.input_schema),
        "Output": {"title": "Output"} | _plain(model.output_schema),
        "Status": _choice("Status", _STATUSES),
        "WebhookEvent": _choice("WebhookEvent", _EVENTS),
        "PredictionRequest": {
            "type": "object",
            "title": "PredictionRequest",
            "properties": {
                "id": {"type": "string", "title": "Id"},
                "input": _ref("Input"),
                "webhook": {"type": "string", "title": "Webhook", "format": "uri"},
                "webhook_events_filter": {"type": "array", "items": _ref("WebhookEvent")},
            },
        },
        "PredictionResponse": {
            "type": "object",
            "title": "PredictionResponse",
            "properties": {
                "id": {"type": "string", "title": "Id"},
                "input": _ref("Input"),
                "output": _ref("Output"),
                "status": _ref("Status"),
                "logs": {"type": "string", "title": "Logs", "default": ""},
                "error": {"type": "string", "title": "Error"},
                "metrics": {"type": "object", "title": "Metrics"},
            },
        },
    }


def _operation(method: str, name: str, summary: str, schema: Json) -> Json:
    answer = {"description": "Successful Response"}
    content = {"application/json": {"schema": schema}}
    return {
        method: {
            "operationId": name,
            "summary": summary,
            "responses": {"200": answer | {"content": content}},
        }
    }


def _body(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _choice(title: str, values: tuple[str, ...]) -> Json:
    return {"type": "string", "title": title, "enum": list(values)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _plain(schema: Mapping[str, object]) -> Json:
    """The schema as OpenAPI 3.0 writes it: no list of types, no notes of ours."""
    told: Json = _without_notes(schema)
    return told


def _without_notes(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_notes(inner) for key, inner in value.items() if key != "x-source"}
        return _nullable(kept) if isinstance(kept.get("type"), list) else kept
    return [_without_notes(inner) for inner in value] if isinstance(value, list) else value


def _nullable(schema: Json) -> Json:
    types = [one for one in schema["type"] if one != "null"]
    null = {"nullable": True} if len(types) < len(schema["type"]) else {}
    return schema | ({"type": types[0]} if len(types) == 1 else {}) | null
