"""What fuzzing found: the shortest case that shows it, and whether it did so once more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mockserver.contract.budget import Spent
from mockserver.contract.evidence import Exchange
from mockserver.contract.finding import Finding
from mockserver.contract.fuzzing.play import Begin, Play
from mockserver.contract.fuzzing.steps import Steps, borne_out
from mockserver.contract.report.redacted import hidden_in
from mockserver.core.mask import mask_of
from mockserver.library.models import Model


@dataclass(frozen=True, slots=True)
class Failure:
    """A case about `model` that breaks a rule, what was found, and all that was said.

    `confirmed` is whether it was found again; None where nobody could ask once more.
    """

    model: Model
    steps: Steps
    findings: tuple[Finding, ...]
    exchanges: tuple[Exchange, ...] = field(repr=False)
    confirmed: bool | None = None

    @property
    def code(self) -> str:
        """The code of the rule that is broken; the first of several."""
        return self.findings[0].code

    @property
    def size(self) -> tuple[int, int]:
        """How much there is to read: steps first, then what stands in them."""
        return len(self.steps), len(repr(self.steps))


def failure(play: Play, found: Sequence[Finding], *, confirmed: bool | None = None) -> Failure:
    """What a case just came to."""
    exam = play.exam
    return Failure(exam.model, tuple(play.steps), tuple(found), tuple(exam.exchanges), confirmed)


def without_secrets(seen: Failure, secrets: Iterable[str]) -> Failure:
    """The failure as anybody may see it: an answer may repeat the key that it was asked with."""
    mask = mask_of((one.raw for one in seen.exchanges), secrets)
    return replace(seen, findings=tuple(hidden_in(one, mask) for one in seen.findings))


def confirmed(seen: Failure, begin: Begin) -> Failure | None:
    """The failure as it shows once more; None for a false alarm.

    Its inputs are held against the schema of the model once more, and its steps are done again.
    What the budget does not allow to be asked again is told as it was, unconfirmed.
    """
    if not borne_out(seen.model, seen.steps):
        return None
    play = begin(seen.model)
    try:
        found = play.all(seen.steps)
    except Spent:
        return seen
    same = [one for one in found if one.code == seen.code]
    others = [one for one in found if one.code != seen.code]
    return failure(play, [*same, *others], confirmed=True) if same else None
