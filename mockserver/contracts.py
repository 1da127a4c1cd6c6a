"""The contract kit as ordinary tests of somebody else's repository: subclass, and name who.

class TestMyGateway(GatewayContract):
    base_url = "https://gateway.example/replicate/v1"
    gateway = "winfull"
    token = os.environ["MY_GATEWAY_KEY"]
    may_spend = True

class TestMyClient(ClientContract):
    def run(self, api, model, input):
        return MyClient(api.base_url, api.token).make(model, input)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from mockserver.audit.api import Api
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS, Budget
from mockserver.contract.cases.case import Case
from mockserver.contract.consumer.cases import DEFAULT, cases
from mockserver.contract.consumer.result import TESTED, Result, against, promise_slug
from mockserver.contract.exam import Exam
from mockserver.contract.finding import told
from mockserver.contract.outcome import Outcome
from mockserver.contract.run import CASES, examined
from mockserver.examine import Target, exam_of, given_to, model_called
from mockserver.library.faults.promises import PROMISES


if TYPE_CHECKING:
    from mockserver.audit.inprocess import Trial


class GatewayContract:
    """One test for each case of the exam that `mockserver check` makes.

    `base_url` empty is our own fake of `gateway`. Anywhere else than on this machine predictions
    cost money: nothing is asked there before `may_spend` says so. `other_token` is the key of a
    second account, which may see nothing of the first one's.
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
        if result.findings:
            pytest.fail("\n".join((case.title, *told(result.findings))), pytrace=False)


class ClientContract:
    """One test for each promise of a good client, over cases that put it to the test.

    `run` makes one prediction, waits, and returns its outputs (bytes, files or addresses) or
    raises. It runs in no time: what it sleeps moves the fake's clock, and nothing else does.
    `suites` are the cases: `lives`, suites, families or kinds of faults, and scenario files.
    `errors` are the client's own; left empty, every exception is its own that is not Python's.
    `accepted` are promises that it is known to break, with the reason. `drawn` behaviours of
    servers are tried besides, legal and faulty ones; the smallest at which it fails is saved.
    """

    model: ClassVar[str] = MODEL
    input: ClassVar[Mapping[str, object]] = {}
    gateway: ClassVar[str] = "replicate"
    suites: ClassVar[Sequence[str]] = DEFAULT
    deadline_s: ClassVar[float] = 1_800.0
    seed: ClassVar[int] = 0
    errors: ClassVar[tuple[type[BaseException], ...]] = ()
    accepted: ClassVar[Mapping[str, str]] = {}
    drawn: ClassVar[int] = 50

    def run(self, api: Api, model: str, input: Mapping[str, object]) -> Any:  # noqa: A002 - its name on the wire
        """Make one prediction at `api`; a coroutine function will do as well."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def trial(cls) -> Trial:
        """The client, and what it is tried with."""
        from mockserver.audit.inprocess import Trial
        from mockserver.library.catalogue import Catalogue

        if cls.run is ClientContract.run:
            pytest.fail(f"{cls.__name__} has to say how its client is run: def run(self, …)")
        catalogue = Catalogue()
        model = model_called(catalogue, cls.model)
        return Trial(
            cls().run,
            model,
            cls.input or given_to(model),
            catalogue,
            cls.gateway,
            cls.deadline_s,
            cls.seed,
            cls.errors,
        )

    @pytest.fixture(scope="class")
    @classmethod
    def audit(cls, trial: Trial) -> Sequence[Result]:
        """What every case came to; all of a class' tests look at the same."""
        from mockserver.audit.inprocess import audited

        return [audited(trial, case) for case in cases(cls.suites)]

    @pytest.mark.parametrize("promise", TESTED, ids=promise_slug)
    def test_the_client_keeps_its_promise(self, audit: Sequence[Result], promise: str) -> None:
        """Whatever any case brought to light against this promise fails it."""
        found = list(against(promise, audit))
        if found and promise in self.accepted:
            pytest.xfail(self.accepted[promise])
        if found:
            names = ", ".join(dict.fromkeys(case.name for case, _ in found))
            first = list({one.code: one for _, one in found}.values())
            told_of = f"{promise}: a good client {PROMISES[promise]}; broken in {names}"
            pytest.fail("\n".join((told_of, *told(first))), pytrace=False)
        if not any(promise in result.met for result in audit):
            pytest.skip(f"no case put {promise} to the test: {PROMISES[promise]}")

    @pytest.mark.parametrize("sort", ["legal", "faulty"])
    def test_the_client_survives_drawn_servers(
        self, trial: Trial, sort: str, pytestconfig: pytest.Config
    ) -> None:
        """Whatever a server does, the client ends in time, with one job, and tells the truth."""
        from mockserver.audit.drawing import failure

        if not self.drawn:
            pytest.skip("no servers are drawn: drawn = 0")
        found = failure(trial, sort, self.drawn, self.accepted)
        if found is not None:
            file = (
                pytestconfig.invocation_params.dir / FOUND / f"{type(self).__name__}-{sort}.toml"
            )
            pytest.fail("\n".join(found.saved(file)), pytrace=False)


FOUND: Final = "mockserver-found"
"""The folder for behaviours at which a client failed."""
