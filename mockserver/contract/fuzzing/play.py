"""A case played at a provider: each step is done once, and all that was said is judged.

The judges are those of an exam. Besides them the model says what a chosen scenario promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from mockserver.contract import rules
from mockserver.contract.budget import Spent
from mockserver.contract.evidence import Exchange, Intent
from mockserver.contract.exam import Exam
from mockserver.contract.finding import Finding
from mockserver.contract.fuzzing.model import ANY, Account, Known, Span
from mockserver.contract.fuzzing.steps import (
    Advance,
    Cancel,
    Create,
    ListAll,
    Look,
    Mistake,
    Step,
    Steps,
)
from mockserver.contract.judge import verdict
from mockserver.contract.looks import looks
from mockserver.contract.provider import Headers
from mockserver.contract.reading import status_of
from mockserver.core.timeline import Status, Timeline
from mockserver.library.gateways import Gateway
from mockserver.library.models import Model
from mockserver.library.scenarios import Scenario, plan


_LATER: Final = frozenset({402, 429})
"""What a live provider says that takes no more create calls now."""


@dataclass(slots=True)
class Play:
    """One case at one account, from its beginning; `scenarios` are those that can be chosen."""

    exam: Exam
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    broken: list[Finding] = field(default_factory=list)
    """Promises of a scenario that were not kept."""

    @property
    def profile(self) -> Gateway:
        """What the provider is supposed to be."""
        return self.exam.provider.profile

    @property
    def made(self) -> int:
        """How many predictions were made."""
        return len(self.account.made)

    def all(self, steps: Steps) -> list[Finding]:
        """What is found in the case that these steps are. Raises `Spent`."""
        for step in steps:
            self.do(step)
        return self.findings()

    def do(self, step: Step) -> None:
        """Do one step; what there is nothing to do it to is passed over.

        Raises `Spent` before anything is asked that the budget does not allow.
        """
        if isinstance(step, Look | Cancel) and step.of >= self.made:
            return
        self.steps.append(step)
        match step:
            case Create():
                self._create(step)
            case Mistake(input=given, field=at):
                self.exam.budget.allow(self.exam.price(given))
                path, body = self.exam.create_path, {"input": given}
                self.exam.mistake(Intent.INPUT_WRONG, path, body, fault=at)
            case Look(of=of):
                self._told(lambda: self._look(self.account.made[of]))
            case Cancel(of=of):
                self._cancel(of)
            case ListAll():
                self._told(lambda: self.exam.ask(Intent.LIST, "GET", "/predictions"))
            case Advance(ms=ms):
                self.exam.pause(ms / 1000)

    def findings(self) -> list[Finding]:
        """What is wrong with all that was said so far, declared quirks left out."""
        return [*verdict(self.exam.evidence()).findings, *self.broken]

    def _create(self, step: Create) -> None:
        intent = Intent.CREATE_SYNC if step.wait_s else Intent.CREATE
        headers = self._headers(step)
        made, span = self._timed(
            lambda: self.exam.create(intent, given=step.input, headers=headers)
        )
        if made.status in _LATER and self.exam.provider.control is None:
            raise Spent(f"the provider takes no more create calls now: it answers {made.status}")
        if made.prediction_id and made.went_well:
            self.account.created(made.prediction_id, span, self._moments(step))
            self._judge(made, span, waited=bool(step.wait_s))

    def _look(self, one: Known) -> Exchange:
        ended = one.id in self.exam.ended
        return self.exam.look(one.id, Intent.LOOK_AGAIN if ended else Intent.PEEK)

    def _cancel(self, of: int) -> None:
        one = self.account.made[of]
        again = one.id in self.exam.ended
        intent = Intent.CANCEL_AGAIN if again else Intent.CANCEL
        told, span = self._timed(lambda: self.exam.cancel(one.id, intent))
        self.account.cancel(of, span)
        self._judge(told, span)

    def _told(self, ask: Callable[[], Exchange]) -> None:
        self._judge(*self._timed(ask))

    def _timed(self, ask: Callable[[], Exchange]) -> tuple[Exchange, Span]:
        """An exchange, and when its answer was made."""
        asked_ms = self.exam.provider.now_ms()
        told = ask()
        return told, Span(asked_ms, self.exam.provider.now_ms())

    def _judge(self, exchange: Exchange, now: Span, *, waited: bool = False) -> None:
        """Hold the statuses that one answer tells of against what can be now."""
        known = {one.id: one for one in self.account.made}
        for seen in looks(exchange.interaction):
            if seen.id not in known:
                continue
            possible = known[seen.id].possible(now)
            if possible == ANY:
                continue
            told = possible | _as_held(possible) if waited else possible
            expected = sorted({str(status_of(self.profile, one)) for one in told})
            self.broken += [
                rules.PROMISED_END.found(
                    "/status",
                    expected=expected,
                    seen=status,
                    exchange=exchange.raw,
                    prediction_id=seen.id,
                )
                for status in [seen.body["status"]]
                if status not in expected
            ]

    def _moments(self, step: Create) -> Timeline | None:
        scenario = self.scenarios.get(step.scenario)
        return None if scenario is None else _planned(scenario, self.exam.model)

    def _headers(self, step: Create) -> Headers:
        control = self.exam.provider.control
        chosen = control.choosing(step.scenario) if control and step.scenario else {}
        return {**chosen, **({"Prefer": f"wait={step.wait_s}"} if step.wait_s else {})}


Begin = Callable[[Model], Play]
"""Begins a case about a model: at a new account, or at the one there is."""


def _as_held(possible: frozenset[Status]) -> set[Status]:
    """What a call that waited may say instead.

    `starting` where the wait ran out, and `processing`, with its output, for a success.
    Source: twelve recorded sync exchanges of upstream, October 2024.
    """
    return {Status.STARTING} | ({Status.PROCESSING} if Status.SUCCEEDED in possible else set())


@cache
def _planned(scenario: Scenario, model: Model) -> Timeline:
    """How a scenario goes: its statuses do not depend on how many outputs there are."""
    return plan(scenario, model, 1).moments
