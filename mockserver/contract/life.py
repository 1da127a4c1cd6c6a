"""A life to lead a prediction through, and how it must end: what fuzzing compares with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from mockserver.core.readers import ending
from mockserver.core.timeline import Status
from mockserver.library.models import Model
from mockserver.library.scenarios import Scenario, plan


class Ask(Enum):
    """What can be asked of a provider while a prediction lives."""

    LOOK = "GET /predictions/{id}"
    LIST = "GET /predictions"
    CANCEL = "POST /predictions/{id}/cancel"


Act = Ask | int
"""A question, or so many milliseconds that pass."""


@dataclass(frozen=True, slots=True)
class Life:
    """A prediction of `model` that is planned as `scenario` says, and what is done to it."""

    model: Model = field(repr=False)
    input: Mapping[str, object] = field(hash=False)
    scenario: Scenario
    acts: tuple[Act, ...]

    def promised(self) -> Status:
        """The status once all time has passed."""
        end = ending(plan(self.scenario, self.model, 1).moments)
        if any(end is None or asked_ms < end.after_ms for asked_ms in self._cancels_ms()):
            return Status.CANCELED
        return self.scenario.steps[-1].status

    def _cancels_ms(self) -> Iterator[int]:
        """When it is asked to cancel, in milliseconds after creation."""
        now_ms = 0
        for act in self.acts:
            if isinstance(act, int):
                now_ms += act
            elif act is Ask.CANCEL:
                yield now_ms
