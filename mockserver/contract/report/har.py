"""A report's interactions as an HTTP archive, which browsers and other tools open.

Source: HAR 1.2, w3c.github.io/web-performance/specs/HAR/Overview.html.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from http import HTTPStatus
from re import compile as pattern
from typing import Final
from urllib.parse import parse_qsl

from mockserver.contract.evidence import Hook
from mockserver.contract.finding import address
from mockserver.contract.looks import header
from mockserver.contract.report.report import Case, Report, Said
from mockserver.contract.report.words import json_text, summary
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timestamps import web_timestamp


Json = dict[str, object]
Headers = tuple[tuple[str, str], ...]

_UNKNOWN: Final = -1
_TEXTUAL: Final = pattern(r"text/.*|.*[/+](json|xml|javascript|x-www-form-urlencoded)")


def har(report: Report) -> str:
    """The interactions as a HAR document, a page for each case."""
    cases = [case for case in report.cases if case.said or case.hooks]
    log: Json = {
        "version": "1.2",
        "creator": {"name": "mockserver", "version": report.provenance.version},
        "pages": [_page(case, report) for case in cases],
        "entries": [entry for case in cases for entry in _entries(case)],
        "comment": f"{report.title} at {report.target}: {summary(report)}",
    }
    return json_text({"log": log})


def _page(case: Case, report: Report) -> Json:
    times = [*(one.interaction.at_ms for one in case.said), *(one.at_ms for one in case.hooks)]
    return {
        "startedDateTime": web_timestamp(min(times, default=report.provenance.started_ms)),
        "id": case.name,
        "title": case.title,
        "pageTimings": {},
        "comment": str(case.outcome),
    }


def _entries(case: Case) -> Iterator[Json]:
    for said in case.said:
        yield _entry(case.name, said)
        for one in said.behind:
            yield {**_one(case.name, one, 0), "comment": "behind the gateway"}
    for hook in case.hooks:
        yield _hook(case.name, hook)


def _entry(page: str, said: Said) -> Json:
    told = _one(page, said.interaction, said.took_ms)
    why = {"_error": said.error} if said.error else {}
    return {**told, **why, "comment": said.meant}


def _hook(page: str, hook: Hook) -> Json:
    answer = Interaction(hook.request, HTTPStatus.OK, (), b"", hook.at_ms)
    return {**_one(page, answer, 0), "comment": "a webhook that arrived"}


def _one(page: str, one: Interaction, took_ms: int) -> Json:
    return {"pageref": page, **entry(one, took_ms)}


def entry(one: Interaction, took_ms: int) -> Json:
    """One interaction as an entry, of no page; its time is Unix time."""
    return {
        "startedDateTime": web_timestamp(one.at_ms),
        "time": took_ms,
        "request": _request(one.request),
        "response": _response(one),
        "cache": {},
        "timings": {"send": 0, "wait": took_ms, "receive": 0},
    }


def _request(asked: Request) -> Json:
    told: Json = {
        "method": asked.method,
        "url": address(asked),
        "httpVersion": "HTTP/1.1",
        # They stand in the headers, as fingerprints.
        "cookies": [],
        "headers": _pairs(asked.headers),
        "queryString": _pairs(tuple(parse_qsl(asked.query, keep_blank_values=True))),
        "headersSize": _UNKNOWN,
        "bodySize": len(asked.body),
    }
    if asked.body:
        kind = asked.header("content-type", "application/octet-stream")
        told["postData"] = {"mimeType": kind, **_posted(asked.body)}
    return told


def _posted(body: bytes) -> Json:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        # The format has no encoding for what is posted.
        return {"text": b64encode(body).decode(), "comment": "base64"}


def _response(one: Interaction) -> Json:
    kind = header(one, "content-type") or "application/octet-stream"
    return {
        "status": one.status,
        "statusText": _phrase(one.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(one.response_headers),
        "content": {
            "size": len(one.response_body),
            "mimeType": kind,
            **_content(one.response_body, kind),
        },
        "redirectURL": header(one, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": len(one.response_body),
    }


def _content(body: bytes, kind: str) -> Json:
    if _TEXTUAL.fullmatch(kind.partition(";")[0].strip().lower()):
        try:
            return {"text": body.decode()}
        except UnicodeDecodeError:
            pass
    return {"text": b64encode(body).decode(), "encoding": "base64"} if body else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]
