"""A finding says what, where, why, and how to see it again; never a secret."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from mockserver.contract.finding import Rule, Severity, curl, told
from mockserver.core.interaction import Interaction, Request


RULE = Rule("X101", "Two and two are four", "arithmetic", Severity.SHOULD)
ASKED = Request(
    "POST",
    "/v1/a%20b",
    "q=1&r='2'",
    (
        ("host", "127.0.0.1:4010"),
        ("authorization", "Bearer verysecret"),
        ("x-mock-world", "secret-world"),
        ("content-type", "application/json"),
        ("content-length", "9"),
    ),
    b"""{"a":"'"}""",
)


def test_equal_values_are_no_finding() -> None:
    """A rule that holds says nothing."""
    assert RULE.equal("/sum", expected=4, seen=4) == []


def test_a_finding_tells_everything() -> None:
    """Code, severity, title, expected, seen, place and source stand in its text."""
    exchange = Interaction(ASKED, 200, (), b"", 0)
    (found,) = RULE.equal("/sum", expected=4, seen=5, exchange=exchange)
    text = str(found)
    told = ("X101", "should", RULE.title, "4", "5", "/sum", "arithmetic", "curl -sS -X POST")
    assert [part for part in told if part not in text] == []


def test_the_curl_line_sends_the_same_request() -> None:
    """Method, address, body and headers, quoted for a shell."""
    words = shlex.split(curl(ASKED))
    assert words[:4] == ["curl", "-sS", "-X", "POST"]
    assert words[-3:] == [
        "--data-raw",
        """{"a":"'"}""",
        "http://127.0.0.1:4010/v1/a%20b?q=1&r='2'",
    ]
    assert "content-type: application/json" in words
    assert "content-length: 9" not in words


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("authorization", "Bearer verysecret", '"authorization: Bearer $TOKEN"'),
        ("authorization", "verysecret", '"authorization: $TOKEN"'),
        ("x-mock-world", "verysecret", '"x-mock-world: $TOKEN"'),
        ("cookie", "verysecret b", '"cookie: $TOKEN"'),
    ],
    ids=["bearer", "bare", "world", "cookie"],
)
def test_the_curl_line_holds_no_secret(name: str, value: str, word: str) -> None:
    """A variable stands where it was, in quotes in which a shell fills it in."""
    line = curl(replace(ASKED, headers=((name, value),)))
    assert "verysecret" not in line
    assert word in line


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (5, 5), (7, 5)])
def test_a_report_tells_the_first_findings_in_full(count: int, shown: int) -> None:
    """And how many there are, and how many are left out."""
    lines = told([RULE.found("/sum", expected=4, seen=n) for n in range(count)])
    assert lines[0] == f"{count} found"
    assert sum(line.startswith(RULE.code) for line in lines) == shown
    assert (lines[-1] == f"and {count - shown} more") is (count > shown)
