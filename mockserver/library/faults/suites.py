"""Suites: faults that are met together, from a dozen that show most to all there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


SUITES: Final[Mapping[str, tuple[str, ...]]] = {
    "smoke": ("net.reset_before",),
    "transport": ("net",),
    "all": ("transport",),
}
"""What each suite holds: faults as texts, families, or other suites."""
