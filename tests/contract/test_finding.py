"""A finding says what, where, why, and how to see it again; never a secret."""

from __future__ import annotations

import shlex

import pytest

from mockserver.contract.finding import Rule, Severity, curl
from mockserver.core.interaction import Interaction, Request


RULE = Rule("X101", "Two and two are four", "arithmetic", Severity.SHOULD)
ASKED = Request(
    "POST",
    "/v1/a%20b",
    "q=1&r='2'",
    (
        ("host", "127.0.0.1:4010"),
        ("authorization", "Bearer very-secret"),
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


@pytest.mark.parametrize("secret", ["very-secret", "secret-world"])
def test_the_curl_line_holds_no_secret(secret: str) -> None:
    """A placeholder stands where the token was."""
    assert secret not in curl(ASKED)
    assert "$TOKEN" in curl(ASKED)
