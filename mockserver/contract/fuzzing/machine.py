"""Any order of steps at one account, as a state machine of Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

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
from mockserver.core.prefer import LONGEST_WAIT_S
from mockserver.library.models import Model


@dataclass(frozen=True, slots=True)
class Scope:
    """What is drawn from: models, and scenarios where they can be chosen.

    One case makes at most `most_made` predictions. Where time is real, at most `longest_ms` of it
    pass at once.
    """

    models: Sequence[Model]
    scenarios: Sequence[str] = ()
    most_made: int = 5
    longest_ms: int | None = None

    def creates(self, model: Model, *, waits: bool) -> st.SearchStrategy[Create]:
        """Create calls with a valid input each."""
        longest_s = LONGEST_WAIT_S if self.longest_ms is None else 1
        waits_s = st.integers(1, longest_s) if waits else st.just(0)
        scenarios = st.sampled_from(tuple(self.scenarios) or ("",))
        return st.builds(Create, inputs(model), waits_s, scenarios)

    def advances(self) -> st.SearchStrategy[int]:
        """How many milliseconds pass."""
        longest_ms = self.longest_ms
        return advances_ms() if longest_ms is None else st.integers(0, longest_ms)


@dataclass(frozen=True, slots=True)
class Rig:
    """What a machine works on: a case is begun, its steps are done, in the end it is judged."""

    scope: Scope
    begin: Begin
    do: Callable[[Play, Step], None]
    end: Callable[[Play], None]
    creates: Mapping[tuple[str, bool], st.SearchStrategy[Create]] = field(init=False)
    """Create calls by the model, and whether they wait: making a strategy takes its time."""
    advances: st.SearchStrategy[int] = field(init=False)

    def __post_init__(self) -> None:
        creates = {
            (model.full_name, waits): self.scope.creates(model, waits=waits)
            for model in self.scope.models
            for waits in (False, True)
        }
        object.__setattr__(self, "creates", creates)
        object.__setattr__(self, "advances", self.scope.advances())


class Lives(RuleBasedStateMachine):
    """One case, step by step; a subclass names the rig."""

    rig: ClassVar[Rig]
    play: Play
    made: Bundle[int] = Bundle("made")

    def may_create(self) -> bool:
        """Whether one more prediction can be made."""
        return self.play.made < self.rig.scope.most_made

    def may_wait(self) -> bool:
        """Whether it can be made by a call that waits."""
        return self.may_create() and self.play.profile.has("sync")

    def may_cancel(self) -> bool:
        """Whether there is anything that cancels."""
        profile = self.play.profile
        return profile.has("cancel") and profile.serves("POST", "/predictions/ID/cancel")

    def may_list(self) -> bool:
        """Whether there is a list."""
        profile = self.play.profile
        return profile.has("list") and profile.serves("GET", "/predictions")

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """The case begins, about one of the models."""
        self.play = self.rig.begin(data.draw(st.sampled_from(self.rig.scope.models)))

    @precondition(may_create)
    @rule(target=made, data=st.data())
    def create(self, data: st.DataObject) -> int:
        """A prediction is made."""
        return self._create(data, waits=False)

    @precondition(may_wait)
    @rule(target=made, data=st.data())
    def wait(self, data: st.DataObject) -> int:
        """A prediction is made and waited for."""
        return self._create(data, waits=True)

    @rule(of=made)
    def look(self, of: int) -> None:
        """One of them is looked at."""
        self.rig.do(self.play, Look(of))

    @precondition(may_list)
    @rule()
    def list_all(self) -> None:
        """They are listed."""
        self.rig.do(self.play, ListAll())

    @precondition(may_cancel)
    @rule(of=made)
    def cancel(self, of: int) -> None:
        """One of them is canceled."""
        self.rig.do(self.play, Cancel(of))

    @rule(data=st.data())
    def advance(self, data: st.DataObject) -> None:
        """Time passes."""
        self.rig.do(self.play, Advance(data.draw(self.rig.advances)))

    def teardown(self) -> None:
        """The case is over."""
        if hasattr(self, "play"):
            self.rig.end(self.play)

    def _create(self, data: st.DataObject, *, waits: bool) -> int:
        creates = self.rig.creates[self.play.exam.model.full_name, waits]
        self.rig.do(self.play, data.draw(creates))
        return self.play.made - 1


def machine(rig: Rig) -> type[Lives]:
    """A class of machines that work on `rig`."""
    return type("Lives", (Lives,), {"rig": rig})
