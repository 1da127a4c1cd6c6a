"""What a case came to, and what all of them say of each promise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.cases import Case
from mockserver.contract.consumer.conduct import Call, Conduct, How
from mockserver.contract.consumer.judge import findings
from mockserver.contract.consumer.rules import promise_of
from mockserver.contract.finding import Finding, Rule
from mockserver.core.fault import Operation
from mockserver.library.faults.kinds import Needs
from mockserver.library.faults.promises import PROMISES


class Kept(StrEnum):
    """What one case says of one promise."""

    KEPT = "kept"
    BROKEN = "broken"
    UNMET = "not met"
    UNTESTED = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One case, what the client did, and what is wrong with that.

    Without a conduct the case could not be had, for this `reason`.
    """

    case: Case
    conduct: Conduct | None = None
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def tested(self) -> bool:
        """Whether the client asked for anything at all."""
        return self.conduct is not None and bool(self.conduct.calls)

    @property
    def met(self) -> frozenset[str]:
        """The promises that were put to the test: by the life, and by the faults that struck."""
        if self.conduct is None or not self.tested:
            return frozenset()
        struck = (_tested(call) for call in self.conduct.calls)
        met = frozenset(self.case.lives).union(*struck)
        # Who hangs has not given up yet.
        return met - {"K20"} if self.conduct.end.how is How.HUNG else met

    def says(self, promise: str) -> Kept:
        """What it says of a promise."""
        if any(promise_of(one.code) == promise for one in self.findings):
            return Kept.BROKEN
        if promise in self.met:
            return Kept.KEPT
        return Kept.UNMET if promise in self.case.promises else Kept.UNTESTED


def _tested(call: Call) -> Iterator[str]:
    """The promises that its faults put to the test, where it is a call of the kind they mean."""
    for promise in call.puts_to_the_test:
        if call.operation in _WHERE.get(promise, (call.operation,)):
            yield promise


_WHERE: Final[Mapping[str, tuple[Operation, ...]]] = {
    "K1": (Operation.CREATE,),
    "K13": (Operation.OUTPUT, Operation.STREAM),
    "K15": (Operation.OUTPUT,),
    "K16": (Operation.GET, Operation.LIST, Operation.OUTPUT, Operation.STREAM),
}
"""What some promises are about: a fault of connections tests them there and nowhere else."""


def judged(case: Case, conduct: Conduct) -> Result:
    """What the conduct in a case comes to."""
    return Result(case, conduct, tuple(findings(conduct)))


def audited(case: Case, means: frozenset[Needs], met: Callable[[Case], Conduct]) -> Result:
    """What a client that is `met` in `case` comes to; or why that cannot be had by these means."""
    lacks = case.lacks(means)
    return Result(case, reason=lacks) if lacks else judged(case, met(case))


def against(promise: str, results: Iterable[Result]) -> Iterator[tuple[Case, Finding]]:
    """Every finding that a promise was broken, and its case."""
    for result in results:
        for one in result.findings:
            if promise_of(one.code) == promise:
                yield result.case, one


def matrix(results: Sequence[Result]) -> Mapping[str, Mapping[str, Kept]]:
    """What each case says of each promise, by promise and by the case's name."""
    return {
        promise: {result.case.name: result.says(promise) for result in results}
        for promise in TESTED
    }


_RULED: Final = {promise_of(one.code) for one in vars(rules).values() if isinstance(one, Rule)}
TESTED: Final = tuple(promise for promise in PROMISES if promise in _RULED)
"""The promises that an audit can find broken. K14 is about a receiver of webhooks."""


def promise_slug(promise: str) -> str:
    """A promise as the name of a test: `K12-checks-that-the-answer-speaks-of-the-id`."""
    words = PROMISES[promise].replace(",", "").replace(":", "").split()
    return "-".join((promise, *words[:_WORDS]))


_WORDS: Final = 8
