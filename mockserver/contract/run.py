"""An exam from its first case to its last: what each case came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mockserver.contract.budget import Spent
from mockserver.contract.cases import both_ends, channels, life, refused
from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import Evidence
from mockserver.contract.exam import Exam
from mockserver.contract.finding import Finding
from mockserver.contract.judge import verdict
from mockserver.contract.outcome import Outcome
from mockserver.library.errors import UnknownName
from mockserver.library.gateways import Gateway, Support


CASES: Final[tuple[Case, ...]] = (*refused.CASES, *life.CASES, *channels.CASES)
BOTH_ENDS: Final[tuple[Case, ...]] = (*CASES, *both_ends.CASES)
"""What is asked where it can be seen what arrives upstream; its failures come last."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to; `reason` says why it was not asked.

    `declared` are findings that the gateway's profile declares, with the quirk's name.
    """

    case: Case
    outcome: Outcome
    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    declared: tuple[tuple[str, Finding], ...] = ()
    reason: str = ""

    @property
    def line(self) -> str:
        """The result in a line."""
        return f"{self.case.name:<10} {self.outcome}{f': {self.reason}' if self.reason else ''}"


def judged(name: str, evidence: Evidence) -> Result:
    """What the evidence of the case called `name` comes to."""
    case = next((one for one in BOTH_ENDS if one.name == name), None)
    if case is None:
        raise UnknownName(f"no case is called {name!r}")
    seen = verdict(evidence)
    outcome = Outcome.FOUND if seen.findings else Outcome.PASSED
    return Result(case, outcome, evidence, seen.findings, seen.declared)


def whole(results: Sequence[Result]) -> Evidence:
    """The evidence of all cases together, which is at least one."""
    exchanges = tuple(one for result in results for one in result.evidence.exchanges)
    return replace(results[-1].evidence, exchanges=exchanges)


def examined(exam: Exam, cases: Iterable[Case] = CASES) -> Iterator[Result]:
    """The result of each case, as soon as it is there. What was not asked costs nothing."""
    for case in cases:
        yield _examined(exam, case)


def skipped(exam: Exam, cases: Iterable[Case], reason: str, first: int) -> Iterator[Result]:
    """The results of cases that are given up; of the first, all was said from `first` on."""
    for case in cases:
        yield Result(case, Outcome.SKIPPED, _since(exam, first), reason=reason)
        first = len(exam.exchanges)


def _examined(exam: Exam, case: Case) -> Result:
    lacks = lacking(exam.provider.profile, case)
    if lacks:
        reason = f"{exam.provider.profile.title} has no {', '.join(lacks)}"
        return Result(case, Outcome.UNSUPPORTED, _nothing(exam), reason=reason)
    if "webhooks" in case.needs and not exam.mail.url:
        reason = "no address at which a webhook could arrive: --webhook-url names one"
        return Result(case, Outcome.SKIPPED, _nothing(exam), reason=reason)
    first = len(exam.exchanges)
    try:
        case.ask(exam)
    except Spent as reason:
        return Result(case, Outcome.SKIPPED, _since(exam, first), reason=str(reason))
    return judged(case.name, _since(exam, first))


def lacking(profile: Gateway, case: Case) -> list[str]:
    """The features that the case needs, and the gateway has not."""
    return [need for need in case.needs if profile.endpoints[need] is Support.UNSUPPORTED]


def _nothing(exam: Exam) -> Evidence:
    return replace(exam.evidence(), exchanges=())


def _since(exam: Exam, first: int) -> Evidence:
    """What was said in this case alone."""
    whole = exam.evidence()
    return replace(whole, exchanges=whole.exchanges[first:])
