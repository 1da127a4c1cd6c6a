"""Metrics: whether they are the distances of the times that stand beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, LOOKS, Evidence, Exchange
from mockserver.contract.finding import Finding
from mockserver.contract.oracle import instant_ms
from mockserver.contract.probes.probe import Probe, first, found
from mockserver.core.ids import carried_ms
from mockserver.core.timeline import TERMINAL
from mockserver.library.json_text import members


_DRIFT_S: Final = 0.1
"""How far times and metrics may be apart: they were taken by several clocks.

Source: upstream's own records, where total_time is up to 0.03 s less than predict_time.
"""
_SINCE: Final[Mapping[str, str]] = {"total_time": "created_at", "predict_time": "started_at"}
"""From when to completed_at each metric counts."""


def distances_s(told: Mapping[str, object]) -> dict[str, float]:
    """The metrics by the times that a prediction tells, as far as it tells them in order."""
    times = {name: instant_ms(told.get(name)) for name in (*_SINCE.values(), "completed_at")}
    known = [one for one in times.values() if one is not None]
    end_ms = times["completed_at"]
    if end_ms is None or known != sorted(known):
        return {}
    begins = ((name, times[at]) for name, at in _SINCE.items())
    return {name: (end_ms - begun) / 1000 for name, begun in begins if begun is not None}


def metrics(evidence: Evidence) -> Iterator[Finding]:
    """A metric of a prediction that has ended is not what its own times say."""
    # The first answer that tells the end of each prediction; the oracle compares later ones.
    for _, exchange in first(evidence, _ended):
        told = members(exchange.body.get("metrics"))
        doubtful = _doubtful(evidence, exchange)
        for name, expected in distances_s(exchange.body).items():
            seen = told.get(name)
            if _SINCE[name] in doubtful or not isinstance(seen, int | float):
                continue
            if abs(seen - expected) > _DRIFT_S:
                rule = rules.METRICS_ADD_UP
                yield found(rule, exchange, f"/metrics/{name}", expected=expected, seen=seen)


def _ended(exchange: Exchange) -> bool:
    return exchange.body.get("status") in TERMINAL


def _doubtful(evidence: Evidence, exchange: Exchange) -> set[str]:
    """The times that are told otherwise elsewhere, which is a finding of its own."""
    told = exchange.body
    seen = [one for one in evidence.of(*CREATES, *LOOKS) if one.prediction_id == told.get("id")]
    known = {name: {instant_ms(one.body.get(name)) for one in seen} for name in _SINCE.values()}
    known["created_at"].add(carried_ms(told.get("id")))
    return {name for name, times in known.items() if len(times - {None}) > 1}


PROBES: Final[tuple[Probe, ...]] = (metrics,)
