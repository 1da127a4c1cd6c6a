"""A cassette as JSON, of one format that a schema describes."""

from __future__ import annotations

import json
from typing import Any, Final

from mockserver.core.cassette import Cassette, Job, Part, Recorded, State
from mockserver.core.interaction import Request
from mockserver.core.timestamps import edge_timestamp
from mockserver.library.bodies import body_told


FORMAT: Final = "mockserver cassette 1"

# A cassette is a tree of whatever JSON can hold.
Json = dict[str, Any]


def written(cassette: Cassette) -> bytes:
    """The file that holds `cassette`, in lines that a person can compare."""
    text = json.dumps(told(cassette), ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def told(cassette: Cassette) -> Json:
    """The same as a JSON value."""
    return {
        "format": FORMAT,
        "upstream": cassette.upstream,
        "gateway": cassette.gateway,
        "recorded_at": edge_timestamp(cassette.recorded_ms),
        "expires_at": _instant(cassette.expires_ms),
        "interactions": [_recorded(one) for one in cassette.recorded],
        "webhooks": [
            {"at_ms": one.at_ms, "request": _request(one.request)} for one in cassette.hooks
        ],
        "timelines": [_job(job) for job in cassette.jobs],
    }


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else edge_timestamp(at_ms)


def _recorded(one: Recorded) -> Json:
    response: Json = {"status": one.seen.status, "headers": _pairs(one.seen.response_headers)}
    if one.parts:
        response["parts"] = [_part(part) for part in one.parts]
    elif one.side_file:
        response["body"] = {"sha256": one.side_file, "bytes": len(one.seen.response_body)}
    else:
        response["body"] = body_told(one.seen.response_body)
    told: Json = {
        "at_ms": one.seen.at_ms,
        "took_ms": one.took_ms,
        "request": _request(one.request),
        "response": response,
    }
    return told | ({"error": one.error} if one.error else {})


def _part(part: Part) -> Json:
    return {"after_ms": part.after_ms, "body": body_told(part.data)}


def _request(request: Request) -> Json:
    return {
        "method": request.method,
        "url": request.url,
        "headers": [[name, value] for name, value in request.headers if name != "host"],
        "body": body_told(request.body),
    }


def _job(job: Job) -> Json:
    return {
        "prediction": job.id,
        "model": job.model,
        "begun_ms": job.begun_ms,
        "creates": list(job.creates),
        "sync": job.sync,
        "streams": list(job.streams),
        "cancels": list(job.cancels),
        "seen_until_ms": job.seen_until_ms,
        "states": [_state(state) for state in job.states],
    }


def _state(state: State) -> Json:
    return {
        "after_ms": state.after_ms,
        "unseen_ms": state.unseen_ms,
        "status": str(state.status),
        "inferred": state.inferred,
        "logs": state.logs,
        "outputs": list(state.outputs),
        "error": state.error,
        "body": dict(state.body),
    }


def _pairs(headers: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[name, value] for name, value in headers]
