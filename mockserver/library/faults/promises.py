"""What a good client of the API promises; each kind of fault names what it puts to the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


PROMISES: Final[Mapping[str, str]] = {
    "K1": "starts at most one job, also where it cannot know whether the first call arrived",
    "K2": "waits at least as long as Retry-After asks",
    "K3": "understands Retry-After as a date",
    "K4": "refuses to wait for an absurd time",
    "K5": "knows every final status, and gives up on one it does not know after a bounded wait",
    "K6": "has a deadline for the whole wait",
    "K7": "never reports success without output of the promised shape",
    "K8": "goes on polling when a sync answer is neither final nor has an output",
    "K9": "sends its token to the configured origin alone",
    "K10": "turns every bad reply into one typed error, with status and first bytes",
    "K11": "reads tolerantly: members it does not know, or that are missing or null",
    "K12": "checks that the answer speaks of the id it asked for",
    "K13": "notices a stream or a file that was cut",
    "K14": "verifies webhooks over their raw bytes, their time and every signature",
    "K15": "checks status, type and size of what it downloads",
    "K16": "asks again, with pauses, where only a look failed",
    "K17": "keeps method, body and origin through redirects",
    "K18": "polls with pauses that grow, and not too often",
    "K19": "has a deadline although bytes keep dripping in",
    "K20": "cancels what it gives up",
}
"""By the names that `tests` of a kind uses."""
