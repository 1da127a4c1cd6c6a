"""Fixtures of pytest for programs whose hosts are hard-coded; `mockserver.plugin` registers them.

As in that module, all that costs time is imported where it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.intercept.proxy import Interception
    from mockserver.live import LiveServer, LiveWorld


@pytest.fixture(scope="session")
def mockserver_interception(mockserver_server: LiveServer) -> Iterator[Interception]:
    """A proxy to the fake of `mockserver_server`, for the whole session; nobody is led to it."""
    from mockserver.intercept.proxy import intercepting

    with intercepting(mockserver_server.fake) as proxy:
        yield proxy


@pytest.fixture
def mockserver_intercepted(
    monkeypatch: pytest.MonkeyPatch,
    mockserver: LiveWorld,  # noqa: ARG001 - its token is what the program finds
    mockserver_interception: Interception,
) -> Iterator[Interception]:
    """The world of `mockserver` at the gateways' own hosts; every other host is refused.

    `https://api.replicate.com` and what its answers lead to is the fake, for the code under test
    in this process and for programs that it starts. `.turned` is what was not let through.
    """
    from mockserver.intercept.environment import ADDRESSES

    for name, value in mockserver_interception.environment.items():
        monkeypatch.setenv(name, value)
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)
    with mockserver_interception.here():
        yield mockserver_interception
