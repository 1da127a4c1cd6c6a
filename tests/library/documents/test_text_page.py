"""Pages in running text and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.page import DocumentError, Operation, Page, Where
from mockserver.library.documents.text_page import MAX_EXAMPLES, MAX_OPERATIONS, text_page


HEAD = "POST https://a.example/v1/models/acme/a/predictions"
RESERVED = {"input", "curl", "id", "header", "body", "output", "response", "webhook"}
NAMES = st.from_regex(r"[a-z][a-z_]{0,8}[a-z]", fullmatch=True).filter(
    lambda name: name not in RESERVED
)


@dataclass(frozen=True)
class Told:
    """A parameter to be written down."""

    name: str
    type: str
    required: bool
    default: object


TOLD = st.lists(
    st.builds(Told, NAMES, st.just("integer"), st.booleans(), st.integers(0, 99))
    | st.builds(Told, NAMES, st.just("boolean"), st.booleans(), st.booleans())
    | st.builds(
        Told, NAMES, st.just("string"), st.booleans(), st.sampled_from(["a", "b-c", "1:1"])
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.name,
)


def plain(value: object) -> str:
    """A default as a page spells it."""
    return value if isinstance(value, str) else json.dumps(value)


def printed(told: list[Told]) -> str:
    """One line a cell."""
    return "Body 参数 application/json\n" + "\n".join(
        f"{it.name} {it.type}\n{'必需' if it.required else '可选'}\n默认值:{plain(it.default)}。"
        for it in told
    )


def table(told: list[Told]) -> str:
    """A table in Markdown."""
    rows = "\n".join(
        f"| `{it.name}` | {it.type} | {'yes' if it.required else 'no'} | {plain(it.default)} | |"
        for it in told
    )
    return f"| Name | Type | Required | Default | Description |\n|---|---|---|---|---|\n{rows}"


def listed(told: list[Told]) -> str:
    """A list in Markdown."""
    return "\n".join(
        f"- **{it.name}** ({it.type}, {'required' if it.required else 'optional'}): "
        f"What it is. Default: {plain(it.default)}."
        for it in told
    )


@given(TOLD, st.sampled_from([printed, table, listed]))
def test_parameters_are_read_as_they_are_written(
    told: list[Told], style: Callable[[list[Told]], str]
) -> None:
    """In each style; the example tells that they belong into the input."""
    asked = {"input": {it.name: it.default for it in told}}
    text = f"{HEAD}\n\n{style(told)}\n\n示例\n{json.dumps(asked)}请求示例代码\n"
    found = only(text)
    seen = [
        Told(it.name, str(it.said("type")), it.said("required") is True, it.said("default"))
        for it in found.parameters
    ]
    assert seen == told
    assert [it.path for it in found.parameters] == [f"input.{it.name}" for it in told]
    assert [it.body.value for it in found.requests if it.body] == [asked]


def page(text: str) -> Page:
    """The page of a text."""
    return text_page(text, "page")


def only(text: str) -> Operation:
    """The one operation of a text."""
    (found,) = page(text).operations
    return found


def test_an_object_is_told_a_request_by_its_members_or_by_the_words_before_it() -> None:
    """`input` asks; an id, a status or an error answers; the rest is as its heading says."""
    found = only(
        f'{HEAD}\n{{"input": 1}}\n## Response\n{{"id": 1}}\n{{"x": 1}}\n'
        '## Request\n{"y": 1}\nheaders = {"Authorization": "Bearer $T"}\n'
        '{"type": "object", "properties": {}}\n{"$schema": ""}\n'
    )
    assert [it.body.value for it in found.requests if it.body] == [{"input": 1}, {"y": 1}]
    assert [it.body.value for it in found.responses] == [{"id": 1}, {"x": 1}]


def test_a_status_counts_for_all_examples_below_it() -> None:
    """Until the next one, or the next request."""
    found = only(
        f'{HEAD}\n🟢200成功\n{{"id": 1}}\n示例二\n{{"id": 2}}\n🔴401\n{{"error": 1}}\n'
        '请求示例\n{"input": 1}\n返回\n{"id": 3}'
    )
    assert [it.status for it in found.responses] == [200, 200, 401, None]
    assert [it.value for it in found.statuses] == [200, 401]


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("HTTP/1.1 201 Created", [201]),
        ("Status: 200, 404 or 422.", [200, 404, 422]),
        ("状态码:402", [402]),
        ("Response (201)", [201]),
        ("| `429` | too many |", [429]),
        ("it ends with 404 Not Found", [404]),
        ("costs 200 credits, 1024x768, status 1200", []),
    ],
)
def test_statuses_are_read(text: str, statuses: list[int]) -> None:
    """In headings, tables, lists and sentences; other numbers are none."""
    assert [it.value for it in only(f"{HEAD}\n{text}\n").statuses] == statuses


def test_each_line_that_names_an_operation_begins_one() -> None:
    """What is above the first belongs to it, and a path alone to the host that was named."""
    found = page(
        f'Title\n{{"input": 1}}\n## `{HEAD}`\n{{"id": 1}}\n'
        'GET /v1/predictions/{id}\n{"id": 2}\n'
        "POST /v1/x HTTP/1.1\n"
    ).operations
    assert [(it.method, it.url) for it in found] == [
        ("POST", "https://a.example/v1/models/acme/a/predictions"),
        ("GET", "https://a.example/v1/predictions/{id}"),
    ]
    assert [(len(it.requests), len(it.responses)) for it in found] == [(1, 1), (0, 1)]


def test_a_command_above_the_first_such_line_is_an_operation() -> None:
    """A page may show how to create, and only then name the other paths."""
    found = page("curl https://a.example/v1/p -d '{}'\n\nGET /v1/p/{id}\n").operations
    assert [(it.method, it.url) for it in found] == [
        ("POST", "https://a.example/v1/p"),
        ("GET", "https://a.example/v1/p/{id}"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "在 Header 添加参数 Authorization",
        "• Header: Authorization: Bearer <token>",
        "Requests must carry an Authorization header.",
        "curl https://a.example -H 'authorization: Bearer <token>'",
    ],
)
def test_the_need_of_a_token_is_read(text: str) -> None:
    """From a sentence or from a command; the word alone says nothing."""
    assert only(f"{HEAD}\n{text}\n").security
    assert not only(f"{HEAD}\nAuthorization\n").security


def test_headers_and_members_of_responses_are_told_apart() -> None:
    """By the headings of their tables."""
    found = only(
        f"{HEAD}\nHeader 参数\nX-Key string\n必需\nQuery 参数\npage integer 可选\n"
        "Path 参数\nid string 必需\n"
        "Body 参数\ninput object 必需\nprompt string 必需\n返回响应\nurls object 必需\n下一步\n"
        'get string 可选\n示例\n{"id": 1, "urls": {"get": "x"}}'
    )
    assert [(it.where.value, it.path) for it in found.parameters] == [
        ("header", "X-Key"),
        ("query", "page"),
        ("path", "id"),
        ("body", "input"),
        ("body", "input.prompt"),
    ]
    assert [it.path for it in found.answers] == ["urls", "urls.get"]


def test_a_table_without_types_is_about_something_else() -> None:
    """So are lines that only look like a row."""
    found = only(
        f"{HEAD}\n| Name | Price |\n|---|---|\n| a | 1 |\nprompt string\nvery long\n- a (b): c\n"
    )
    assert found.parameters == ()


def test_values_in_a_column_of_their_own_are_read() -> None:
    """As those in a sentence are."""
    found = only(
        f"{HEAD}\n| 参数 | 类型 | 必填 | 取值 | 说明 |\n|---|---|---|---|---|\n"
        "| `a` | string | 是 | x, y | |\n| b | int | 否 | 1-9 | 默认值:3 |\n"
        "| c | float | ? | | |\n"
    )
    facts = [{fact.name: fact.value for fact in it.facts} for it in found.parameters]
    assert facts == [
        {"type": "string", "required": True, "enum": ["x", "y"]},
        {"type": "integer", "required": False, "default": 3, "minimum": 1, "maximum": 9},
        {"type": "number"},
    ]


def test_broken_json_is_kept_where_json_was_meant() -> None:
    """In a block that says so, and in the body of a command."""
    found = page(
        HEAD + "\n```json\n{'a': 1}\n```\n```js\n{'a': 1}\n```\n"
        "curl https://a.example -d '{\"a\"}'\n"
    )
    assert [(it.name, it.place.line) for it in found.broken] == [("curl", 8), ("json", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "GET /a\n" * (MAX_OPERATIONS + 2),
        "{} " * (MAX_EXAMPLES + 1),
        "curl $a\n" * (MAX_EXAMPLES + 1),
    ],
)
def test_a_page_that_no_author_writes_is_refused(text: str) -> None:
    """Too many operations, braces or commands."""
    if text.startswith("curl"):
        text = text.replace("$a", "'$a'")
    with pytest.raises(DocumentError, match="expected at most"):
        page(text)


@pytest.mark.parametrize(
    ("heading", "head"),
    [
        ("## 请求头", "| 参数 | 类型 | 必填 |"),
        ("### Headers", "| Parameter | Type | Required |"),
    ],
)
def test_the_head_of_a_table_is_no_heading(heading: str, head: str) -> None:
    """Although it speaks of parameters, those of a header stay in the header."""
    table = f"{heading}\n\n{head}\n|---|---|---|\n| Authorization | string | 是 |\n"
    (operation,) = page(f'{HEAD}\n\n{table}\n```json\n{{"input": {{}}}}\n```\n').operations
    (told,) = operation.parameters
    assert (told.where, told.path) == (Where.HEADER, "Authorization")


def test_what_stands_beside_the_input_is_no_input() -> None:
    """Wherever a table lists it."""
    rows = "input object required\nprompt string required\nwebhook string optional\n"
    (operation,) = page(f'{HEAD}\n{rows}示例\n{{"input": {{"prompt": "x"}}}}\n').operations
    assert [it.path for it in operation.parameters] == ["input", "input.prompt", "webhook"]
