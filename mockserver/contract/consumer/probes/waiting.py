"""Refusals that pass: whether the client waits as it is asked, and no longer than is sane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Conduct, How
from mockserver.contract.consumer.probes.probe import BACK_TO_BACK_MS, SLACK_MS, Probe, found
from mockserver.contract.consumer.reading import followers
from mockserver.contract.consumer.retry_after import ABSURD_MS, asked_of
from mockserver.contract.finding import Finding


_REFUSALS: Final = frozenset({429, 503})


def asked_again_too_soon(conduct: Conduct) -> Iterator[Finding]:
    """A refused request was sent again before the time that the refusal told."""
    for refused, again in followers(conduct):
        if refused.told.status_code not in _REFUSALS:
            continue
        asked, waited_ms = asked_of(refused.interaction), again.at_ms - refused.at_ms
        if asked is None and waited_ms < BACK_TO_BACK_MS:
            expected = f"a pause of {BACK_TO_BACK_MS} ms or more"
            yield found(rules.PAUSED_ANYWAY, again, expected=expected, seen=f"{waited_ms} ms")
        elif asked and not asked.absurd and waited_ms < asked.ms - SLACK_MS:
            rule = rules.DATE_WAITED if asked.dated else rules.SECONDS_WAITED
            expected = f"{asked.ms} ms or more"
            yield found(rule, again, "retry-after", expected=expected, seen=f"{waited_ms} ms")


def slept_through(conduct: Conduct) -> Iterator[Finding]:
    """An absurd wait was waited for."""
    for place, refused in enumerate(conduct.calls):
        if refused.told.status_code not in _REFUSALS:
            continue
        asked = asked_of(refused.interaction)
        if asked is None or not asked.absurd:
            continue
        last = place + 1 == len(conduct.calls)
        until_ms = conduct.end.at_ms if last else conduct.calls[place + 1].at_ms
        hangs = last and conduct.end.how is How.HUNG
        if hangs or until_ms - refused.at_ms > ABSURD_MS:
            seen = f"asked for {asked.ms // 1000} s, slept {(until_ms - refused.at_ms) // 1000} s"
            yield found(
                rules.NO_ABSURD_WAIT, refused, "retry-after", expected="an error", seen=seen
            )


PROBES: Final[tuple[Probe, ...]] = (asked_again_too_soon, slept_through)
