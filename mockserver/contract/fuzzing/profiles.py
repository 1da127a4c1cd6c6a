"""How hard to look: profiles of Hypothesis' settings, as values; none is registered or loaded.

`dev` looks for other examples in every run and remembers what failed; `ci` draws the same ones in
every run; `deep` draws many.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.database import DirectoryBasedExampleDatabase


PROFILES: Final[Mapping[str, settings]] = MappingProxyType(
    {
        "dev": settings(max_examples=50, stateful_step_count=20, deadline=None),
        "ci": settings(
            max_examples=200,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            database=None,
            print_blob=True,
        ),
        "deep": settings(
            max_examples=10_000, stateful_step_count=50, deadline=None, print_blob=True
        ),
    }
)


def searching(profile: str, examples: int | None = None, kept: Path | None = None) -> settings:
    """The settings of a search that tells by itself what it found.

    `examples` is how many it tries of each sort; in the folder `kept` it remembers what failed,
    unless the profile draws the same in every run.
    """
    parent = PROFILES[profile]
    remembers = kept is not None and not parent.derandomize
    return settings(
        parent,
        max_examples=examples or parent.max_examples,
        database=DirectoryBasedExampleDatabase(kept) if kept and remembers else None,
        phases=[one for one in Phase if one is not Phase.explain],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
