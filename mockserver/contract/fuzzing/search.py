"""Looks for cases that break a rule, shrinks them, and asks each of them once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from mockserver.contract.budget import Spent
from mockserver.contract.fuzzing.failure import Failure, confirmed, failure
from mockserver.contract.fuzzing.machine import Rig, Scope, machine
from mockserver.contract.fuzzing.play import Begin, Play
from mockserver.contract.fuzzing.steps import Create, Look, Mistake, Step, Steps
from mockserver.contract.strategies import Input, Mutation, inputs, invalid_inputs
from mockserver.library.models import Model


class Found(AssertionError):
    """A case that breaks a rule; each rule has a class of its own, so that each is shrunk."""


class _Over(BaseException):
    """The budget is spent: nothing catches this on its way out of Hypothesis."""


@dataclass(slots=True)
class Search:
    """A search at one provider, `by` settings of Hypothesis and from a seed.

    `heard` is told after every case, and reads how far it is.
    """

    begin: Begin
    by: settings
    seed: int = 0
    heard: Callable[[Search], object] = lambda _: None
    hunt: str = ""
    """What is being looked for."""
    cases: int = 0
    asked: int = 0
    over: str = ""
    """Why nothing more was asked, if the budget is spent."""
    unrepeated: list[Failure] = field(default_factory=list)
    """What was found once and not again: no alarm."""
    _best: dict[str, Failure] = field(default_factory=dict)
    _known: frozenset[str] = frozenset()
    """What was found by an earlier hunt: it is not shrunk again."""

    @property
    def found(self) -> int:
        """How many rules were seen broken so far."""
        return len(self._best)

    def all(self, scope: Scope) -> None:
        """Everything, what costs nothing first."""
        self.mistakes(scope)
        self.lives(scope)
        self.valid(scope)

    def mistakes(self, scope: Scope) -> None:
        """Inputs with one thing wrong, several in a case: refused, at that place."""
        self._each("mistakes", st.one_of(*map(_mistakes, scope.models)))

    def valid(self, scope: Scope) -> None:
        """Inputs that the models allow, several in a case: accepted, and echoed to a look."""
        most = scope.most_made
        self._each("valid", st.one_of(*(_valid(model, most) for model in scope.models)))

    def lives(self, scope: Scope) -> None:
        """Any order of steps."""
        made = seed(self.seed)(machine(Rig(scope, self._begun, self._do, self._judged)))
        self._hunt("lives", partial(run_state_machine_as_test, made, settings=self.by))

    @property
    def seen(self) -> tuple[Failure, ...]:
        """The shortest case of each rule that was seen broken, the shortest first."""
        return tuple(sorted(self._best.values(), key=lambda one: one.size))

    def failures(self) -> Iterator[Failure]:
        """What was seen broken and shows once more, the shortest case first."""
        for one in self.seen:
            again = confirmed(one, self._last)
            if again:
                yield again
            else:
                self.unrepeated.append(one)

    def _last(self, model: Model) -> Play:
        """A case outside of the search, for which a part of the budget was kept."""
        play = self.begin(model)
        play.exam.budget.kept = 0
        return play

    def _each(self, name: str, cases: st.SearchStrategy[tuple[Model, Steps]]) -> None:
        def played(case: tuple[Model, Steps]) -> None:
            model, steps = case
            play = self._begun(model)
            for step in steps:
                self._do(play, step)
            self._judged(play)

        test = self.by(given(cases)(played))
        self._hunt(name, seed(self.seed)(test))

    def _hunt(self, name: str, test: Callable[[], object]) -> None:
        """Run a test of Hypothesis; what it found was noted on the way."""
        self.hunt = name
        if self.over:
            return
        self._known = frozenset(self._best)
        try:
            test()
        except _Over:
            return
        except (Found, HypothesisException, ExceptionGroup):
            if not self._best:
                raise

    def _begun(self, model: Model) -> Play:
        self.cases += 1
        self.heard(self)
        return self.begin(model)

    def _do(self, play: Play, step: Step) -> None:
        try:
            play.do(step)
        except Spent as reason:
            self.over = str(reason)
            raise _Over from None

    def _judged(self, play: Play) -> None:
        """Judge a case that is over. Raises `Found`."""
        self.asked += len(play.exam.exchanges)
        found = play.findings()
        if found:
            seen = failure(play, found)
            best = self._best.get(seen.code)
            if best is None or seen.size < best.size:
                self._best[seen.code] = seen
            if not self.over and seen.code not in self._known:
                raise _class_of(seen.code)(str(found[0]))


@cache
def _class_of(code: str) -> type[Found]:
    """Hypothesis tells failures apart by the classes of what is raised."""
    return type(f"Found{code}", (Found,), {})


_MISTAKES: Final = 8
"""How many mistakes one case makes at the most: beginning a case costs more than a request."""


def _valid(model: Model, most: int) -> st.SearchStrategy[tuple[Model, Steps]]:
    def steps(given: list[Input]) -> tuple[Model, Steps]:
        return model, (*map(Create, given), *map(Look, range(len(given))))

    return st.lists(inputs(model), min_size=1, max_size=most).map(steps)


def _mistakes(model: Model) -> st.SearchStrategy[tuple[Model, Steps]]:
    def steps(wrong: list[Mutation]) -> tuple[Model, Steps]:
        return model, tuple(Mistake(one.input, one.field) for one in wrong)

    return st.lists(invalid_inputs(model), min_size=1, max_size=_MISTAKES).map(steps)
