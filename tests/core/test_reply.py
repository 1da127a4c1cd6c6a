"""An answer as data."""

from __future__ import annotations

from dataclasses import replace

from mockserver.core.clock import Clock
from mockserver.core.reply import Close, Reply, Send, Stall
from mockserver.service.bell import WorldBell


def test_headers_are_added_behind_those_there_are() -> None:
    """The reply itself stays as it was; everything else of it is kept."""
    first = Reply(200, (("A", "1"),), b"x", (Stall(), Close()), raw=True, at_ms=5)
    more = first.with_headers(("B", "2"), ("A", "3"))
    assert more == replace(first, headers=(("A", "1"), ("B", "2"), ("A", "3")))
    assert first.headers == (("A", "1"),)


def test_replies_are_equal_whatever_clock_times_them() -> None:
    """What goes over the wire is what counts."""
    assert Reply(200, script=(Send(b"x"),), bell=WorldBell(Clock(0))) == Reply(
        200, script=(Send(b"x"),)
    )
