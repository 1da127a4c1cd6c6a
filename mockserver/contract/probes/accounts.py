"""Accounts: whether what one of them made is anybody else's to see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Evidence, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import looks
from mockserver.contract.probes.probe import Probe, found


def isolated(evidence: Evidence) -> Iterator[Finding]:
    """A second account was shown a prediction that it did not make."""
    made = {one.prediction_id for one in evidence.of(*CREATES) if one.prediction_id}
    for exchange in evidence.of(Intent.OTHER_ACCOUNT, Intent.OTHER_LIST):
        seen = [one.id for one in looks(exchange.interaction) if one.id in made]
        if exchange.went_well and seen:
            at = "/results" if exchange.intent is Intent.OTHER_LIST else ""
            yield found(rules.ACCOUNTS_ISOLATED, exchange, at, expected="nothing", seen=seen)


PROBES: Final[tuple[Probe, ...]] = (isolated,)
