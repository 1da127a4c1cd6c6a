"""How a case of an exam ended."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FOUND = "found"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"

    @property
    def tested(self) -> bool:
        """Whether anything was asked at all."""
        return self in (Outcome.PASSED, Outcome.FOUND)
