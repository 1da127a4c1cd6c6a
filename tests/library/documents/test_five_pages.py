"""The pages of the gateways are read as the values that a person wrote down beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from mockserver.library.documents.page import Form, Operation, Parameter
from mockserver.library.documents.reading import read_page
from mockserver.library.examples import Document, load_documents
from mockserver.library.rooms import room


FIXTURES: Final = room("fixtures")
DOCUMENTS: Final = {
    f"{it.gateway}/{it.model.rpartition('/')[2]}": it for it in load_documents(FIXTURES)
}
SCHEMA: Final = ("type", "required")


def operation(name: str) -> Operation:
    """The one operation of a page."""
    page = read_page((FIXTURES / "docs" / f"{name}.page.txt").read_bytes(), name)
    (only,) = page.operations
    return only


def declared(parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    """Parameters in the form of the JSON fixtures: what is written, and under `prose` the rest."""
    told: dict[str, Any] = {}
    for one in parameters:
        if one.path and one.where.value in {"body", "answer"}:
            told[one.path] = {name: one.said(name) for name in SCHEMA}
            prose = {fact.name: fact.value for fact in one.facts if fact.prose}
            told[one.path] |= {"prose": prose} if prose else {}
    return told


def fixture_of(name: str, part: str) -> Mapping[str, Any]:
    """What a person wrote down of the parameters."""
    found: Any = DOCUMENTS[name].declared[part]
    wanted: Mapping[str, Any] = found
    return wanted


@pytest.fixture(params=DOCUMENTS, name="name")
def _name(request: pytest.FixtureRequest) -> str:
    """Each document."""
    name: str = request.param
    return name


def test_requests_are_read(name: str) -> None:
    """Address and body of each request are those of the fixture, in whatever snippet it stands."""
    document: Document = DOCUMENTS[name]
    wanted = document.examples[0].request
    assert wanted is not None
    found = operation(name)
    assert found.requests
    for one in found.requests:
        assert one.body is not None
        assert (one.method, one.url, one.body.value) == (wanted.method, wanted.url, wanted.body)


def test_responses_are_read(name: str) -> None:
    """Status, body and order of each response are those of the fixture."""
    wanted = [(it.response.status, it.response.body) for it in DOCUMENTS[name].examples]
    found = [(it.status, it.body.value) for it in operation(name).responses]
    assert found == wanted
    assert [list(body) for _, body in wanted] == [
        list(it.body.value) for it in operation(name).responses if isinstance(it.body.value, dict)
    ]


def test_parameters_are_read(name: str) -> None:
    """Type, required, default, values and limits are those of the fixture, prose apart."""
    found = operation(name)
    assert declared(found.parameters) == fixture_of(name, "request")
    assert declared(found.answers) == fixture_of(name, "response")


def test_statuses_and_the_need_of_a_token_are_read(name: str) -> None:
    """Which responses are described, and that a token is asked for."""
    found = operation(name)
    assert [it.value for it in found.statuses] == list(fixture_of(name, "statuses"))
    assert found.security


def test_an_openapi_document_within_a_page_is_found() -> None:
    """The words around it belong to the page."""
    page = read_page(
        (FIXTURES / "docs" / "anyapi" / "flux-kontext-pro.page.txt").read_bytes(), "anyapi"
    )
    assert (page.form, page.version) == (Form.OPENAPI, "3.0.1")
    assert [it.summary for it in page.operations[0].responses] == ["成功示例", "成功示例"]


def test_facts_stand_where_the_page_has_them() -> None:
    """The line of a fact is that of the word which says it."""
    path = FIXTURES / "docs" / "quickrouter" / "flux-kontext-pro.page.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    for one in operation("quickrouter/flux-kontext-pro").parameters:
        assert one.name in lines[one.place.line - 1]
        for fact in one.facts:
            line = lines[fact.place.line - 1]
            needed = {True: "必需", False: "可选"}.get(bool(fact.value))
            words = needed if fact.name == "required" else str(fact.value)
            assert fact.name == "enum" or str(words).lower() in line
