"""What a fault leaves as it is: all it does not speak of, and what comes later anyway."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults import edited_by, reply_of, strike_of


LATE_MS = strike_of("net.latency").now_ms + 1_000_000


@pytest.mark.parametrize("fault", ["net.latency;ms=10", "net.stall_before;ms=10"])
def test_what_waits_already_waits_no_shorter(fault: str) -> None:
    """A delay never lets an answer come before its own time."""
    assert edited_by(fault, replace(reply_of({}), at_ms=LATE_MS)).at_ms == LATE_MS


def test_a_refusal_that_is_no_json_has_no_members_more() -> None:
    """The very same reply, so that the journal does not say it was struck."""
    refusal = reply_of(b"<html>Bad Gateway</html>", 502)
    assert edited_by("future.unknown_error_member", refusal) is refusal


def test_a_link_that_leads_nowhere_stays_so() -> None:
    """Null is no address that could be a foreign one."""
    links = {"urls": {"get": "https://gateway.example/v1/predictions/a", "stream": None}}
    told = edited_by("shape.urls_foreign", reply_of({"id": "a", "status": "starting", **links}))
    assert b'"stream":null' in told.body.replace(b" ", b"")
    assert b"https://api.replicate.com/v1/predictions/a" in told.body
