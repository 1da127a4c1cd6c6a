"""A recording that is played in many ways."""

from __future__ import annotations

import pytest

from tests.recording import Recording


@pytest.fixture
def recording() -> Recording:
    """A client that polls twice a second, until its prediction has ended."""
    made = Recording()
    created = made.create()
    made.poll(created["id"], [500] * 12)
    return made
