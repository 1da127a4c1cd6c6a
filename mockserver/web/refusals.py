"""Problems worded: by the gateway's profile on its API, as plain problem+json on ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from mockserver.core import ids
from mockserver.core.problem import Problem
from mockserver.core.reply import Reply
from mockserver.library.http_status import PHRASES
from mockserver.library.json_text import dumps
from mockserver.library.refusals import Envelope, ErrorKind, Refusals
from mockserver.web.call import Call
from mockserver.web.dialect import edge_bytes


PROBLEM_JSON: Final = "application/problem+json"


def refusal(call: Call, problem: Problem) -> Reply:
    """The problem as the gateway words it; one that only the fake knows, in our own words."""
    return _worded(call, problem, call.face.gateway.errors)


def _worded(call: Call, problem: Problem, errors: Refusals) -> Reply:
    entry = errors.kinds.get(problem.kind)
    if entry is None:
        return control_refusal(problem)
    request_id = _request_id(call)
    facts = {**problem.facts, "detail": problem.detail, "request_id": request_id}
    if errors.envelope is Envelope.CODED:
        facts["trace_id"] = blake2b(request_id.encode(), digest_size=16).hexdigest()
    headers = [("Content-Type", entry.media_type or errors.content_type), *problem.headers]
    if entry.location:
        headers.append(("Location", call.face.origin + entry.location))
    if errors.request_id_header:
        headers.append((errors.request_id_header, request_id))
    if entry.media_type:
        return Reply(entry.status, tuple(headers), entry.message.format_map(facts).encode())
    body = errors.body(problem.kind, facts, problem.invalid_fields)
    spelled = edge_bytes(body) if errors.envelope is Envelope.PROBLEM else dumps(body)
    return Reply(entry.status, tuple(headers), spelled)


def refused_with(call: Call, status: int) -> Reply:
    """A refusal of this status, as the gateway words the first kind it has of it.

    Where it has none, in the form of its own failure.
    """
    errors = call.face.gateway.errors
    known = next((one for one in errors.kinds.values() if one.told_status == status), None)
    kind = known or _of_status(errors.kinds[Problem.kind], status)
    errors = replace(errors, kinds={**errors.kinds, kind.name: kind})
    facts = {**_FACTS, "method": call.request.method, "path": call.request.path}
    problem = _of_kind(kind.name, _phrase(status), facts)
    return replace(_worded(call, problem, errors), status=status)


def _of_status(kind: ErrorKind, status: int) -> ErrorKind:
    """The same refusal, which speaks of another status."""
    return replace(
        kind,
        told_status=status,
        title=kind.title and _phrase(status),
        message=kind.message if "{detail}" in kind.message else _phrase(status),
    )


def control_refusal(problem: Problem) -> Reply:
    """A refusal of what only the fake has: its control API, its scenarios. Source: RFC 9457."""
    body = {"title": problem.title, "status": problem.status, "detail": problem.detail}
    headers = (("Content-Type", PROBLEM_JSON), *problem.headers)
    return Reply(problem.status, headers, dumps(body))


def _request_id(call: Call) -> str:
    journal, at_ms = call.logbook
    drawn = ids.entropy(call.fake.settings.seed, journal.count, b"request")
    return ids.request_id(at_ms, drawn)


def _of_kind(kind: str, detail: str, facts: Mapping[str, str]) -> Problem:
    """A problem that is only called so: nothing of its kind was met."""
    problem = Problem(detail, **facts)
    problem.kind = kind
    return problem


def _phrase(status: int) -> str:
    return PHRASES.get(status, f"Status {status}")


_FACTS: Final = {"model": "the model", "limit": "600", "burst": "600", "retry_after": "1"}
"""What a refusal speaks of that has no reason."""
