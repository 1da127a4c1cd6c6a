"""Logical requests: what a client meant once, however often it sent it.

Who does not know whether a create call arrived sends it again, and pays twice if it did.
Two submissions are one logical request if they come to the same account, for the same model,
version and deployment, with the same JSON body (however its keys are ordered), and the later one
comes within `WINDOW_MS` of the first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, NamedTuple


WINDOW_MS: Final = 10 * 60_000
"""How long after its first submission a request may be sent again and be the same: ten minutes.

Assumed: longer than clients wait for an answer and retry, and counted from the first submission,
so that somebody who asks for the same every five minutes does not do so once for all time.
"""
KEPT_REQUESTS: Final = 10_000
"""Those that are told and recognized; the oldest go first."""
KEPT_SUBMISSIONS: Final = 50
"""Those that are told of one request, the first ones; the others are counted."""


class Submission(NamedTuple):
    """One arrival of a request; `prediction_id` is what it created, if it created anything."""

    at_ms: int
    prediction_id: str | None = None


@dataclass(frozen=True, slots=True)
class LogicalRequest:
    """What was meant once: how often it was sent, what that created, and what it cost.

    `usd_wasted` is the cost of all its predictions but the first. `submissions` holds the first
    `KEPT_SUBMISSIONS`; `submitted` counts them all.
    """

    key: str
    model: str
    first_ms: int
    submitted: int
    jobs: int
    usd: Decimal
    usd_wasted: Decimal
    submissions: tuple[Submission, ...]

    @property
    def duplicates(self) -> int:
        """How many submissions came after the first."""
        return self.submitted - 1

    @property
    def prediction_ids(self) -> tuple[str, ...]:
        """What it created, as far as it is kept."""
        return tuple(one.prediction_id for one in self.submissions if one.prediction_id)


@dataclass(frozen=True, slots=True)
class Balance:
    """All that was submitted: how often, as how many requests, and what is wasted of the cost."""

    submissions: int = 0
    requests: int = 0
    jobs: int = 0
    usd: Decimal = Decimal(0)
    usd_wasted: Decimal = Decimal(0)

    @property
    def duplicates(self) -> int:
        """How many submissions came after the first of their request."""
        return self.submissions - self.requests

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.submissions + other.submissions,
            self.requests + other.requests,
            self.jobs + other.jobs,
            self.usd + other.usd,
            self.usd_wasted + other.usd_wasted,
        )


@dataclass(slots=True)
class Tally:
    """A logical request as it grows; dollars are reckoned when somebody asks."""

    key: bytes
    model: str
    first_ms: int
    submitted: int = 0
    jobs: int = 0
    outputs: int = 0
    outputs_wasted: int = 0
    submissions: list[Submission] = field(default_factory=list)

    def told(self, usd_per_output: Decimal) -> LogicalRequest:
        """What it comes to, at this price."""
        return LogicalRequest(
            key=self.key.hex(),
            model=self.model,
            first_ms=self.first_ms,
            submitted=self.submitted,
            jobs=self.jobs,
            usd=self.outputs * usd_per_output,
            usd_wasted=self.outputs_wasted * usd_per_output,
            submissions=tuple(self.submissions),
        )

    def copy(self) -> Tally:
        """The same, to grow apart from this one."""
        return replace(self, submissions=list(self.submissions))


class Tallies:
    """The newest logical requests of a world, found by the key that their submissions share."""

    def __init__(self, kept: int = KEPT_REQUESTS) -> None:
        self._kept = kept
        self._tallies: deque[Tally] = deque()
        self._newest: dict[bytes, Tally] = {}
        self.requests = 0
        """How many there were in all, those forgotten included; likewise submissions."""
        self.submissions = 0

    def submitted(
        self, key: bytes, model: str, at_ms: int, prediction_id: str | None = None
    ) -> Tally:
        """Count a submission, and return the request that it belongs to."""
        tally = self._newest.get(key)
        if tally is None or at_ms - tally.first_ms >= WINDOW_MS:
            tally = self._begun(Tally(key, model, at_ms))
        self.submissions += 1
        tally.submitted += 1
        if len(tally.submissions) < KEPT_SUBMISSIONS:
            tally.submissions.append(Submission(at_ms, prediction_id))
        return tally

    def __iter__(self) -> Iterator[Tally]:
        """Those kept, the first begun first."""
        return iter(tuple(self._tallies))

    def copy(self) -> tuple[Tallies, dict[int, Tally]]:
        """The same, to grow apart from these; and each copy by the `id` of its original."""
        copies = {id(tally): tally.copy() for tally in self._tallies}
        newest = {key: copies[id(tally)] for key, tally in self._newest.items()}
        other = copy(self)
        vars(other).update(_tallies=deque(copies.values()), _newest=newest)
        return other, copies

    def _begun(self, tally: Tally) -> Tally:
        self.requests += 1
        self._newest[tally.key] = tally
        self._tallies.append(tally)
        if len(self._tallies) > self._kept:
            gone = self._tallies.popleft()
            if self._newest.get(gone.key) is gone:
                del self._newest[gone.key]
        return tally
