"""Hypothesis profiles: how hard the property tests look.

`test` draws the same examples in every run; `deep` looks for new ones, by the thousand.
Choose that with `HYPOTHESIS_PROFILE=deep make test`.
"""

from __future__ import annotations

import os

from hypothesis import settings


settings.register_profile(
    "test", max_examples=50, derandomize=True, deadline=None, print_blob=True
)
settings.register_profile("deep", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
