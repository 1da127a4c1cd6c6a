"""Curl commands in a page."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.curl import curls
from mockserver.library.documents.page import Request


def only(text: str) -> Request:
    """The one command of a text."""
    (found,) = curls(text)
    return found.request


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=4))
def test_a_body_is_read_as_the_shell_would(body: dict[str, str]) -> None:
    """Quotes and all; a single quote within is one that this reader need not know."""
    text = json.dumps(body, ensure_ascii=True).replace("'", r"\u0027")
    asked = only(f"$ curl -X PUT https://a.example/b -H 'A: b' -d {shlex.quote(text)} \\\n -v\nx")
    assert asked.body is not None
    assert (asked.method, asked.url, asked.headers) == (
        "PUT",
        "https://a.example/b",
        (("A", "b"),),
    )
    assert asked.body.value == body


@pytest.mark.parametrize(
    ("text", "method", "url"),
    [
        ("curl https://a.example/b", "GET", "https://a.example/b"),
        ("curl -s \"https://a.example/b\" -d '{}'", "POST", "https://a.example/b"),
        ("curl --request DELETE 'https://a.example/b'", "DELETE", "https://a.example/b"),
        ("curl -X POST $BASE/b", "POST", "$BASE/b"),
    ],
)
def test_method_and_address(text: str, method: str, url: str) -> None:
    """A body makes it a POST where nothing else is told."""
    asked = only(text)
    assert (asked.method, asked.url) == (method, url)


def test_words_may_stick_to_the_end() -> None:
    """The next heading of a page, where the layout was lost."""
    asked = only("a\ncurl 'https://a.example' \\\n--data-raw '{\n\"x\": 1\n}'返回响应\n{}")
    assert asked.body is not None
    assert (asked.body.value, asked.body.at("x").place.line, asked.place.line) == ({"x": 1}, 4, 2)


def test_a_body_in_double_quotes_is_read() -> None:
    """With its backslashes."""
    asked = only(r'curl https://a.example -d "{\"x\": \"\$1\"}"')
    assert asked.body is not None
    assert asked.body.value == {"x": "$1"}


def test_a_body_that_is_no_json_is_told_so() -> None:
    """Where it looks like JSON; a form is none of ours."""
    (found,) = curls("curl https://a.example -d '{\"a\": 1,}'")
    assert (found.request.body, bool(found.broken)) == (None, True)
    (found,) = curls("curl https://a.example -d 'a=1' -H nothing")
    assert (found.request.body, found.broken, found.request.headers) == (None, "", ())


@pytest.mark.parametrize(
    "text", ["cURLcURL-Windows", "use curl to ask", "libcurl 'x'", "curl -s", "curl 'open"]
)
def test_the_word_alone_is_no_command(text: str) -> None:
    """A command has an address."""
    assert list(curls(text)) == []
