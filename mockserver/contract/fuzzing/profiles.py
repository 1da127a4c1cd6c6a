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


def _profile(examples: int, steps: int, *, derandomize: bool = False) -> settings:
    """Nothing is left to the profile that somebody loaded before."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=derandomize,
        database=None,
        deadline=None,
        print_blob=True,
    )


PROFILES: Final[Mapping[str, settings]] = MappingProxyType(
    {
        "dev": _profile(50, 20),
        "ci": _profile(100, 30, derandomize=True),
        "deep": _profile(10_000, 50),
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
