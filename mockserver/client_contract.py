"""A client of the API held to its promises, as ordinary tests of somebody else's repository.

class TestMyClient(ClientContract):
    def run(self, api, model, input):
        return MyClient(api.base_url, api.token).make(model, input)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from mockserver.audit.api import Api
from mockserver.contract.budget import MODEL
from mockserver.contract.consumer.cases import DEFAULT, cases
from mockserver.contract.consumer.result import TESTED, Result, against, promise_slug
from mockserver.contract.finding import told
from mockserver.examine import given_to, model_called
from mockserver.library.faults.promises import PROMISES


if TYPE_CHECKING:
    from mockserver.audit.inprocess import Trial


class ClientContract:
    """One test for each promise of a good client, over cases that put it to the test.

    `run` makes one prediction, waits, and returns its outputs (bytes, files or addresses) or
    raises. It runs in no time: what it sleeps moves the fake's clock, and nothing else does.
    With `over_socket` it runs in real time, against servers whose time runs twenty times as fast:
    for clients that do not use httpx. `deadline_s` is how long it may take, in its own time; left
    out, 1,800 seconds, over a socket 10.
    `suites` are the cases: `lives`, suites, families or kinds of faults, and scenario files.
    `errors` are the client's own; left empty, every exception is its own that is not Python's.
    `accepted` are promises that it is known to break, with the reason. `drawn` behaviours of
    servers are tried besides, legal and faulty ones; the smallest at which it fails is saved.
    """

    model: ClassVar[str] = MODEL
    input: ClassVar[Mapping[str, object]] = {}
    gateway: ClassVar[str] = "replicate"
    suites: ClassVar[Sequence[str]] = DEFAULT
    over_socket: ClassVar[bool] = False
    deadline_s: ClassVar[float | None] = None
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
            _DEADLINE_S[cls.over_socket] if cls.deadline_s is None else cls.deadline_s,
            cls.seed,
            cls.errors,
        )

    @pytest.fixture(scope="class")
    @classmethod
    def audit(cls, trial: Trial) -> Sequence[Result]:
        """What every case came to; all of a class' tests look at the same."""
        from mockserver.audit import inprocess, served

        audited = served.audited if cls.over_socket else inprocess.audited
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
        if self.over_socket:
            pytest.skip("servers are drawn for clients in this process alone: they take no time")
        found = failure(trial, sort, self.drawn, self.accepted)
        if found is not None:
            file = (
                pytestconfig.invocation_params.dir / FOUND / f"{type(self).__name__}-{sort}.toml"
            )
            pytest.fail("\n".join(found.saved(file)), pytrace=False)


_DEADLINE_S: Final = {False: 1_800.0, True: 10.0}
FOUND: Final = "mockserver-found"
"""The folder for behaviours at which a client failed."""
