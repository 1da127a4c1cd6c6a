"""The contract kit as ordinary tests of somebody else's repository: subclass, and name who.

class TestMyGateway(GatewayContract):
    base_url = "https://gateway.example/replicate/v1"
    gateway = "winfull"
    token = os.environ["MY_GATEWAY_KEY"]
    may_spend = True
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from mockserver.contract.baseline import Applied, Entry, applied, day_of, load
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS, Budget
from mockserver.contract.cases.case import Case
from mockserver.contract.exam import Exam
from mockserver.contract.finding import Finding, told
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.redacted import hidden_in
from mockserver.contract.run import CASES, Result, examined
from mockserver.core.clock import wall_ms
from mockserver.core.mask import mask_of
from mockserver.examine import Target, exam_of
from mockserver.fuzzed import subject_of


class GatewayContract:
    """One test for each case of the exam that `mockserver check` makes, and one that draws.

    `base_url` empty is our own fake of `gateway`. Anywhere else than on this machine predictions
    cost money: nothing is asked there before `may_spend` says so. `other_token` is the key of a
    second account, which may see nothing of the first one's. `examples` is how many cases of
    each sort are drawn, as `mockserver fuzz` does, with what the exam left of the budget.
    `baseline` is a file of findings that are accepted, as `mockserver check --write-baseline`
    writes it.
    """

    base_url: ClassVar[str] = ""
    gateway: ClassVar[str] = "replicate"
    token: ClassVar[str] = "a-token"  # noqa: S105 - it opens our own fake
    other_token: ClassVar[str] = ""
    model: ClassVar[str] = MODEL
    max_predictions: ClassVar[int] = MOST_PREDICTIONS
    deadline_s: ClassVar[float] = 120.0
    webhook_url: ClassVar[str] = ""
    webhook_port: ClassVar[int] = 0
    may_spend: ClassVar[bool] = False
    baseline: ClassVar[str] = ""
    examples: ClassVar[int] = 20

    @pytest.fixture(scope="class")
    @classmethod
    def target(cls) -> Target:
        """Who is examined."""
        target = Target(
            cls.base_url,
            cls.gateway,
            cls.token,
            cls.model,
            cls.deadline_s,
            other_token=cls.other_token,
        )
        if not (target.is_ours or cls.may_spend):
            pytest.skip(f"{cls.base_url} costs money: say may_spend = True")
        return target

    @pytest.fixture(scope="class")
    @classmethod
    def budget(cls) -> Budget:
        """What all tests of a class may spend together."""
        return Budget(cls.max_predictions)

    @pytest.fixture(scope="class")
    @classmethod
    def exam(cls, target: Target, budget: Budget) -> Iterator[Exam]:
        """The exam of this gateway."""
        with exam_of(target, budget, cls.webhook_url, cls.webhook_port) as exam:
            yield exam

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_the_gateway_keeps_its_contract(self, exam: Exam, case: Case) -> None:
        """Whatever any probe finds in what this case brought to light fails it."""
        (result,) = examined(exam, [case])
        if result.outcome in (Outcome.SKIPPED, Outcome.UNSUPPORTED):
            pytest.skip(result.reason)
        lines = list(self._told(result))
        if lines:
            pytest.fail("\n".join((case.title, *lines)), pytrace=False)

    def test_the_gateway_keeps_it_whatever_is_drawn(self, target: Target, budget: Budget) -> None:
        """Inputs, mistakes, and any order of calls; a failure is told as code that repeats it."""
        from mockserver.contract.fuzzing.profiles import searching
        from mockserver.contract.fuzzing.search import Search
        from mockserver.contract.fuzzing.told import report

        spend = budget if target.url else Budget(None)
        with subject_of(replace(target, draws=False), spend) as subject:
            search = Search(subject.begin, searching("ci", self.examples))
            search.all(subject.scope)
            failures = subject.shown(search.failures())
        entries = self._accepted()
        found = [one for one in failures if _counting(entries, one.findings).findings]
        if found:
            lines = [line for seen in found for line in report(seen, subject.who)]
            pytest.fail("\n".join(lines), pytrace=False)
        if not search.asked:
            pytest.skip(search.over)

    @classmethod
    def _accepted(cls) -> tuple[Entry, ...]:
        return load(Path(cls.baseline)) if cls.baseline else ()

    @classmethod
    def _told(cls, result: Result) -> Iterator[str]:
        """What was found and is not accepted, without any secret; nothing if that is nothing."""
        seen = _counting(cls._accepted(), result.findings)
        said = [one.raw for one in result.evidence.exchanges]
        mask = mask_of(said, (cls.token, cls.other_token, result.evidence.hook_secret))
        codes = {one.code for one in seen.findings}
        yield from (f"{one} expired on {one.expires}" for one in seen.expired if one.code in codes)
        yield from told([hidden_in(one, mask) for one in seen.findings]) if codes else ()


def _counting(entries: Sequence[Entry], findings: Sequence[Finding]) -> Applied:
    """What of the findings counts today, and what is accepted."""
    return applied(entries, findings, day_of(wall_ms()))
