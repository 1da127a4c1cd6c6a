"""The contract kit as ordinary tests of somebody else's repository: subclass, and name who.

class TestMyGateway(GatewayContract):
    base_url = "https://gateway.example/replicate/v1"
    gateway = "winfull"
    token = os.environ["MY_GATEWAY_KEY"]
    may_spend = True
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from mockserver.contract.budget import MODEL, MOST_PREDICTIONS, Budget
from mockserver.contract.cases.case import Case
from mockserver.contract.exam import Exam
from mockserver.contract.finding import told
from mockserver.contract.run import CASES, Outcome, examined
from mockserver.examine import Target, exam_of
from mockserver.fuzzed import subject_of


class GatewayContract:
    """One test for each case of the exam that `mockserver check` makes, and one that draws.

    `base_url` empty is our own fake of `gateway`. Anywhere else than on this machine predictions
    cost money: nothing is asked there before `may_spend` says so. `other_token` is the key of a
    second account, which may see nothing of the first one's. `examples` is how many cases of
    each sort are drawn, as `mockserver fuzz` does, with what the exam left of the budget.
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
        if result.findings:
            pytest.fail("\n".join((case.title, *told(result.findings))), pytrace=False)

    def test_the_gateway_keeps_it_whatever_is_drawn(self, target: Target, budget: Budget) -> None:
        """Inputs, mistakes, and any order of calls; a failure is told as code that repeats it."""
        from mockserver.contract.fuzzing.profiles import searching
        from mockserver.contract.fuzzing.search import Search
        from mockserver.contract.fuzzing.told import report

        spend = budget if target.url else Budget(None)
        with subject_of(replace(target, draws=False), spend) as subject:
            search = Search(subject.begin, searching("ci", self.examples))
            search.all(subject.scope)
            failures = list(search.failures())
        if failures:
            lines = [line for seen in failures for line in report(seen, subject.who)]
            pytest.fail("\n".join(lines), pytrace=False)
        if not search.asked:
            pytest.skip(search.over)
