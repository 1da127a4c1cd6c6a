"""All probes over what an exam brought to light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mockserver.contract.evidence import Evidence
from mockserver.contract.finding import Finding
from mockserver.contract.probes import (
    accounts,
    addresses,
    figures,
    gateway,
    hooks,
    lifecycle,
    lists,
    refused,
    shape,
    streams,
    sync,
)
from mockserver.contract.probes.probe import Probe


PROBES: Final[tuple[Probe, ...]] = (
    *lifecycle.PROBES,
    *shape.PROBES,
    *figures.PROBES,
    *lists.PROBES,
    *refused.PROBES,
    *sync.PROBES,
    *streams.PROBES,
    *hooks.PROBES,
    *addresses.PROBES,
    *accounts.PROBES,
    *gateway.PROBES,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and what of it the gateway's profile declares, with the quirk's name."""

    findings: tuple[Finding, ...]
    declared: tuple[tuple[str, Finding], ...] = ()


def findings(evidence: Evidence) -> Iterator[Finding]:
    """Everything that any probe finds, each once."""
    seen: set[tuple[str, str, str]] = set()
    for probe in PROBES:
        for one in probe(evidence):
            key = one.code, one.at, repr(one.seen)
            if key not in seen:
                seen.add(key)
                yield one


def verdict(evidence: Evidence) -> Verdict:
    """What is found, those that the profile's quirks declare set apart."""
    known = {quirk.finding: quirk.name for quirk in evidence.profile.quirks if quirk.excused}
    found = tuple(findings(evidence))
    return Verdict(
        findings=tuple(one for one in found if one.code not in known),
        declared=tuple((known[one.code], one) for one in found if one.code in known),
    )
