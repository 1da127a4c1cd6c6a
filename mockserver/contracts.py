"""The contract kit as ordinary tests of somebody else's repository: subclass, and name who.

class TestMyGateway(GatewayContract):
    base_url = "https://gateway.example/replicate/v1"
    gateway = "winfull"
    token = os.environ["MY_GATEWAY_KEY"]
    may_spend = True
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from mockserver.contract.baseline import applied, day_of, load
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS, Budget
from mockserver.contract.cases.case import Case
from mockserver.contract.exam import Exam
from mockserver.contract.finding import told
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.redacted import hidden_in
from mockserver.contract.run import CASES, Result, examined
from mockserver.core.clock import wall_ms
from mockserver.core.mask import mask_of
from mockserver.examine import Target, exam_of


class GatewayContract:
    """One test for each case of the exam that `mockserver check` makes.

    `base_url` empty is our own fake of `gateway`. Anywhere else than on this machine predictions
    cost money: nothing is asked there before `may_spend` says so. `other_token` is the key of a
    second account, which may see nothing of the first one's. `baseline` is a file of findings that
    are accepted, as `mockserver check --write-baseline` writes it.
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

    @pytest.fixture(scope="class")
    @classmethod
    def exam(cls) -> Iterator[Exam]:
        """The exam of this gateway; all of a class' tests share its budget."""
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
        budget = Budget(cls.max_predictions)
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

    @classmethod
    def _told(cls, result: Result) -> Iterator[str]:
        """What was found and is not accepted, without any secret; nothing if that is nothing."""
        entries = load(Path(cls.baseline)) if cls.baseline else ()
        seen = applied(entries, result.findings, day_of(wall_ms()))
        said = [one.raw for one in result.evidence.exchanges]
        mask = mask_of(said, (cls.token, cls.other_token, result.evidence.hook_secret))
        codes = {one.code for one in seen.findings}
        yield from (f"{one} expired on {one.expires}" for one in seen.expired if one.code in codes)
        yield from told([hidden_in(one, mask) for one in seen.findings]) if codes else ()
