"""The test of a receiver of webhooks as ordinary tests of somebody else's repository.

class TestMyReceiver(ReceiverContract):
    app = create_app(secret="whsec_…")
    path = "/hooks/replicate"
    secret = "whsec_…"

    def state(self, prediction_id):
        return jobs.get(prediction_id)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from mockserver.contract.budget import MODEL
from mockserver.contract.hooks.app import App
from mockserver.contract.hooks.cases import Case, load_cases, shipped
from mockserver.contract.hooks.judging import in_full
from mockserver.contract.hooks.letters import seal_of
from mockserver.contract.hooks.permuting import MOST_ORDERS, Wanted, permuted, spelled
from mockserver.contract.hooks.reaching import (
    TIMEOUT_S,
    CalledReceiver,
    HttpReceiver,
    Receiver,
    WsgiReceiver,
)
from mockserver.contract.hooks.run import UNSEEN, Trial
from mockserver.contract.hooks.story import Job
from mockserver.contract.outcome import Outcome
from mockserver.core.clock import wall_ms
from mockserver.library.errors import LibraryError
from mockserver.stories import Teller, telling


if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Prediction = Mapping[str, object]


class ReceiverContract:
    """One test for each case of `mockserver hooks test`, and one for the orders of each scenario.

    The receiver is a `url`, a WSGI `app` that takes webhooks at `path`, or the method `receive`.
    What the app believes can be seen where `state` says it, and what its own calls were answered
    is told where there is a `created` and a `polled`.
    A wrong order is kept in the folder `kept`, below pytest's root, as a file for `files`, which
    are cases of your own.
    """

    url: ClassVar[str] = ""
    app: ClassVar[WSGIApplication | None] = None
    path: ClassVar[str] = "/hook"
    secret: ClassVar[str] = ""
    model: ClassVar[str] = MODEL
    seed: ClassVar[int] = 0
    scenarios: ClassVar[Sequence[str]] = ("happy", "failed", "canceled")
    copies: ClassVar[int] = 1
    lost: ClassVar[int] = 0
    max_orders: ClassVar[int] = MOST_ORDERS
    files: ClassVar[Sequence[str | Path]] = ()
    kept: ClassVar[str] = ".mockserver"
    timeout_s: ClassVar[float] = TIMEOUT_S

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status that your receiver answers; header names are in lower case."""
        raise NotImplementedError

    def created(self, prediction: Prediction) -> None:
        """Let your app know what its create call was answered."""
        raise NotImplementedError

    def polled(self, prediction: Prediction) -> None:
        """Let your app know what its look at the prediction was answered."""
        raise NotImplementedError

    def state(self, prediction_id: str) -> object:
        """What your app believes of the prediction: whatever can be compared, without times."""
        raise NotImplementedError

    def now_ms(self) -> int:
        """The time of your receiver's clock, in Unix time."""
        return wall_ms()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each case, ours and those of `files`, and for each scenario."""
        if "case" in metafunc.fixturenames:
            cases: list[tuple[Case, Job | None]] = [(case, None) for case in shipped()]
            for file in map(load_cases, map(Path, self.files)):
                cases += [(case, file.job) for case in file.cases]
            metafunc.parametrize(("case", "job"), cases, ids=[case.name for case, _ in cases])
        if "scenario" in metafunc.fixturenames:
            metafunc.parametrize("scenario", self.scenarios)

    @pytest.fixture(scope="class")
    @classmethod
    def trial(cls) -> Iterator[Trials]:
        """The receiver under test, asked about any job."""
        with telling() as teller:
            yield Trials(cls(), teller)

    def test_the_receiver_answers_as_it_should(
        self, trial: Trials, case: Case, job: Job | None
    ) -> None:
        """Whatever is found in what this case brought to light fails it."""
        result = trial.about(job or self._job("happy")).result(case)
        if result.outcome is Outcome.SKIPPED:
            pytest.skip(result.reason)
        if result.findings:
            told = "\n".join(map(in_full, result.findings))
            pytest.fail(f"{case.title}\n{told}", pytrace=False)

    def test_the_app_ends_the_same_in_every_order(
        self, trial: Trials, scenario: str, pytestconfig: pytest.Config
    ) -> None:
        """A job is told in every legal order of its create answer, webhooks and looks."""
        job = self._job(scenario)
        about = trial.about(job)
        if about.app.state is None:
            pytest.skip(UNSEEN)
        if not about.control.taken:
            pytest.skip("what is right is not taken: no order can be told")
        seen = permuted(about, Wanted(self.copies, self.lost, self.max_orders, self.seed))
        if seen.case and seen.finding:
            text = spelled(seen.case, job)
            where = self._kept(pytestconfig.rootpath, scenario, text)
            of = f"order {seen.tried} of {seen.total}"
            pytest.fail(f"{of}\n{in_full(seen.finding)}\n{where}{text}", pytrace=False)

    def _job(self, scenario: str) -> Job:
        polls = _POLLS if type(self).polled is not ReceiverContract.polled else 0
        return Job(self.model, scenario, self.seed, polls=polls)

    def _kept(self, root: Path, scenario: str, text: str) -> str:
        """Keep a wrong order; what is said of it."""
        if not self.kept:
            return ""
        path = root / self.kept / f"{type(self).__name__}-{scenario}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return f'again the same: files = ("{path.relative_to(root).as_posix()}",)\n'


_POLLS: Final = 2


class Trials:
    """One receiver under test, about as many jobs as are asked for."""

    def __init__(self, mine: ReceiverContract, teller: Teller) -> None:
        self._mine = mine
        self._teller = teller
        self._made: dict[Job, Trial] = {}

    def about(self, job: Job) -> Trial:
        """The receiver, and this job. Raises `LibraryError` for what there is not."""
        if job not in self._made:
            mine = self._mine
            # Behind an address the app lives on: the next run has to be about other predictions.
            begins_ms = wall_ms() if mine.url else None
            self._made[job] = Trial(
                receiver=_receiver(mine),
                seal=seal_of(mine.secret, mine.seed),
                story=self._teller.story(replace(job, begins_ms=begins_ms)),
                app=_app(mine),
                seed=mine.seed,
                now_ms=mine.now_ms,
            )
        return self._made[job]


def _receiver(mine: ReceiverContract) -> Receiver:
    if mine.url:
        return HttpReceiver(mine.url, mine.timeout_s)
    # Asked of the class: a function that stands there would become a method of the instance.
    app = type(mine).app
    if app:
        return WsgiReceiver(app, mine.path)
    if type(mine).receive is ReceiverContract.receive:
        raise LibraryError(f"{type(mine).__name__} names no receiver: {_WAYS}")
    return CalledReceiver(mine.receive)


_WAYS: Final = "give a url, a WSGI app, or a method receive"


def _app(mine: ReceiverContract) -> App:
    def own(name: str) -> Any:
        overridden = getattr(type(mine), name) is not getattr(ReceiverContract, name)
        return getattr(mine, name) if overridden else None

    return App(own("created"), own("polled"), own("state"))
