"""The delivery permuter: a job in every legal order, and the app that must end the same.

Legal is what the network can do. The answer of the create call and looks come one after the other,
because one client asks for them; a webhook comes whenever it comes, and may come again or get
lost, as long as something tells the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, count
from typing import Final

from mockserver.contract.finding import Finding
from mockserver.contract.hooks.cases import Case, Send
from mockserver.contract.hooks.rules import ORDER_DOES_NOT_MATTER
from mockserver.contract.hooks.run import Trial
from mockserver.contract.hooks.story import Job, Story, Via
from mockserver.core.interleaving import Orders, nearer
from mockserver.core.timeline import TERMINAL
from mockserver.library.toml_text import toml


MOST_ORDERS: Final = 200
"""How many orders are tried; where there are more, so many are drawn."""

Order = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are tried: each webhook comes `copies` times, and up to `lost` of them never.

    At most `most` orders; of more, so many are drawn from `seed`.
    """

    copies: int = 1
    lost: int = 0
    most: int = MOST_ORDERS
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Permuted:
    """What came of it: so many orders of `total` were `tried`, until one was wrong.

    `case` is the wrong one, brought as near to the natural order as it still is wrong.
    """

    tried: int
    total: int
    case: Case | None = None
    finding: Finding | None = None


def told(trial: Trial) -> Order:
    """What the app can hear of the job, in the order in which it happened.

    Of each event only the first webhook: those between tell nothing that the orders depend on.
    """
    first = {part.name.partition("-")[0]: part.name for part in reversed(trial.story.of(Via.HOOK))}
    heard = {*first.values(), *(part.name for part in trial.story.of(Via.ANSWER, Via.POLL))}
    names = (part.name for part in trial.story.parts)
    return tuple(name for name in names if name in heard and trial.app.hears(name))


def orders(story: Story, names: Order, wanted: Wanted) -> Orders[str]:
    """Every legal order in which these parts of the story can come."""
    own = tuple(name for name in names if story.part(name).via is not Via.HOOK)
    hooks = tuple(name for name in names if story.part(name).via is Via.HOOK)
    variants = [
        (own, *((name,) * wanted.copies for name in hooks if name not in lost))
        for gone in range(wanted.lost + 1)
        for lost in combinations(hooks, gone)
        if _tells_the_end(story, (name for name in names if name not in lost))
    ]
    return Orders(tuple(variants))


def permuted(trial: Trial, wanted: Wanted) -> Permuted:
    """What the app makes of the orders. Raises `LibraryError` where it cannot be asked."""
    natural = told(trial)
    every = orders(trial.story, natural, wanted)
    expected = trial.believed(_case(natural, natural))
    tried, asked = 0, count(1)

    def wrong(order: Order) -> bool:
        # Each time of another prediction: the app remembers those that it was told of.
        case = _case(order, natural)
        return trial.believed(replace(case, name=f"{case.name}/{next(asked)}")) != expected

    for number in every.numbers(wanted.most, wanted.seed):
        tried += 1
        order = every.order(number)
        if wrong(order):
            case = _case(_nearest(order, natural, wrong), natural)
            return Permuted(tried, every.count, case, _finding(trial, case))
    return Permuted(tried, every.count)


def spelled(case: Case, job: Job) -> str:
    """The file of cases that repeats this one."""
    head = (
        "[job]",
        *(f"{name} = {toml(getattr(job, name))}" for name in _JOB),
        "",
        "[[case]]",
        f"name = {toml(case.name)}",
        f"title = {toml(case.title)}",
        f"rule = {toml(case.rule.code)}",
        f"ends = {toml(case.ends.code if case.ends else '')}",
        f"like = {toml(list(case.like))}",
        "send = [",
    )
    sends = (f"    {{ event = {toml(send.event)} }}," for send in case.sends)
    return "\n".join((*head, *sends, "]", ""))


_JOB: Final = ("model", "scenario", "seed", "polls")


def _tells_the_end(story: Story, names: Iterator[str]) -> bool:
    return any(story.part(name).prediction.get("status") in TERMINAL for name in names)


def _nearest(order: Order, natural: Order, wrong: Callable[[Order], bool]) -> Order:
    """The wrong order with as little out of its place as can be: no simpler one is wrong."""
    while simpler := next((one for one in _simpler(order, natural) if wrong(one)), None):
        order = simpler
    return order


def _simpler(order: Order, natural: Order) -> Iterator[Order]:
    """The order without one that comes again, or without one that overtakes its neighbour."""
    for at, name in enumerate(order):
        if name in order[:at]:
            yield (*order[:at], *order[at + 1 :])
    yield from nearer(order, natural)


def _case(order: Order, natural: Order) -> Case:
    name = "order-" + "-".join(str(natural.index(part)) for part in order)
    return Case(
        name=name,
        title=" → ".join(order),
        rule=ORDER_DOES_NOT_MATTER,
        sends=tuple(map(Send, order)),
        ends=ORDER_DOES_NOT_MATTER,
        like=natural,
    )


def _finding(trial: Trial, case: Case) -> Finding | None:
    """The finding, made once more for a person: with all that was sent."""
    return next(iter(trial.result(replace(case, name=f"{case.name}/told")).findings), None)
