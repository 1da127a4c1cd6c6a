"""Ten thousand requests while a fifth of them is struck by anything that can go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count what is open")
def test_nothing_fails_and_nothing_is_left_over() -> None:
    """The server answers, its log tells of no failure, and no socket or thread outlives it all."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "soak", "--quick"],
        cwd=ROOT,
        # Every line it runs is run by other tests too; to trace them all takes twice as long.
        env={name: told for name, told in os.environ.items() if "COVERAGE" not in name},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "10,000" in ran.stdout
    assert ran.stdout.count("| met |") == 4, ran.stdout
