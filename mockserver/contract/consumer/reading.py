"""What several probes ask of a conduct."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.contract.consumer.conduct import Call, Conduct, How
from mockserver.core.fault import Operation
from mockserver.core.timeline import Status
from mockserver.library.faults import catalogue


def followers(conduct: Conduct) -> Iterator[tuple[Call, Call]]:
    """Each call, and the next one that asks for the same."""
    earlier: dict[str, Call] = {}
    for call in conduct.calls:
        before = earlier.get(call.target)
        if before is not None:
            yield before, call
        earlier[call.target] = call


def last_told(conduct: Conduct) -> Call | None:
    """The last call whose answer told a prediction, cancels left aside."""
    told = (
        call
        for call in reversed(conduct.calls)
        if call.told.tells_a_prediction and call.operation is not Operation.CANCEL
    )
    return next(told, None)


def is_intolerant(conduct: Conduct) -> bool:
    """Whether the client ended with an error although nothing went wrong.

    All that was odd about the answers, if anything was, is what a tolerant reader passes over.
    Who cancels and ends with an error of its own has a deadline that has passed.
    """
    if conduct.end.how is not How.RAISED or any(call.told.failed for call in conduct.calls):
        return False
    last = last_told(conduct)
    if last is None or last.told.ended_badly or not all(map(_is_tolerable, conduct.struck)):
        return False
    if last.told.ended:
        return last.told.has_output and last is conduct.last
    gave_up = any(conduct.of(Operation.CANCEL)) or not conduct.struck
    return _knows(last) and not (conduct.end.own and gave_up)


def _knows(call: Call) -> bool:
    """Whether it tells a status that the API has."""
    return call.told.status in frozenset(Status)


def _is_tolerable(name: str) -> bool:
    tests = catalogue.kinds()[name].tests
    return "K11" in tests and not {"K5", "K10"} & set(tests)
