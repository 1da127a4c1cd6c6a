"""The search for a behaviour at which a client fails, and for the smallest one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from mockserver.contract.consumer.behaviours import Behaviours
from mockserver.library.scenarios import Scenario


EXAMPLES: Final = 200
"""So many behaviours are tried unless somebody says otherwise."""


def smallest(
    behaviours: Behaviours,
    fails: Callable[[Scenario], bool],
    *,
    examples: int = EXAMPLES,
    seed: int = 0,
) -> Scenario | None:
    """The smallest behaviour found at which `fails`; None where none of the `examples` does."""
    how = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        chance = Random(seed)  # noqa: S311 - it shall repeat
        return find(behaviours, fails, settings=how, random=chance)
    except NoSuchExample:
        return None
