"""Documents from strangers."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.page import DocumentError, Form
from mockserver.library.documents.reading import MAX_BYTES, read_page
from mockserver.library.documents.tokens import masked, tokens
from mockserver.library.json_text import members


CREDENTIAL = "r8_" + "Zz9Yy8Xx7W" * 4


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b" " * (MAX_BYTES + 1), f"page: expected at most {MAX_BYTES} bytes, seen more"),
        (b'{"input": "\xff"}', "page: expected UTF-8 text"),
        (b"nothing here", "page: expected an OpenAPI document, or a page that shows a request"),
        (b"", "seen neither"),
        (b'{"openapi": "3.1.0", "paths": {}}', "seen neither"),
        (b'{"swagger": "2.0", "paths": {}}', "expected OpenAPI 3, seen version 2.0"),
        (b"swagger: '2.0'\npaths: {}\n", "expected OpenAPI 3, seen version 2.0"),
        (b'{"a":' * 100_000, "at most 64 levels"),
        (b"openapi: 3.0.0\npaths: " + b"[" * 100_000, "page:2: expected"),
        (b"openapi: 3.0.0\nx-a: &a [x]\nx-b: [*a, *a]\n", "no alias"),
        (b"openapi: !!python/name:os.system 3.0.0\n", "no tag"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, expected: str) -> None:
    """Too large, too deep, no text, of another version, or without anything to judge."""
    with pytest.raises(DocumentError, match=expected):
        read_page(content, "page")


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_page_or_an_error(content: bytes) -> None:
    """Never anything else."""
    with suppress(DocumentError):
        assert read_page(content, "page").operations


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_ends_of_other_systems_are_read(mark: bytes) -> None:
    """A byte order mark, and two characters at the end of a line."""
    page = read_page(mark + b'POST https://a.example/p\r\n\r\n{"input": {}}\r\n', "page")
    assert page.form is Form.TEXT
    assert page.operations[0].requests[0].place.line == 3


def test_json_within_a_page_that_is_openapi_is_found() -> None:
    """Whatever else in braces stands before it."""
    page = read_page(b'{"a": 1} {"openapi": "3.1.0", "paths": {"/p": {"get": {}}}} end', "page")
    assert (page.form, page.version) == (Form.OPENAPI, "3.1.0")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bearer <token>", [("placeholder", "<token>")]),
        ("Bearer {{YOUR_API_KEY}}'", [("placeholder", "{{YOUR_API_KEY}}")]),
        ("Bearer ********", [("placeholder", "********")]),
        ("Token $KEY", [("placeholder", "$KEY")]),
        ("Bearer your-key", [("placeholder", "your-key")]),
        ("Bearer token, Bearer authentication, bearer of news", []),
    ],
)
def test_placeholders_are_known(text: str, found: list[tuple[str, str]]) -> None:
    """In the forms in which pages write them; a sentence holds none."""
    assert [(it.name, it.value) for it in tokens(text)] == found


@pytest.mark.parametrize("text", [f"a\nBearer {CREDENTIAL}", f"a\nkey={CREDENTIAL}"])
def test_a_credential_is_known_and_not_kept(text: str) -> None:
    """Once, in its line, and by its fingerprint."""
    (found,) = tokens(text)
    assert (found.name, found.place.line) == ("secret", 2)
    assert str(found.value).startswith("sha256:")


def test_a_value_is_shown_without_credentials() -> None:
    """At any depth."""
    shown = masked({"a": [f"x {CREDENTIAL} y", 1], "b": None})
    assert CREDENTIAL not in str(shown)
    assert members(shown)["b"] is None
