"""Looks at a prediction: that they are made, how often, and whether their answers are checked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, takewhile
from statistics import median
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Call, Conduct, How
from mockserver.contract.consumer.probes.probe import BACK_TO_BACK_MS, SLACK_MS, Probe, found
from mockserver.contract.consumer.retry_after import asked_of
from mockserver.contract.finding import Finding
from mockserver.core.fault import Operation
from mockserver.library.faults import catalogue


_LOOKS: Final = (Operation.GET, Operation.STREAM, Operation.LIST)
_LEAST_MS: Final = 250
_FEW: Final = 3
_MANY: Final = 8
_GROWN: Final = 1.2
_NOT_FOUND: Final = 404


def gives_up_at_once(conduct: Conduct) -> Iterator[Finding]:
    """A create call was answered that all is under way, and nobody looked."""
    if conduct.end.how is How.HUNG or any(conduct.of(*_LOOKS)):
        return
    for made in conduct.of(Operation.CREATE):
        told = made.told
        if not told.tells_a_prediction or told.ended or told.has_output:
            continue
        if all("K8" in catalogue.kinds()[kind].tests for kind in made.kinds):
            seen = f"{told.status!r}; {conduct.end}, no look"
            yield found(rules.POLLS_AFTER_SYNC, made, "/status", expected="looks", seen=seen)


def takes_another(conduct: Conduct) -> Iterator[Finding]:
    """The last look told of another prediction or model, and was taken for what was asked."""
    if not conduct.succeeded:
        return
    for job in conduct.jobs:
        looks = [look for look in conduct.looks(job.prediction_id) if look.told.tells_a_prediction]
        for last in looks[-1:]:
            if last.told.id != job.prediction_id:
                expected = job.prediction_id
                yield found(rules.ID_CHECKED, last, "/id", expected=expected, seen=last.told.id)
            model = last.told.body.get("model")
            if isinstance(model, str) and "life.wrong_model" in last.kinds:
                yield found(rules.MODEL_CHECKED, last, "/model", expected=job.model, seen=model)


def repeats(conduct: Conduct) -> Iterator[Finding]:
    """A look failed that would have gone well later, and was not repeated, or at once."""
    for job in conduct.jobs:
        looks = conduct.looks(job.prediction_id)
        for before, after in pairwise(looks):
            waited_ms = after.at_ms - before.at_ms
            if _failed_for_a_moment(before) and waited_ms < BACK_TO_BACK_MS:
                expected = f"a pause of {BACK_TO_BACK_MS} ms or more"
                yield found(
                    rules.LOOKS_AGAIN_LATER, after, expected=expected, seen=f"{waited_ms} ms"
                )
                break
        tries = list(takewhile(_failed_for_a_moment, reversed(looks)))
        if len(tries) == 1 and conduct.end.how is How.RAISED:
            seen = f"status {tries[0].told.status_code}, then {conduct.end}"
            yield found(rules.LOOKS_AGAIN, tries[0], expected="another look", seen=seen)


def cadence(conduct: Conduct) -> Iterator[Finding]:
    """Looks came faster than anything changes, or as fast after a while as in the beginning."""
    for job in conduct.jobs:
        looks = conduct.looks(job.prediction_id)
        gaps = [
            (after, after.at_ms - before.at_ms)
            for before, after in pairwise(looks)
            if not before.told.failed
        ]
        short = [(look, gap) for look, gap in gaps if gap < _LEAST_MS - SLACK_MS]
        if len(short) > 1:
            look, gap_ms = min(short, key=lambda one: one[1])
            seen = f"{len(short)} of {len(gaps)} pauses are shorter; the shortest is {gap_ms} ms"
            yield found(rules.POLLS_APART, look, expected=f"{_LEAST_MS} ms or more", seen=seen)
        elif len(gaps) >= _MANY:
            yield from _growth(gaps)


def _growth(gaps: list[tuple[Call, int]]) -> Iterator[Finding]:
    first = median(gap for _, gap in gaps[:_FEW])
    last = median(gap for _, gap in gaps[-_FEW:])
    if last < first * _GROWN:
        seen = f"{first:g} ms in the beginning, {last:g} ms at the end, {len(gaps)} pauses"
        yield found(rules.PAUSES_GROW, gaps[-1][0], expected="longer pauses", seen=seen)


def _failed_for_a_moment(look: Call) -> bool:
    """Whether another look would do: also where the prediction is not known yet."""
    missing = look.told.status_code == _NOT_FOUND and "K16" in look.puts_to_the_test
    # Behind a silence there may be no time left for another one.
    silent = not _SLOW.isdisjoint(look.puts_to_the_test)
    asked = asked_of(look.interaction)
    absurd = asked is not None and asked.absurd
    return look.told.failed and (look.told.passes or missing) and not (silent or absurd)


_SLOW: Final = frozenset({"K6", "K19"})


PROBES: Final[tuple[Probe, ...]] = (gives_up_at_once, takes_another, repeats, cadence)
