"""Where recordings are kept."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the cassette of a test is kept."""
    return tmp_path / "cassettes" / "one.json"
