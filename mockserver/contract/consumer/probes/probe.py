"""What a probe of a client is, and how it tells what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockserver.contract.consumer.conduct import Call, Conduct
from mockserver.contract.finding import Finding, Rule


Probe = Callable[[Conduct], Iterator[Finding]]

SLACK_MS = 20
"""How much is lost where times are rounded."""
BACK_TO_BACK_MS = 100
"""What follows sooner follows without a pause."""


def found(
    rule: Rule, call: Call, at: str = "", *, expected: object, seen: object, about: str = ""
) -> Finding:
    """The finding that `rule` does not hold in this call, about the prediction `about`."""
    return rule.found(
        at,
        expected=expected,
        seen=seen,
        exchange=call.interaction,
        prediction_id=about or call.prediction_id or call.told.id,
    )
