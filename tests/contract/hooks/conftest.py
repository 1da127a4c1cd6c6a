"""Jobs, told once for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.contract.hooks.story import Job
from mockserver.stories import telling


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.hooks.story import Story
    from mockserver.stories import Teller


@pytest.fixture(scope="session")
def teller() -> Iterator[Teller]:
    """Who tells jobs, and serves their files."""
    with telling() as teller:
        yield teller


@pytest.fixture(scope="session")
def story(teller: Teller) -> Story:
    """A job that goes well, looked at twice."""
    return teller.story(Job(polls=2))
