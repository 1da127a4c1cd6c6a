"""Problems worded: by the gateway's profile on its API, as plain problem+json on ours."""

from __future__ import annotations

from typing import Final

from mockserver.core import ids
from mockserver.core.problem import Problem
from mockserver.core.reply import Reply
from mockserver.core.timestamps import compact_timestamp
from mockserver.library.json_text import dumps
from mockserver.library.refusals import Envelope
from mockserver.web.call import Call
from mockserver.web.dialect import edge_bytes


PROBLEM_JSON: Final = "application/problem+json"


def refusal(call: Call, problem: Problem) -> Reply:
    """The problem as the gateway words it; one that only the fake knows, in our own words."""
    errors = call.face.gateway.errors
    if problem.kind not in errors.kinds:
        return control_refusal(problem)
    request_id = _request_id(call)
    facts = {**problem.facts, "detail": problem.detail, "request_id": request_id}
    body = errors.body(problem.kind, facts, problem.invalid_fields)
    headers = [("Content-Type", errors.content_type), *problem.headers]
    if errors.request_id_header:
        headers.append((errors.request_id_header, request_id))
    spelled = edge_bytes(body) if errors.envelope is Envelope.PROBLEM else dumps(body)
    return Reply(errors.kinds[problem.kind].status, tuple(headers), spelled)


def control_refusal(problem: Problem) -> Reply:
    """A refusal of what only the fake has: its control API, its scenarios. Source: RFC 9457."""
    body = {"title": problem.title, "status": problem.status, "detail": problem.detail}
    headers = (("Content-Type", PROBLEM_JSON), *problem.headers)
    return Reply(problem.status, headers, dumps(body))


def _request_id(call: Call) -> str:
    """An id in the form of the new-api family: the second, its fraction, eight characters.

    Source: captured error bodies of that family, 2024 to 2026.
    """
    journal, at_ms = call.logbook
    drawn = ids.entropy(call.fake.settings.seed, journal.count, b"request")
    nanoseconds = int.from_bytes(drawn[8:11]) % 1_000_000
    return f"{compact_timestamp(at_ms)}{nanoseconds:06d}{ids.token(drawn, 8, _LETTERS)}"


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
