"""A fake behind a proxy, and programs that run in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from mockserver.intercept.proxy import Interception, intercepting
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


TOKEN = "a-token"

Run = Callable[..., str]


@pytest.fixture
def fake() -> Fake:
    """A fake whose clock each look moves on."""
    return Fake(Settings(clock="poll"))


@pytest.fixture
def proxy(fake: Fake) -> Iterator[Interception]:
    """A proxy in front of it."""
    with intercepting(fake) as listening:
        yield listening


@pytest.fixture
def run(proxy: Interception) -> Run:
    """What a program prints that runs behind the proxy."""

    def run(*command: str, **environ: str) -> str:
        given = {"REPLICATE_API_TOKEN": TOKEN, "REPLICATE_POLL_INTERVAL": "0.001"}
        ran = subprocess.run(
            command,
            env={**os.environ, **given, **proxy.environment, **environ},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    return run


@pytest.fixture
def python(run: Run) -> Run:
    """What a program in Python prints that runs behind the proxy."""
    return lambda program, **environ: run(sys.executable, "-c", program, **environ)
