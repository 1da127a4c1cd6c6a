"""Any order of steps at one account, as a state machine of Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, precondition, rule

from mockserver.contract.fuzzing.play import Begin, Play
from mockserver.contract.fuzzing.steps import (
    Advance,
    Cancel,
    Create,
    ListAll,
    Look,
    Step,
)
from mockserver.contract.strategies import advances_ms, inputs
from mockserver.library.models import Model


LONGEST_WAIT_S: Final = 60
"""The longest that a create call may ask to be held. Source: upstream, sync mode."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a machine draws from: models, and scenarios where they can be chosen.

    One case makes at most `most_made` predictions, and lets at most `longest_ms` pass at once,
    None without a bound.
    """

    models: Sequence[Model]
    scenarios: Sequence[str] = ()
    most_made: int = 5
    longest_ms: int | None = None


Do = Callable[[Play, Step], None]
"""Does one step of a case."""


def machine(
    begin: Begin, do: Do, end: Callable[[Play], None], scope: Scope
) -> type[Any]:
    """A class of machines; each plays a case of its own from `begin` to `end`, which judges it."""
    made: Bundle[int] = Bundle("made")
    at_once = {one.full_name: _creates(scope, one, st.just(0)) for one in scope.models}
    waiting = {one.full_name: _creates(scope, one, _WAITS_S) for one in scope.models}

    class Lives(RuleBasedStateMachine):
        play: Play

        @initialize(model=st.sampled_from(scope.models))
        def begin(self, model: Model) -> None:
            self.play = begin(model)

        def may_create(self) -> bool:
            return self.play.made < scope.most_made

        def may_wait(self) -> bool:
            return self.may_create() and self.play.profile.has("sync")

        def may_cancel(self) -> bool:
            profile = self.play.profile
            return profile.has("cancel") and profile.serves("POST", "/predictions/ID/cancel")

        def may_list(self) -> bool:
            profile = self.play.profile
            return profile.has("list") and profile.serves("GET", "/predictions")

        @precondition(may_create)
        @rule(target=made, data=st.data())
        def create(self, data: st.DataObject) -> int:
            do(self.play, data.draw(at_once[self.play.exam.model.full_name]))
            return self.play.made - 1

        @precondition(may_wait)
        @rule(target=made, data=st.data())
        def wait(self, data: st.DataObject) -> int:
            do(self.play, data.draw(waiting[self.play.exam.model.full_name]))
            return self.play.made - 1

        @rule(of=made)
        def look(self, of: int) -> None:
            do(self.play, Look(of))

        @precondition(may_list)
        @rule()
        def list_all(self) -> None:
            do(self.play, ListAll())

        @precondition(may_cancel)
        @rule(of=made)
        def cancel(self, of: int) -> None:
            do(self.play, Cancel(of))

        @rule(ms=_advances(scope))
        def advance(self, ms: int) -> None:
            do(self.play, Advance(ms))

        def teardown(self) -> None:
            if hasattr(self, "play"):
                end(self.play)

    return Lives


_WAITS_S = st.integers(1, LONGEST_WAIT_S)


def _creates(
    scope: Scope, model: Model, waits_s: st.SearchStrategy[int]
) -> st.SearchStrategy[Create]:
    """Create calls with a valid input each."""
    scenarios = st.sampled_from(tuple(scope.scenarios) or ("",))
    return st.builds(Create, inputs(model), waits_s, scenarios)


def _advances(scope: Scope) -> st.SearchStrategy[int]:
    return advances_ms() if scope.longest_ms is None else st.integers(0, scope.longest_ms)
