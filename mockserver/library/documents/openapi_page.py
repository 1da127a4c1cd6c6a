"""An OpenAPI document of version 3, or the part of a page that is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.library.documents.modified import modified
from mockserver.library.documents.openapi_schema import Inliner, parameters_of, plain
from mockserver.library.documents.page import (
    Fact,
    Form,
    Operation,
    Page,
    Parameter,
    Request,
    Response,
    Where,
)
from mockserver.library.documents.tokens import tokens
from mockserver.library.documents.tree import Tree
from mockserver.library.json_text import members


METHODS: Final = ("get", "put", "post", "delete", "patch")
_PLACES: Final = {"header": Where.HEADER, "path": Where.PATH, "query": Where.QUERY}


def openapi_page(tree: Tree, name: str, text: str) -> Page:
    """The page whose OpenAPI document is `tree`. Raises `DocumentError`."""
    inline = Inliner(tree, name)
    server = next((one.at("url").text() for one in tree.at("servers").items()), "")
    title = tree.at("info", "title")
    return Page(
        name,
        Form.OPENAPI,
        tuple(_operations(tree, inline, server.rstrip("/"))),
        tokens=tuple(tokens(text)),
        version=str(tree.at("openapi").value or tree.at("swagger").value),
        title=Fact("title", title.value, title.place),
        schemes=tuple(_schemes(tree)),
        modified=modified(text),
    )


def _operations(whole: Tree, inline: Inliner, server: str) -> Iterator[Operation]:
    for path, item in whole.at("paths").members():
        for method in METHODS:
            if item.has(method):
                url = f"{server}{path}"
                yield _operation(whole, item, item.at(method), inline, (method.upper(), url))


def _operation(
    whole: Tree, item: Tree, told: Tree, inline: Inliner, asked: tuple[str, str]
) -> Operation:
    body = inline.tree(told.at("requestBody"))
    media = _json_media(body)
    responses = [(status, inline.tree(one)) for status, one in told.at("responses").members()]
    good = [one for status, one in responses if status.startswith("2")]
    answer = plain(_json_media(good[0]).at("schema")) if good else None
    schema = plain(media.at("schema"))
    headers = [inline.tree(one) for tree in (item, told) for one in tree.at("parameters").items()]
    return Operation(
        *asked,
        told.place,
        tuple(Request(*asked, (), one, one.place) for _, _, one in _shown(media)),
        tuple(_responses(responses)),
        (*_headers(headers), *_body(told, body), *parameters_of(schema, Where.BODY)),
        tuple(parameters_of(answer, Where.ANSWER)) if answer else (),
        tuple(_security(whole, told)),
        tuple(Fact("status", _number(status), one.place) for status, one in responses),
        schema if members(schema.value) else None,
        answer if answer and members(answer.value) else None,
    )


def _json_media(body: Tree) -> Tree:
    """What is said of the JSON form of a body."""
    kinds = [one for kind, one in body.at("content").members() if "json" in kind]
    return kinds[0] if kinds else body.at("content", "application/json")


def _shown(media: Tree) -> Iterator[tuple[str, str, Tree]]:
    """The examples of a body: name, summary, value."""
    if media.has("example"):
        yield "", "", media.at("example")
    elif media.at("schema").has("example"):
        yield "", "", media.at("schema", "example")
    for name, one in media.at("examples").members():
        if one.has("value"):
            yield name, one.at("summary").text(), one.at("value")


def _responses(responses: list[tuple[str, Tree]]) -> Iterator[Response]:
    for status, one in responses:
        for name, summary, value in _shown(_json_media(one)):
            yield Response(_number(status), value, value.place, name, summary)


def _number(status: str) -> int:
    """The status; of a range such as 4XX its first, and 0 for all that are not told."""
    digits = status.upper().replace("X", "0")
    return int(digits) if digits.isdecimal() and len(digits) == 3 else 0  # noqa: PLR2004


def _headers(told: list[Tree]) -> Iterator[Parameter]:
    for one in told:
        place = _PLACES.get(one.at("in").text())
        if place:
            required = one.at("required")
            facts = [Fact("required", required.value is True, required.place)]
            if one.at("schema").has("type"):
                facts.append(Fact("type", one.at("schema", "type").value, one.place))
            if one.has("example"):
                facts.append(Fact("example", one.at("example").value, one.at("example").place))
            yield Parameter(place, one.at("name").text(), one.place, tuple(facts))


def _schemes(whole: Tree) -> Iterator[Fact]:
    """How a token is sent, as (header, word before it): Bearer, or a header of its own."""
    for _, one in whole.at("components", "securitySchemes").members():
        kind, place = one.at("type").text().lower(), one.place
        if kind == "http" and one.at("scheme").text().lower() == "bearer":
            yield Fact("scheme", ("Authorization", "Bearer"), place)
        elif kind == "apikey" and one.at("in").text() == "header":
            yield Fact("scheme", (one.at("name").text(), ""), place)


def _body(told: Tree, body: Tree) -> Iterator[Parameter]:
    """The body itself, as the parameter without a name."""
    if told.has("requestBody"):
        required = Fact("required", body.at("required").value is True, body.place)
        yield Parameter(Where.BODY, "", body.place, (required,))


def _security(whole: Tree, told: Tree) -> Iterator[Fact]:
    """What says that a token is needed; a list that also has an empty choice does not."""
    said = (told if told.has("security") else whole).at("security")
    choices = list(said.items())
    if choices and all(members(one.value) for one in choices):
        yield Fact("security", said.value, said.place)
