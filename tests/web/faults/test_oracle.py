"""The lifecycle oracle sees what is told wrongly, and believes every life that is only unusual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.contract.oracle import judged


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

SCHNELL: Final = "black-forest-labs/flux-schnell"
LLAMA: Final = "meta/meta-llama-3-8b-instruct"
"""Its output grows while it runs."""
MOMENTS_S: Final = (0, 0.4, 0, 0, 0.2, 60, 0, 0)


def found(caller: Caller, fault: str, model: str = SCHNELL) -> set[str]:
    """What the oracle finds in looks, a list and a cancel of one prediction under `fault`."""
    world = caller.world()
    if fault:
        caller.set(world, fault)
    body: dict[str, object] = {"input": {"prompt": "a lighthouse"}}
    created = caller.request(world, "create", {}, body, model=model)
    born = caller.sent(world, created).json
    for seconds in MOMENTS_S:
        world.clock.advance(seconds)
        caller.sent(world, caller.request(world, "get", born))
    caller.sent(world, caller.request(world, "list", {}))
    caller.sent(world, caller.request(world, "cancel", born))
    return {finding.code for finding in judged(one.interaction for one in world.journal)}


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("life.backwards", {"L102"}),
        ("life.terminal_changes", {"L103"}),
        ("life.terminal_changes;what=output", {"L103"}),
        ("life.unknown_status", {"L101"}),
        ("life.unknown_status;form=null", {"L101"}),
        ("life.id_changes", {"L109"}),
        ("life.wrong_model", {"L109"}),
        ("logs.shrink", {"L103", "L106"}),
        ("out.shrinks", {"L103"}),
        ("time.order", {"L104", "L105"}),
        ("life.vanish;form=data_removed", {"L113"}),
        ("time.epoch", {"L112"}),
        ("shape.error_empty", set()),
    ],
)
def test_what_the_oracle_finds(caller: Caller, fault: str, codes: set[str]) -> None:
    """Each lie breaks its own rule."""
    assert found(caller, fault) == codes


def test_a_growing_output_may_not_shrink(caller: Caller) -> None:
    """While it runs, a shorter output breaks the rule that it only grows."""
    assert "L108" in found(caller, "out.shrinks", LLAMA)


@pytest.mark.parametrize("model", [SCHNELL, LLAMA])
@pytest.mark.parametrize(
    "fault",
    [
        "",
        "life.skip_processing",
        "life.stuck_starting",
        "life.stuck_processing",
        "life.slow_queue",
        "life.aborted",
        "life.flap",
        "life.not_found_after_create",
        "life.vanish",
        "fail.at;point=setup",
        "fail.at;point=after_output",
        "cancel.late",
        "shape.extra",
        "shape.missing;member=logs",
        "time.nanos",
        "list.reordered",
    ],
)
def test_a_legal_life_is_believed(caller: Caller, fault: str, model: str) -> None:
    """Without faults, and under those that change what happens and not what is true of it."""
    assert found(caller, fault, model) == set()
