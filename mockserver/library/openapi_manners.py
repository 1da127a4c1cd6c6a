"""What an OpenAPI document tells of a gateway's own manners: members, pages, wrapping, paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from mockserver.library.gateways import Gateway
from mockserver.library.manners import Paging, PathRule, RequestForm, Wrapping
from mockserver.library.request_body import MEMBERS
from mockserver.library.spelling import As, Member, Spelling


# JSON Schema and OpenAPI are trees of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

_KEPT: Final = frozenset({"/openapi.json"})
"""Paths that are served whatever paths a gateway has."""


def mannered(gateway: Gateway, document: Json) -> Json:
    """The document of upstream's manners, as it is true of `gateway`."""
    schemas = document["components"]["schemas"]
    if gateway.prediction:
        told = respelled(gateway.prediction, schemas["Prediction"])
        schemas = schemas | {"Prediction": told}
    if gateway.paging:
        neighbour = schemas["PredictionPage"]["properties"]["next"]
        of = {"$ref": "#/components/schemas/Prediction"}
        schemas = schemas | {"PredictionPage": page(gateway.paging, of, neighbour)}
    components = document["components"] | {"schemas": schemas}
    document = document | {"components": components}
    if not gateway.paths:
        return document
    document = document | {"paths": dict(placed(gateway.paths, _asked(gateway, document)))}
    return used(_linked(gateway, document))


def either(answered: Json, refused: Json) -> Json:
    """The responses of success and of refusal, which may come with the same status."""
    both = {
        status: other | {"description": "Told apart by the body", **_either(one, other)}
        for status, other in refused.items()
        if (one := answered.get(status))
    }
    return answered | refused | both


def _either(one: Json, other: Json) -> Json:
    (media_type, told), (_, refused) = (
        next(iter(response["content"].items())) for response in (one, other)
    )
    schema = {"anyOf": [told["schema"], refused["schema"]]}
    links = {"links": one["links"]} if "links" in one else {}
    return {"content": {media_type: {"schema": schema}}, **links}


def _asked(gateway: Gateway, document: Json) -> dict[str, Json]:
    """The paths, each operation with what it is asked for here."""
    return {
        path: {
            method: _operation(gateway, it) if method != "parameters" else it
            for method, it in item.items()
        }
        for path, item in document["paths"].items()
    }


def _operation(gateway: Gateway, operation: Json) -> Json:
    name = operation["operationId"].partition(":")[0]
    if name == "predictions.list" and gateway.paging:
        return operation | {"parameters": _numbers(gateway, gateway.paging)}
    if name != "models.predictions.create":
        return operation
    heard = [it for it in operation["parameters"] if gateway.has("sync") or it != _PREFER]
    form = gateway.request
    if form is None:
        return operation | {"parameters": heard}
    return operation | {
        "parameters": heard + ([_WEBHOOK] if form.webhook_in_query else []),
        "requestBody": _body(form, operation["requestBody"]),
    }


_PREFER: Final = {"$ref": "#/components/parameters/prefer"}
_WEBHOOK: Final[Json] = {
    "name": "webhook",
    "in": "query",
    "schema": {"type": "string", "format": "uri", "minLength": 1},
}


def _numbers(gateway: Gateway, paging: Paging) -> list[Json]:
    properties = paging.schema(tuple(gateway.statuses))["properties"]
    return [{"name": name, "in": "query", "schema": it} for name, it in properties.items()]


def _body(form: RequestForm, upstream: Json) -> Json:
    """The body of a create call, made from that of upstream's."""
    schema = upstream["content"]["application/json"]["schema"]
    if form.flat:
        schema = schema["properties"]["input"]
    elif form.ignores_unknown:
        known = {name: it for name, it in schema["properties"].items() if name in MEMBERS}
        schema = schema | {"properties": known, "additionalProperties": True}
    return upstream | {"content": {"application/json": {"schema": schema}}}


def _linked(gateway: Gateway, document: Json) -> Json:
    """The document whose links lead to what is served, from where the id stands."""
    served = {it["operationId"] for item in document["paths"].values() for it in _operations(item)}
    where = f"/{gateway.wrapped.member}" if gateway.wrapped else ""
    links = {
        name: link | {"parameters": {"prediction_id": f"$response.body#{where}/id"}}
        for name, link in document["components"]["links"].items()
        if link["operationId"] in served
    }
    for item in document["paths"].values():
        for response in (it for one in _operations(item) for it in one["responses"].values()):
            if "links" in response:
                response["links"] = {name: response["links"][name] for name in links}
    return document | {"components": document["components"] | {"links": links}}


def _operations(item: Json) -> Iterator[Json]:
    yield from (it for method, it in item.items() if method != "parameters")


def respelled(spelling: Spelling, prediction: Json) -> Json:
    """The schema of a prediction as it is spelled, made from that of upstream's."""
    if not spelling.members:
        more = [added.name for added in spelling.added]
        return prediction | {"required": [*prediction["required"], *more]}
    schema: Json = {"type": "object", "title": prediction["title"], "$defs": prediction["$defs"]}
    for member in spelling.members:
        if not member.letters:
            _put(schema, member, _of(member, prediction), needed=_needed(member, prediction))
    return schema


