"""One HTTP exchange as values."""

from __future__ import annotations

from mockserver.core.interaction import Request


def test_of_a_repeated_header_the_first_value_counts() -> None:
    """Names are in lower case already; the order is that of the wire."""
    asked = Request("GET", "/", headers=(("prefer", "wait=1"), ("prefer", "wait=2")))
    assert asked.header("prefer") == "wait=1"


def test_a_missing_header_reads_as_its_default() -> None:
    """Which is nothing, if nothing else is said."""
    asked = Request("GET", "/", headers=(("accept", "*/*"),))
    assert asked.header("prefer") == ""
    assert asked.header("prefer", "wait") == "wait"
