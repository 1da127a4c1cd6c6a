"""What `check` and `diff` have in common: cases by name, a budget, consent, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from mockserver.cli.output import Failure, say


if TYPE_CHECKING:
    from mockserver.contract.budget import Budget
    from mockserver.contract.cases.case import Case
    from mockserver.contract.exam import Exam
    from mockserver.contract.run import Result


class Named(Protocol):
    """A case of any sort."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...


One = TypeVar("One", bound=Named)


def chosen(names: Sequence[str], cases: Iterable[One]) -> list[One]:
    """The cases of these names; no name is all of them. Raises `Failure` for an unknown one."""
    from mockserver.library.errors import unknown_name

    known = {case.name: case for case in cases}
    for name in names:
        if name not in known:
            raise Failure(str(unknown_name("case", name, known)))
    return [case for name, case in known.items() if not names or name in names]


def budget(max_predictions: int | None, max_cost: float | None) -> Budget:
    """What may be spent: so many predictions and dollars, where a bound is given."""
    from mockserver.contract.budget import Budget

    return Budget(max_predictions, None if max_cost is None else Decimal(str(max_cost)))


def needed(cases: Iterable[Case]) -> int:
    """How many predictions these cases make at the most."""
    return sum(case.predictions for case in cases)


def agreed(exam: Exam, most: int, made: str = "predictions", usd: Decimal | None = None) -> None:
    """Ask the person before money is spent on what is `made`. Raises `Failure` for a no.

    Each costs `usd`, or what the exam's own input costs.
    """
    bound = exam.budget.max_predictions
    count = most if bound is None else min(most, bound)
    price = count * (exam.usd if usd is None else usd)
    told = f"This makes up to {count} {made} at {exam.base_url}, about {price} USD."
    if not click.confirm(f"{told} Go on?", err=True):
        raise Failure("nothing was asked, and nothing spent")


@dataclass(frozen=True, slots=True)
class Heard:
    """What each case of an exam came to; `interrupted` by Ctrl-C, the rest of them is skipped."""

    results: Sequence[Result]
    interrupted: bool = False


def asked(
    exam: Exam, cases: Sequence[Case], tell: Callable[[Result], object] = lambda _: None
) -> Heard:
    """The result of each case, which `tell` hears as it comes; Ctrl-C cancels what was made."""
    from mockserver.contract.run import examined, skipped

    results: list[Result] = []
    try:
        for result in examined(exam, cases):
            results.append(result)
            tell(result)
    except KeyboardInterrupt:
        say("interrupted; what was made is canceled")
        exam.abandon()
        said = sum(len(one.evidence.exchanges) for one in results)
        left = skipped(exam, cases[len(results) :], "interrupted", said)
        return Heard((*results, *left), interrupted=True)
    return Heard(results)
