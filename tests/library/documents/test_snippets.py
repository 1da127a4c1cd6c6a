"""The programs in a page, as they stand there."""

from __future__ import annotations

from itertools import chain, repeat

from mockserver.library.documents.curl import curls
from mockserver.library.documents.snippets import snippets


def found(text: str) -> list[tuple[str, str, int]]:
    """Language, program and line of each snippet."""
    return [(it.name, str(it.value), it.place.line) for it in snippets(text, tuple(curls(text)))]


def test_a_curl_command_ends_where_words_are_glued_to_it() -> None:
    """Its last word is that of the command."""
    text = "see:\ncurl -X POST https://a.example \\\n -d '{\"a\": 1}'返回响应 200\n"
    assert found(text) == [("curl", "curl -X POST https://a.example \\\n -d '{\"a\": 1}'", 2)]


def test_programs_without_a_fence_end_at_the_next_language_or_at_words() -> None:
    """As a page copied from Apifox has them."""
    programs = "var a = 1;\n\nfetch(url);\nimport http.client\n\nc = f()\nprint(c)\n"
    text = f"{programs}\n返回响应\nimport antics\n"
    assert found(text) == [
        ("javascript", "var a = 1;\n\nfetch(url);", 1),
        ("python", "import http.client\n\nc = f()\nprint(c)", 4),
        ("python", "import antics", 10),
    ]


def test_fenced_programs_have_the_language_of_their_fence() -> None:
    """JSON is no program, and a shell's commands are found as curl commands."""
    text = (
        "```py\nx = 1\n```\n```json\n{}\n```\n~~~go\nmain()\n~~~\n"
        "```sh\ncurl https://a.example\n```\n```js\nlet a = 1"
    )
    assert found(text) == [
        ("curl", "curl https://a.example", 11),
        ("python", "x = 1", 2),
        ("go", "main()", 8),
        ("javascript", "let a = 1", 14),
    ]


def test_many_programs_take_no_longer_than_their_lines() -> None:
    """Each line is looked at a few times, however often the language changes."""
    text = "\n".join(chain.from_iterable(repeat(("var a = 1", "import b"), 20_000)))
    assert len(found(text)) == 40_000
