"""What was made elsewhere has a plan that ended as it did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.timeline import TERMINAL, Status, in_force
from mockserver.library.registry import Run
from mockserver.service.given import plan_of


INSTANTS = st.integers(0, 2_000_000_000_000)


def run(status: Status, created_ms: int, started_ms: int | None, ended_ms: int | None) -> Run:
    """A run that was made elsewhere."""
    return Run(
        id="x",
        model="a/b",
        version="v",
        status=status,
        created_at_ms=created_ms,
        started_at_ms=started_ms,
        completed_at_ms=ended_ms if status in TERMINAL else None,
        input={},
        output=None,
        error=None,
        logs="felt\n",
        metrics={},
        data_removed=False,
        source="api",
    )


@given(st.sampled_from(Status), INSTANTS, st.none() | INSTANTS, INSTANTS)
def test_every_run_has_a_plan(
    status: Status, created_ms: int, started_ms: int | None, ended_ms: int
) -> None:
    """Whatever its instants say: the last moment has the status that was given."""
    plan = plan_of(run(status, created_ms, started_ms, ended_ms))
    assert plan.moments[-1].status is status


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED, Status.CANCELED])
def test_a_run_is_told_with_its_instants(status: Status) -> None:
    """It began and ended when it did."""
    moments = plan_of(run(status, 1_000, 3_000, 9_000)).moments
    assert in_force(moments, 1_999).status is Status.STARTING
    assert in_force(moments, 2_000).status is Status.PROCESSING
    assert in_force(moments, 8_000).status is status
