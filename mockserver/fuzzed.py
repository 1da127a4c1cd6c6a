"""Who is fuzzed: our own fake, with its time in hand, or whoever is behind an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.budget import price
from mockserver.contract.evidence import Intent
from mockserver.contract.fuzzing.play import Play
from mockserver.contract.fuzzing.told import Who
from mockserver.examine import OWN_ORIGIN, Hand, Target, exam_of, given_to, model_called
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from mockserver.contract.budget import Budget
    from mockserver.contract.exam import Exam
    from mockserver.contract.finding import Finding
    from mockserver.contract.fuzzing.failure import Failure
    from mockserver.contract.fuzzing.machine import Scope
    from mockserver.contract.fuzzing.steps import Steps
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.models import Model
    from mockserver.library.scenarios import Scenario

_STRANGERS: Final = frozenset({401, 403})


_MOST_MADE: Final = 2
"""How many predictions one case makes where they may cost money: enough for two of a kind."""
_LONGEST_MS: Final = 250
"""How long is waited between two steps where time is real."""


@dataclass(slots=True)
class Subject:
    """Somebody at whom cases are played; `exam` is never asked itself, only copies of it."""

    exam: Exam
    models: Sequence[Model]
    scenarios: dict[str, Scenario]
    who: Who
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def is_in_hand(self) -> bool:
        """Whether its time and its scenarios are in our hands: it is our own fake."""
        return isinstance(self.exam.provider.control, Hand)

    @property
    def scope(self) -> Scope:
        """What can be drawn for it."""
        from mockserver.contract.fuzzing.machine import Scope

        if self.is_in_hand:
            return Scope(self.models, tuple(self.scenarios))
        return Scope(self.models, most_made=_MOST_MADE, longest_ms=_LONGEST_MS)

    @property
    def dearest_usd(self) -> Decimal:
        """What the dearest prediction costs that can be drawn."""
        return max(_dearest_usd(one) for one in self.models)

    def keep_back(self) -> None:
        """Keep a part of the budget, so that what is found can be asked once more."""
        most = self.exam.budget.max_predictions
        if most is not None:
            self.exam.budget.kept = min(self.scope.most_made, most // 2)

    def begin(self, model: Model) -> Play:
        """A new case: at an account of its own where there is one for the asking.

        Elsewhere all cases share one account, and what it shows before is asked first.
        """
        exam = replace(self.exam, model=model, input=given_to(model), exchanges=[])
        hand = exam.provider.control
        if isinstance(hand, Hand):
            own = replace(hand, token=f"{exam.provider.token}-{next(self._numbers)}")
            exam.provider = replace(
                exam.provider, token=own.token, control=own, now_ms=own.now_ms, exchanges=[]
            )
            exam.pause = own.advance
        elif exam.provider.profile.has("list"):
            exam.ask(Intent.LIST_BEFORE, "GET", "/predictions")
        return Play(exam, self.scenarios)

    def shown(self, failures: Iterable[Failure]) -> tuple[Failure, ...]:
        """The failures without the keys that they were found with."""
        from mockserver.contract.fuzzing.failure import without_secrets

        keys = (self.exam.provider.token, self.exam.other_token)
        return tuple(without_secrets(one, filter(None, keys)) for one in failures)

    def leave(self) -> None:
        """Cancel what was made for money and never seen to end."""
        if not self.is_in_hand and self.exam.provider.profile.has("cancel"):
            self.exam.abandon()


@contextmanager
def subject_of(target: Target, budget: Budget, models: Sequence[str] = ()) -> Iterator[Subject]:
    """Whoever the target is, asked about `models`: no name is all, of our own fake.

    What it was made to make is canceled at the end. Raises `LibraryError` for what there is not,
    where nobody answers, and where the key is not taken.
    """
    from mockserver.library.catalogue import Catalogue

    catalogue = Catalogue()
    with exam_of(target, budget) as exam:
        scenarios = {} if target.url else {one.name: one for one in catalogue.scenarios()}
        who = Who(exam.provider.profile, target.url, target.fault, OWN_ORIGIN)
        subject = Subject(exam, _models(catalogue, target, models), scenarios, who)
        if target.url:
            _greet(exam)
        try:
            yield subject
        finally:
            subject.leave()


def played(
    gateway: str,
    model: str,
    steps: Steps,
    *,
    url: str = "",
    token: str = "a-token",  # noqa: S107 - it opens our own fake
    fault: str = "",
) -> list[Finding]:
    """What is found by these steps: a case that fuzzing found, once more.

    At the base URL `url`, where they cost what they cost; without one, at our own fake.
    """
    from mockserver.contract.budget import Budget

    target = Target(url, gateway, token, model, 0.0, fault, draws=False)
    with subject_of(target, Budget(None), [model]) as subject:
        return subject.begin(subject.exam.model).all(steps)


def _dearest_usd(model: Model) -> Decimal:
    # A JSON Schema is a tree of whatever JSON can hold.
    properties: Any = model.input_schema.get("properties", {})
    return price(model, {"num_outputs": properties.get("num_outputs", {}).get("maximum", 1)})


def _models(catalogue: Catalogue, target: Target, names: Sequence[str]) -> list[Model]:
    """The models of these names; by default the target's, or all that have one name for all."""
    if not names and target.url:
        names = [target.model]
    if names:
        return [model_called(catalogue, name) for name in names]
    # The others cannot be created by their name alone.
    return [one for one in catalogue.models() if one.official]


def _greet(exam: Exam) -> None:
    """Raises `LibraryError` where nobody answers, or nobody knows the key."""
    told = exam.ask(Intent.UNKNOWN_ID, "GET", "/predictions/none")
    if told.error:
        raise LibraryError(f"no answer from {exam.base_url}: {told.error}")
    if told.status in _STRANGERS:
        raise LibraryError(f"the key is not taken ({told.status}): give another --token")
