"""Whether the client's wait ends: at every end, and at last in any case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Call, Conduct, How
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.consumer.retry_after import asked_of
from mockserver.contract.finding import Finding, Rule
from mockserver.core.timeline import Status


_ONE_MORE: Final = 1
"""So many looks at what has ended do no harm: some clients read the whole once more."""


def polls_on(conduct: Conduct) -> Iterator[Finding]:
    """The client was told an end, and went on looking."""
    for job in conduct.jobs:
        looks = conduct.looks(job.prediction_id)
        told = [call for call in conduct.told_about(job.prediction_id) if call.told.ended]
        after = [call for call in looks if told and call.at_ms > told[0].at_ms]
        if len(after) > _ONE_MORE:
            status = told[0].told.status
            seen = f"{len(after)} looks after {status!r} was told"
            yield found(rules.LOOKS_END, after[-1], "/status", expected="no more", seen=seen)


def hangs(conduct: Conduct) -> Iterator[Finding]:
    """The client had not ended when its time was up: by what it met last, one promise."""
    if conduct.end.how is not How.HUNG:
        return
    if not conduct.calls:
        yield rules.DEADLINE.found("", expected=_within(conduct), seen=str(conduct.end))
        return
    last = conduct.calls[-1]
    rule = _broken(last)
    if rule is not None:
        yield found(rule, last, expected=_within(conduct), seen=str(conduct.end))


def _broken(last: Call) -> Rule | None:
    """The rule that a client breaks which hangs behind this call."""
    asked = asked_of(last.interaction)
    if asked and asked.absurd:
        return None  # That is for the probe of absurd waits.
    if last.told.ended:
        return rules.ENDS_AT_EVERY_END
    if "K19" in last.puts_to_the_test and "K6" not in last.puts_to_the_test:
        return rules.DRIP_BOUNDED
    unknown = last.told.tells_a_prediction and last.told.status not in frozenset(Status)
    return rules.UNKNOWN_STATUS_BOUNDED if unknown else rules.DEADLINE


def _within(conduct: Conduct) -> str:
    return f"an end within {conduct.deadline_ms / 1000:g} s"


PROBES: Final[tuple[Probe, ...]] = (polls_on, hangs)
