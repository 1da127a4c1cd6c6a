"""What a document shows and declares, as the fixture that contract tests replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from re import compile as pattern
from re import escape
from typing import Any, Final

from mockserver.library.deriving.access import AUTHORIZATION
from mockserver.library.deriving.access import access as access_of
from mockserver.library.deriving.facts import Sayings
from mockserver.library.deriving.told import Told
from mockserver.library.documents.page import Form, Operation, Parameter, Request, Response, Where
from mockserver.library.documents.pairing import answered_by
from mockserver.library.documents.tokens import masked
from mockserver.library.json_text import same


Json = dict[str, Any]

A_PERSONS: Final = ("document", "read", "declared.note", "provenance")
"""What in such a file is a person's words, or not told by the page."""

_FACTS: Final = ("type", "required")
_JSON_TYPE: Final = "Content-Type"
_REFUSED: Final = 400
_PROSE: Final = "as facts; `prose` is what stands only in descriptions"
_NOTES: Final = {
    Form.OPENAPI: f"the OpenAPI document's statements, {_PROSE}",
    Form.TEXT: f"parameter tables, {_PROSE}",
}
_NOTHING: Final = "only examples; no types, no required, no ranges"


def fixture(document: Told, operation: Operation, read: str) -> Json:
    """The fixture of a document and its create call; `read` is the day it was read on."""
    page, access = document.page, access_of((document,))
    kind = "OpenAPI document" if page.form is Form.OPENAPI else "page"
    told: Json = {
        "document": f"{document.gateway}, {kind} of {document.model}",
        "read": read,
        "gateway": document.gateway,
        "model": document.model,
        "modified": page.modified.value if page.modified else None,
        "declared": _declared(document, operation, access),
        "examples": list(_examples(document, operation, access)),
        "snippets": _snippets(document, operation),
    }
    return {name: masked(value) for name, value in told.items()}


def page_text(text: str) -> str:
    """A page as it is kept beside its fixture: without credentials."""
    return str(masked(text))


def _declared(document: Told, operation: Operation, access: Sayings) -> Json:
    """What stands beside the examples: as facts, by dotted path."""
    page = document.page
    headers = {one.name.lower(): one for one in operation.of(Where.HEADER)}
    body = next((one for one in operation.of(Where.BODY) if not one.path), None)
    request, answer = _facts(operation.of(Where.BODY)), _facts(operation.answers)
    note = _NOTES[page.form] if request or answer else _NOTHING
    declared: Json = {
        "note": note,
        "authorization": _authorization(operation, headers, access),
        "security": next(
            (it.value for it in operation.security if isinstance(it.value, list)), []
        ),
    }
    if page.title:
        declared["title"] = page.title.value
    if body:
        declared["body_required"] = body.said("required")
    if _JSON_TYPE.lower() in headers:
        declared["content_type"] = {"required": headers[_JSON_TYPE.lower()].said("required")}
    return declared | {
        "request": request,
        "response": answer,
        "statuses": list(dict.fromkeys(one.value for one in operation.statuses)),
        "errors": [
            {"status": one.status, "body": one.body.value}
            for one in operation.responses
            if one.status is not None and one.status >= _REFUSED
        ],
    }


def _authorization(
    operation: Operation, headers: Mapping[str, Parameter], access: Sayings
) -> Json:
    """How a token is sent, and whether it has to be."""
    header, schemes = access.drawn("auth.header"), access.drawn("auth.schemes")
    name = str(header.value) if header else AUTHORIZATION
    words = schemes.value if schemes else []
    scheme = words[0] if isinstance(words, list) and words else ""
    own = headers.get(name.lower())
    needed = own.said("required") if own else bool(operation.security)
    return {"in": "header", "scheme": scheme, "required": needed}


def _facts(parameters: Iterable[Parameter]) -> Json:
    """Parameters by their paths: what is written, and under `prose` the rest."""
    told: Json = {}
    for one in parameters:
        if one.path:
            written = {fact.name: fact.value for fact in one.facts if not fact.prose}
            prose = {fact.name: fact.value for fact in one.facts if fact.prose}
            said: Json = {name: written[name] for name in _FACTS if name in written}
            told[one.path] = said | written | ({"prose": prose} if prose else {})
    return told


def _examples(document: Told, operation: Operation, access: Sayings) -> Iterator[Json]:
    """Each response that is no refusal, with the request it answers."""
    for at, response in enumerate(document.successes(), start=1):
        asked = answered_by(response, operation.requests)
        name = response.name or ("example" if at == 1 else f"example-{at}")
        summary = {"summary": response.summary} if response.summary else {}
        yield {
            "name": name,
            **summary,
            "request": _request(document, operation, asked, access) if asked else None,
            "response": {"status": response.status or None, "body": response.body.value},
            "provenance": _provenance(response, asked, operation.requests),
        }


def _request(document: Told, operation: Operation, asked: Request, access: Sayings) -> Json:
    """The request as it is sent to the gateway, with the headers that a snippet of it has."""
    alike = [one for one in operation.requests if _alike(one, asked)]
    headers = next((dict(one.headers) for one in alike if one.headers), {})
    if not headers:
        headers = dict(_headers(operation, access))
    return {
        "method": operation.method,
        "url": document.url(operation),
        "headers": headers,
        "body": asked.body.value if asked.body else {},
    }


def _headers(operation: Operation, access: Sayings) -> Iterator[tuple[str, str]]:
    """Headers where no snippet has any: as an OpenAPI document gives examples, or as is told."""
    header, schemes = access.drawn("auth.header"), access.drawn("auth.schemes")
    words = schemes.value if schemes and isinstance(schemes.value, list) else []
    if header:
        yield str(header.value), " ".join((*words, "<token>"))
    for one in operation.of(Where.HEADER):
        example = one.said("example")
        if isinstance(example, str):
            yield one.name, example
    yield _JSON_TYPE, "application/json"


def _alike(one: Request, other: Request) -> bool:
    return bool(one.body and other.body) and same(
        one.body.value if one.body else None, other.body.value if other.body else None
    )


def _provenance(response: Response, asked: Request | None, requests: Sequence[Request]) -> str:
    """Where in the page the two stand."""
    told = "request: none that it answers"
    if asked:
        lines = [str(one.place.line) for one in requests if _alike(one, asked)]
        plural = "s" if len(lines) > 1 else ""
        told = f"request: line{plural} {', '.join(lines)}{' (the same)' if plural else ''}"
    return f"{told}; response: line {response.place.line}"


def _snippets(document: Told, operation: Operation) -> Mapping[str, str]:
    """The first program in each language that sends the request."""
    found: dict[str, str] = {}
    asks = pattern(escape(operation.path) + r"(?![\w/.-])")
    for one in document.page.snippets:
        if asks.search(str(one.value)):
            found.setdefault(one.name, str(one.value))
    return found
