"""A recording that is played in many ways."""

from __future__ import annotations

import pytest

from tests.recording import Recording, polled


@pytest.fixture
def recording() -> Recording:
    """A client that polls twice a second, until its prediction has ended."""
    return polled([500] * 12)
