"""Connections that break, stall or drip, as a raw socket meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller


def test_a_reset_before_sends_nothing(caller: Caller) -> None:
    """RST, and not a byte; the journal names the fault, and the job exists."""
    told = caller.told("net.reset_before", "create")
    assert (told.data, told.ended) == (b"", "rst")
    assert told.entry.faults[0].startswith("net.reset_before-")
