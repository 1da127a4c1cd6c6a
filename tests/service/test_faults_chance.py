"""Whether a fault strikes by chance: not decided by threads, by order, or by ids."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mockserver.core.fault import Operation, fault
from mockserver.service.faults import Occasion, WorldFaults


LOOK = Occasion(Operation.GET, "a prompt#1", 0, "owner/name", "p1")
FAULT = "net.close_before"


def of_world(text: str, seed: int = 7) -> WorldFaults:
    """A world in which this was set by hand."""
    made = WorldFaults(seed)
    made.add(fault(text), 0)
    return made


def drawn(seed: int, visit: Callable[[WorldFaults, list[Occasion]], list[bool]]) -> list[bool]:
    """What 200 looks at 50 predictions met under a chance of one half."""
    looks = [replace(LOOK, subject=f"s{turn % 50}") for turn in range(200)]
    return visit(of_world(f"{FAULT};p=0.5", seed=seed), looks)


def in_order(world: WorldFaults, looks: list[Occasion]) -> list[bool]:
    """One after the other."""
    return [bool(world.strikes(look, world)) for look in looks]


def in_threads(world: WorldFaults, looks: list[Occasion]) -> list[bool]:
    """Four rounds of 50 subjects at once; the rounds keep their order."""
    found: list[bool] = []
    with ThreadPoolExecutor(8) as pool:
        for start in range(0, len(looks), 50):
            found += pool.map(
                lambda look: bool(world.strikes(look, world)), looks[start : start + 50]
            )
    return found


def backwards(world: WorldFaults, looks: list[Occasion]) -> list[bool]:
    """Every round from its end."""
    found: list[bool] = []
    for start in range(0, len(looks), 50):
        found += reversed(in_order(world, looks[start : start + 50][::-1]))
    return found


@pytest.mark.parametrize("visit", [in_threads, backwards])
def test_chance_does_not_depend_on_who_came_first(
    visit: Callable[[WorldFaults, list[Occasion]], list[bool]],
) -> None:
    """Neither threads nor order decide, and another seed decides otherwise."""
    assert drawn(7, visit) == drawn(7, in_order)
    assert 60 < sum(drawn(7, in_order)) < 140
    assert drawn(8, in_order) != drawn(7, in_order)


def test_chance_does_not_depend_on_ids() -> None:
    """Predictions are drawn for by what they were made of; the second of a kind is another."""
    world = of_world(FAULT)
    for prediction_id in ("x1", "y2"):
        world.born(prediction_id, "a prompt")
    other = of_world(FAULT)
    other.born("z3", "a prompt")
    assert world.subject("x1") == other.subject("z3") != world.subject("y2")
