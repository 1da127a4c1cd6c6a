"""What a probe is, and what several of them ask of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockserver.contract.evidence import CREATES, LOOKS, Evidence, Exchange
from mockserver.contract.finding import Finding, Rule


Probe = Callable[[Evidence], Iterator[Finding]]


def found(rule: Rule, exchange: Exchange, at: str, *, expected: object, seen: object) -> Finding:
    """The finding that `rule` does not hold at `at` in the answer of `exchange`."""
    return rule.found(
        at,
        expected=expected,
        seen=seen,
        exchange=exchange.raw,
        prediction_id=exchange.prediction_id,
    )


def first_told(evidence: Evidence, name: str) -> Iterator[tuple[Exchange, Exchange]]:
    """Each create call, and the first answer about its prediction that has the member `name`.

    What later answers say otherwise is for the oracle, which compares them with this one.
    """
    return first(evidence, lambda exchange: exchange.went_well and name in exchange.body)


def first(
    evidence: Evidence, tells: Callable[[Exchange], bool]
) -> Iterator[tuple[Exchange, Exchange]]:
    """Each create call, and the first answer about its prediction that `tells` it."""
    for made in evidence.of(*CREATES):
        for exchange in (made, *evidence.of(*LOOKS)):
            same = exchange.prediction_id == made.prediction_id
            if made.prediction_id and same and tells(exchange):
                yield made, exchange
                break
