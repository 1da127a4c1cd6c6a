"""When a request is the recorded one, and what is said where it is not."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.matching import Asked, alike, differences, matches, nearest
from mockserver.core.interaction import Request


def asked(
    path: str = "/predictions",
    body: object = None,
    *,
    method: str = "POST",
    query: str = "",
    content_type: str = "application/json",
) -> Asked:
    """A request with a body in JSON, or in bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("content-type", content_type),)
    return Asked(Request(method, path, query, headers, data), path)


def test_members_may_stand_in_any_order() -> None:
    """JSON is compared as values."""
    one, two = {"input": {"a": 1, "b": 2}}, {"input": {"b": 2.0, "a": 1}}
    assert matches(asked(body=one), asked(body=two))


@pytest.mark.parametrize(
    "beside",
    [
        {"webhook": "https://example.com/hook"},
        {"webhook": "https://example.com/hook", "webhook_events_filter": ["completed"]},
        {"stream": True},
    ],
)
def test_how_a_life_is_told_is_not_compared(beside: dict[str, object]) -> None:
    """A recording that was polled answers a client that asks for webhooks."""
    assert matches(asked(body={"input": {}}), asked(body={"input": {}, **beside}))


def test_what_differs_is_told_by_its_place() -> None:
    """A JSON pointer for each value that is another one, missing or too much."""
    one = {"input": {"prompt": "a", "seed": 1, "a/b": [1, 2]}}
    two = {"input": {"prompt": "b", "size": 2, "a/b": [1, 3]}}
    told = [str(each) for each in differences(asked(body=one), asked(body=two))]
    assert told == [
        "/input/prompt: recorded 'a', asked 'b'",
        "/input/seed: recorded 1, asked nothing",
        "/input/a~1b/1: recorded 2, asked 3",
        "/input/size: recorded nothing, asked 2",
    ]


def test_true_is_not_one() -> None:
    """A flag is no number, as everywhere."""
    assert not matches(asked(body={"a": True}), asked(body={"a": 1}))


def test_queries_are_compared_by_name() -> None:
    """In any order, but every value."""
    assert matches(asked(query="a=1&b=2"), asked(query="b=2&a=1"))
    told = [str(each) for each in differences(asked(query="a=1"), asked(query="a=2"))]
    assert told == ["query a: recorded ['1'], asked ['2']"]


@pytest.mark.parametrize(
    ("recorded", "other"),
    [
        ("Bearer <TOKEN:1>", "Bearer r8_abc"),
        ("https://<PASSWORD:2>@host/x", "https://me:pw@host/x"),
        ("a <TOKEN:1> and <TOKEN:2>", "a x and y"),
        ("sha256:0123abcd", "anything"),
        ("%3CTOKEN:1%3E", "%3CTOKEN:1%3E"),
    ],
)
def test_a_placeholder_stands_for_any_text(recorded: str, other: str) -> None:
    """What was hidden on the cassette cannot be compared."""
    assert alike(recorded, other)


def test_a_placeholder_stands_for_some_text() -> None:
    """What is around it is compared, and nothing is no secret."""
    assert not alike("Bearer <TOKEN:1>", "Bearer ")
    assert not alike("Bearer <TOKEN:1>", "Basic x")


def form(content: str, boundary: str) -> Asked:
    """An upload, as a client draws it."""
    data = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="content"\r\n\r\n'
        f"{content}\r\n--{boundary}--\r\n"
    )
    kind = f"multipart/form-data; boundary={boundary}"
    return asked("/files", data.encode(), content_type=kind)


@given(st.text("ab<>T:1"), st.lists(st.text("ab", max_size=3), min_size=1, max_size=4))
def test_placeholders_are_matched_as_a_pattern_would(text: str, parts: list[str]) -> None:
    """Any text in the place of each, and nothing else; but in linear time."""
    recorded = "<TOKEN:1>".join(parts)
    wanted = re.compile(".+".join(map(re.escape, parts)), re.DOTALL)
    assert alike(recorded, text) is (recorded == text or bool(wanted.fullmatch(text)))


def test_many_placeholders_take_no_time() -> None:
    """Whoever wrote the cassette may be hostile."""
    assert not alike("<A:1>" * 2_000 + "x", "y" * 100_000)


def test_a_form_is_compared_without_its_boundary() -> None:
    """Clients draw it anew for each request."""
    assert matches(form("abc", "aaa111"), form("abc", "bbb222"))
    assert not matches(form("abc", "aaa111"), form("abd", "bbb222"))


def test_the_nearest_has_the_right_path_before_all() -> None:
    """One value that differs is nearer than another path or method."""
    recorded = [asked("/models"), asked("/predictions", {"a": 1, "b": 1}), asked(method="GET")]
    found = nearest(recorded, asked("/predictions", {"a": 2, "b": 2}))
    assert found is not None
    assert found[0] == 1


def test_nothing_is_near_where_nothing_was_recorded() -> None:
    """An empty cassette has no nearest interaction."""
    assert nearest([], asked()) is None


def test_secrets_are_not_told() -> None:
    """What a client sent in the place of a secret is told by its fingerprint."""
    one = asked(body={"input": {"token": "<TOKEN:1>", "x": 1}})
    two = asked(body={"input": {"x": "Bearer r8_0123456789012345678901234567890123456"}})
    told = "\n".join(str(each) for each in differences(one, two))
    assert "r8_" not in told
