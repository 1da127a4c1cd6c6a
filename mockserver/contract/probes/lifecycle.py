"""The oracle over everything that was told of predictions, and whether they end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Evidence, Exchange, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.oracle import judged
from mockserver.contract.probes.probe import Probe, found
from mockserver.core.timeline import TERMINAL


def life(evidence: Evidence) -> Iterator[Finding]:
    """What the oracle says of every prediction that was seen, in whatever answer."""
    yield from judged(evidence.interactions)


def ends(evidence: Evidence) -> Iterator[Finding]:
    """A prediction that was looked at until patience ended has not ended."""
    for exchange in _last_looks(evidence):
        if exchange.body.get("status") not in TERMINAL and exchange.went_well:
            expected = sorted(TERMINAL)
            seen = exchange.body.get("status")
            yield found(rules.WAITED_FOR_ENDS, exchange, "/status", expected=expected, seen=seen)


def distinct(evidence: Evidence) -> Iterator[Finding]:
    """Two create calls were told the same id."""
    seen: set[str] = set()
    for exchange in evidence.of(*CREATES):
        made = exchange.prediction_id
        if made and made in seen:
            yield found(rules.CREATED_ANEW, exchange, "/id", expected="another id", seen=made)
        seen.add(made)


def _last_looks(evidence: Evidence) -> Iterator[Exchange]:
    """The last plain look at each prediction that was waited for."""
    looks = [one for one in evidence.of(Intent.LOOK) if one.prediction_id]
    ordered = sorted(looks, key=lambda one: one.prediction_id)
    for _, group in groupby(ordered, key=lambda one: one.prediction_id):
        yield list(group)[-1]


PROBES: Final[tuple[Probe, ...]] = (life, ends, distinct)