def _put(schema: Json, member: Member, value: Json, *, needed: bool) -> None:
    for name in member.path[:-1]:
        _require(schema, name, needed=needed)
        schema = schema.setdefault("properties", {}).setdefault(name, {"type": "object"})
    schema.setdefault("properties", {})[member.path[-1]] = value
    _require(schema, member.path[-1], needed=needed)


def _require(schema: Json, name: str, *, needed: bool) -> None:
    required = schema.setdefault("required", [])
    if needed and name not in required:
        required.append(name)


def _needed(member: Member, prediction: Json) -> bool:
    """Whether it is always told: what is made of something absent, and what upstream requires."""
    if member.form is not As.PLAIN or member.otherwise:
        return True
    schema = prediction
    for name in member.of:
        if name not in schema.get("required", ()):
            return False
        schema = schema["properties"][name]
    return True


def _of(member: Member, prediction: Json) -> Json:
    schema = _upstream(member, prediction)
    if member.otherwise:
        return {"enum": list(dict.fromkeys([member.otherwise, *member.names.values()]))}
    if member.names:
        called = (member.names.get(value, value) for value in schema["enum"])
        return {"enum": list(dict.fromkeys(called))}
    return _SCHEMAS[member.form](schema)


def _upstream(member: Member, prediction: Json) -> Json:
    schema = prediction
    for name in member.of:
        schema = schema.get("properties", {}).get(name, {})
    return schema


_SCHEMAS: Final[Mapping[As, Callable[[Json], Json]]] = {
    As.PLAIN: lambda schema: schema,
    As.LIST: lambda _: {"type": "array"},
    As.TEXT: lambda _: {"type": "string"},
    As.MILLISECONDS: lambda _: {"type": "integer", "minimum": 0},
    As.PROBLEM: lambda _: {
        "type": ["object", "null"],
        "required": ["code", "message"],
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    },
    As.FLAGS: lambda _: {"type": "array", "items": {"type": "boolean"}},
}


def page(paging: Paging, item: Json, neighbour: Json) -> Json:
    """The schema of a page of a list that is asked for by number."""
    told = {
        "results": {"type": "array", "items": item},
        "next": neighbour,
        "previous": neighbour,
        "total": {"type": "integer", "minimum": 0},
        "at": {"type": "integer", "minimum": paging.least},
    }
    properties = {name: told[what] for name, what in paging.members.items()}
    return {"type": "object", "required": list(properties), "properties": properties}


def wrapped(wrapping: Wrapping | None, schema: Json) -> Json:
    """The schema of an answer that holds `schema`."""
    if wrapping is None:
        return schema
    beside = {name: {"const": value} for name, value in wrapping.beside.items()}
    properties = {**beside, wrapping.member: schema}
    return {"type": "object", "required": list(properties), "properties": properties}


def placed(rules: tuple[PathRule, ...], paths: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """The paths of a document where `rules` put them; the others are not served."""
    found: dict[str, Json] = {path: paths[path] for path in _KEPT if path in paths}
    ids: dict[str, int] = {}
    for rule in rules:
        for path, item in paths.items():
            given, operation = rule.means.arguments(path), item.get(rule.means.method.lower())
            if given is None or operation is None:
                continue
            place = found.setdefault(rule.asked.path.format_map(given), _shared(item))
            place[rule.asked.method.lower()] = _told(rule, operation, ids)
    yield from sorted(found.items())


def _shared(item: Json) -> Json:
    return {"parameters": item["parameters"]} if "parameters" in item else {}


def _told(rule: PathRule, operation: Json, ids: dict[str, int]) -> Json:
    """The operation at one of its places: with an id of its own, and a body where it is sent."""
    name = operation["operationId"]
    ids[name] = ids.get(name, 0) + 1
    again = {"operationId": f"{name}:{ids[name]}"} if ids[name] > 1 else {}
    if rule.asked.method != "POST" or rule.means.method == "POST":
        return operation | again
    queries = [one for one in operation.get("parameters", ()) if one.get("in") == "query"]
    body = {"type": "object", "properties": {one["name"]: one["schema"] for one in queries}}
    left = {key: value for key, value in operation.items() if key != "parameters"}
    return left | again | {"requestBody": {"content": {"application/json": {"schema": body}}}}


def used(document: Json) -> Json:
    """The document with those components only that its paths lead to."""
    kept: set[str] = set()
    waiting = [*_references(document["paths"])]
    components = document["components"]
    while waiting:
        sort, name = waiting.pop().split("/")[2:4]
        if f"{sort}/{name}" not in kept:
            kept.add(f"{sort}/{name}")
            waiting += _references(components[sort][name])
    left = {
        sort: {name: it for name, it in named.items() if f"{sort}/{name}" in kept}
        for sort, named in components.items()
        if sort != "securitySchemes"
    }
    return document | {"components": {"securitySchemes": components["securitySchemes"], **left}}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (it for key, it in value.items() if key == "$ref" and it.startswith("#/comp"))
    inner = value.values() if isinstance(value, dict) else value
    for item in inner if isinstance(value, dict | list) else ():
        yield from _references(item)
