"""What was sent to a receiver, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.contract.hooks.cases import Send
from mockserver.contract.hooks.reaching import Answer
from mockserver.contract.hooks.story import Part
from mockserver.core.letter import Letter
from mockserver.core.webhook import RETRIED


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, sealed with `secret` for the second `at_s`.

    What the app was told otherwise has no letter and no answer.
    """

    send: Send
    part: Part
    letter: Letter | None = None
    answer: Answer | None = None
    secret: str = ""
    at_s: int = 0

    @property
    def taken(self) -> bool:
        """Whether it was answered with 2xx."""
        return self.answer is not None and self.answer.taken

    @property
    def is_tried_again(self) -> bool:
        """Whether upstream would send it once more."""
        whole = self.letter is not None and self.send.fault is None
        return whole and not self.taken and self.send.event in RETRIED
