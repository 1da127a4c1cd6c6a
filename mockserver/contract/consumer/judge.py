"""All probes over how a client behaved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer.conduct import Conduct
from mockserver.contract.consumer.probes import (
    addresses,
    downloads,
    ending,
    errors,
    jobs,
    looking,
    outputs,
    waiting,
)
from mockserver.contract.consumer.probes.probe import Probe
from mockserver.contract.finding import Finding


PROBES: Final[tuple[Probe, ...]] = (
    *jobs.PROBES,
    *waiting.PROBES,
    *ending.PROBES,
    *outputs.PROBES,
    *downloads.PROBES,
    *looking.PROBES,
    *addresses.PROBES,
    *errors.PROBES,
)


def findings(conduct: Conduct) -> Iterator[Finding]:
    """Everything that any probe finds, each rule once."""
    seen: set[str] = set()
    for probe in PROBES:
        for one in probe(conduct):
            if one.code not in seen:
                seen.add(one.code)
                yield one
