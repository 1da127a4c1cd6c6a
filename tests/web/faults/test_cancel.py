"""Cancels that are not heard or come too late: the answer, and what a later look tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

RUNNING_S: Final = 2.0


def canceled(caller: Caller, fault: str, times: int = 1, after_s: float = RUNNING_S) -> list[Told]:
    """The answers to so many cancels of a prediction that runs, and a look behind them."""
    world = caller.world()
    born = caller.created(world)
    world.clock.advance(after_s)
    caller.set(world, fault)
    asked = [caller.request(world, "cancel", born)] * times
    return [caller.sent(world, one) for one in (*asked, caller.request(world, "get", born))]


@pytest.mark.parametrize(
    ("fault", "told", "then"),
    [
        ("cancel.ignored", "canceled", "processing"),
        ("cancel.ignored;told=running", "processing", "processing"),
        ("cancel.late", "succeeded", "succeeded"),
        ("cancel.race", "canceled", "succeeded"),
    ],
)
def test_what_a_cancel_is_answered_with_and_what_became_of_it(
    caller: Caller, fault: str, told: str, then: str
) -> None:
    """The reply says one thing; a later look says what is true."""
    answer, look = canceled(caller, fault)
    assert (answer.status, answer.json["status"], look.json["status"]) == (200, told, then)
    assert answer.entry.faults[0].startswith(fault.partition(";")[0])


@pytest.mark.parametrize(
    ("fault", "status"), [("cancel.not_found", 404), ("cancel.conflict", 409)]
)
@pytest.mark.parametrize(("phase", "then"), [("before", "processing"), ("after", "canceled")])
def test_a_cancel_is_refused(
    caller: Caller, fault: str, status: int, phase: str, then: str
) -> None:
    """Whether it took effect can be chosen; by default it did not."""
    answer, look = canceled(caller, f"{fault};phase={phase}")
    assert (answer.status, look.json["status"]) == (status, then)
    _, usual = canceled(caller, fault)
    assert usual.json["status"] == "processing"


def test_a_cancel_that_comes_too_late_brings_the_output(caller: Caller) -> None:
    """What succeeded has its output and its end, in the answer as in a look."""
    answer, look = canceled(caller, "cancel.late")
    assert answer.json["output"] == look.json["output"]
    assert answer.json["output"] is not None
    assert answer.json["completed_at"] == "2026-01-01T00:00:02.000000Z"


def test_a_cancel_that_loses_a_race_tells_an_end(caller: Caller) -> None:
    """The answer tells a whole cancel, with its end and without output."""
    answer, _ = canceled(caller, "cancel.race")
    assert (answer.json["output"], answer.json["completed_at"]) == (
        None,
        "2026-01-01T00:00:02.000000Z",
    )


def test_what_has_ended_cannot_be_canceled_anyway(caller: Caller) -> None:
    """A fault does not change that: the answer tells the end."""
    answer, look = canceled(caller, "cancel.ignored", after_s=60)
    assert answer.json["status"] == look.json["status"] == "succeeded"


def test_a_second_cancel_is_refused(caller: Caller) -> None:
    """The first one was heard."""
    first, second, look = canceled(caller, "cancel.twice", times=2)
    assert (first.status, second.status, look.json["status"]) == (200, 409, "canceled")


def test_a_cancel_is_answered_late(caller: Caller) -> None:
    """It takes effect at once, but nothing comes for ten seconds."""
    early = caller.told("cancel.slow", "cancel", advance_s=(9.999,))
    late = caller.told("cancel.slow", "cancel", advance_s=(10,))
    assert (early.data, early.ended) == (b"", "open")
    assert (late.status, late.json["completed_at"]) == (200, "2026-01-01T00:00:00.000000Z")
