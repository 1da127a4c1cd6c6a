"""What documents say of who may ask, and of what they are told who may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from re import IGNORECASE
from re import compile as pattern
from typing import Any, Final

from mockserver.library.deriving.facts import Ground, Origin, Sayings
from mockserver.library.deriving.told import Told
from mockserver.library.documents.page import Operation, Response, Where
from mockserver.library.documents.tokens import masked
from mockserver.library.documents.tree import Tree
from mockserver.library.refusals import MEMBERS, Envelope


Json = dict[str, Any]

AUTHORIZATION: Final = "Authorization"

_OF_KEYS: Final = pattern(r"authorization|(?:x-)?api-?key|x-[\w-]*(?:key|token)", IGNORECASE)
_SCHEME: Final = pattern(r"([A-Za-z]+)\s+\S")
_BRAND: Final = pattern(r"\w+_api_error")
_REQUEST_ID: Final = pattern(r"(request[ _]id: )[\w-]+")
_REFUSED: Final = 400
# Only of these the text is the same whatever was wrong.
_KINDS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("unauthenticated_missing", "unauthenticated_invalid"),
    402: ("insufficient_credit",),
    403: ("forbidden",),
    404: ("not_found",),
}
FAMILIES: Final = {Envelope.OPENAI: "new-api", Envelope.PROBLEM: "replicate"}
"""Whose refusals are worded so."""


def access(documents: Iterable[Told]) -> Sayings:
    """How a token is sent, and how refusals are worded, by the dotted keys of a profile."""
    said = Sayings()
    for document in documents:
        for header, scheme, origin in _sent(document):
            said.say("auth.header", header, origin)
            said.say("auth.schemes", [scheme] if scheme else [], origin)
        for operation in document.page.operations:
            for response in operation.responses:
                _refusal(said, document, response)
    return said


def _sent(document: Told) -> Iterator[tuple[str, str, Origin]]:
    """Header and word before the token, wherever the page tells or shows them."""
    for scheme in document.page.schemes:
        if isinstance(scheme.value, tuple):
            yield *scheme.value, document.of(scheme)
    for operation in document.page.operations:
        yield from _shown(document, operation)
    needed = [(it, one) for one in document.page.operations for it in one.security]
    words = [one for one in document.page.tokens if one.name == "placeholder"]
    # A placeholder is one because of the word before it: Bearer, or the older Token.
    for fact, _ in needed[:1] if words else ():
        yield AUTHORIZATION, "Bearer", document.of(fact)


def _shown(document: Told, operation: Operation) -> Iterator[tuple[str, str, Origin]]:
    shown = [
        (name, value, document.origin(request.place, Ground.SHOWN))
        for request in operation.requests
        for name, value in request.headers
    ]
    for one in operation.of(Where.HEADER):
        example = one.fact("example")
        if example and isinstance(example.value, str):
            shown.append((one.name, example.value, document.of(example)))
    for name, value, origin in shown:
        scheme = _SCHEME.match(value)
        if _OF_KEYS.fullmatch(name):
            yield name, scheme[1] if scheme else "", origin


def _refusal(said: Sayings, document: Told, response: Response) -> None:
    """The family that words its refusals so, its brand, and the words themselves."""
    inside = response.body.at("error") if response.body.at("error").has("message") else None
    if response.status is None or response.status < _REFUSED:
        return
    envelope = Envelope.OPENAI if inside else Envelope.PROBLEM
    told = inside or response.body
    if not inside and not told.has("detail"):
        return
    origin = document.origin(response.body.place, Ground.SHOWN)
    said.say("errors.like", FAMILIES[envelope], origin)
    if inside and _BRAND.fullmatch(inside.at("type").text()):
        said.say("errors.brand", inside.at("type").text(), origin)
    for kind in _KINDS.get(response.status, ()):
        said.say(f"errors.kinds.{kind}", _worded(told, envelope, response.status), origin)


def _worded(told: Tree, envelope: Envelope, status: int) -> Json:
    """A refusal as a profile words it."""
    text = told.at("message" if envelope is Envelope.OPENAI else "detail").text()
    plain = str(masked(text)).replace("{", "{{").replace("}", "}}")
    texts = {
        name: told.at(name).text() for name in ("title", "type", "param", "code") if told.has(name)
    }
    return {
        "status": status,
        "message": _REQUEST_ID.sub(r"\1{request_id}", plain),
        **{name: str(masked(text)) for name, text in texts.items()},
        "members": [name for name, _ in told.members() if name in MEMBERS[envelope]],
    }
