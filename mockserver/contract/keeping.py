"""Evidence as a file: what an exam brought to light, to be judged again without asking anybody.

Secrets stay out of it: headers that carry one are kept as fingerprints, and so is what stood there
wherever else it stands. Signatures of webhooks can therefore not be judged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from mockserver.contract.evidence import Evidence, Exchange, Hook, Intent
from mockserver.core.interaction import Interaction, Request
from mockserver.core.mask import Mask, mask_of
from mockserver.library.bodies import body_of, body_told
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.json_text import JsonError, dumps, loads


FORMAT: Final = "mockserver evidence 1"

# What is kept is a tree of whatever JSON can hold.
Json = dict[str, Any]


def kept(cases: Mapping[str, Evidence], secrets: tuple[str, ...]) -> bytes:
    """The evidence of each case as JSON, without any of `secrets`, however they are written."""
    first = next(iter(cases.values()))
    canaries = (secret for one in cases.values() for secret in one.canaries.values())
    said = (seen for one in cases.values() for seen in _said(one))
    mask = mask_of(said, (*secrets, *canaries))
    return dumps(
        {
            "format": FORMAT,
            "gateway": first.profile.name,
            "base_url": mask.text(first.base_url),
            "model": first.model.full_name,
            "cases": {name: _evidence(one, mask) for name, one in cases.items()},
        }
    )


def evidence_of(data: bytes, catalogue: Catalogue) -> dict[str, Evidence]:
    """The evidence of each case that a file holds. Raises `LibraryError`."""
    try:
        told = loads(data)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise LibraryError(f"expected a file of the format {FORMAT!r}")
        return {name: _read(told, case, catalogue) for name, case in told["cases"].items()}
    except (JsonError, KeyError, TypeError, ValueError, AttributeError) as reason:
        raise LibraryError(f"the evidence cannot be read: {reason!r}") from None


def _said(one: Evidence) -> Iterator[Interaction]:
    """Everything that was said, at both ends."""
    for exchange in one.exchanges:
        yield exchange.raw
        yield from exchange.behind


def _evidence(one: Evidence, mask: Mask) -> Json:
    hooks = [{"at_ms": hook.at_ms, **_request(mask.request(hook.request))} for hook in one.hooks]
    return {
        "exchanges": [_exchange(exchange, mask) for exchange in one.exchanges],
        "hooks": hooks,
        "both_ends": one.both_ends,
        "upstream_url": mask.text(one.upstream_url),
        "canaries": {name: mask.text(secret) for name, secret in one.canaries.items()},
    }


def _exchange(one: Exchange, mask: Mask) -> Json:
    raw, read = mask.interaction(one.raw), None
    if one.interaction.response_body != one.raw.response_body:
        read = body_told(mask.interaction(one.interaction).response_body)
    return {
        "intent": one.intent.name,
        **_interaction(raw),
        "read": read,
        "took_ms": one.took_ms,
        "error": mask.text(one.error),
        "given": mask.value(one.given),
        "arrivals_ms": one.arrivals_ms,
        "behind": [_interaction(mask.interaction(seen)) for seen in one.behind],
        "fault": one.fault,
    }


def _interaction(one: Interaction) -> Json:
    return {
        "request": _request(one.request),
        "status": one.status,
        "headers": one.response_headers,
        "body": body_told(one.response_body),
        "at_ms": one.at_ms,
    }


def _request(request: Request) -> Json:
    return {
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "query": request.query,
        "request_headers": request.headers,
        "request_body": body_told(request.body),
    }


def _read(told: Json, case: Json, catalogue: Catalogue) -> Evidence:
    model = catalogue.model(told["model"])
    if model is None:
        raise LibraryError(f"no model is called {told['model']}")
    return Evidence(
        profile=catalogue.gateway(told["gateway"]),
        base_url=told["base_url"],
        model=model,
        exchanges=tuple(_exchange_of(one) for one in case["exchanges"]),
        hooks=tuple(Hook(_request_of(one), one["at_ms"]) for one in case["hooks"]),
        both_ends=case.get("both_ends", False),
        upstream_url=case.get("upstream_url", ""),
        canaries=case.get("canaries", {}),
    )


def _exchange_of(one: Json) -> Exchange:
    raw = _interaction_of(one)
    read = raw if one["read"] is None else replace(raw, response_body=body_of(one["read"]))
    return Exchange(
        intent=Intent[one["intent"]],
        interaction=read,
        raw=raw,
        took_ms=one["took_ms"],
        error=one["error"],
        given=one["given"],
        arrivals_ms=tuple(one["arrivals_ms"]),
        behind=tuple(_interaction_of(seen) for seen in one.get("behind", ())),
        fault=one.get("fault", ""),
    )


def _interaction_of(one: Json) -> Interaction:
    return Interaction(
        request=_request_of(one["request"]),
        status=one["status"],
        response_headers=_pairs(one["headers"]),
        response_body=body_of(one["body"]),
        at_ms=one["at_ms"],
    )


def _request_of(one: Json) -> Request:
    return Request(
        method=one["method"],
        path=one["path"],
        query=one["query"],
        headers=_pairs(one["request_headers"]),
        body=body_of(one["request_body"]),
        scheme=one["scheme"],
    )


def _pairs(told: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in told)
