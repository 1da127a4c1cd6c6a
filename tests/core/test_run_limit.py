"""The longest that a prediction may run."""

from __future__ import annotations

import pytest
from hypothesis import given

from mockserver.core.run_limit import LONGEST_RUN_MS, TIMED_OUT, within_run_limit
from mockserver.core.timeline import Beat, Plan, Status, Step


HOUR_MS = 3_600_000


def running(lasts_ms: int | None, *beats: Beat) -> Plan:
    """A life with so long a run, which then succeeds if it ends."""
    ends = () if lasts_ms is None else (Step(Status.SUCCEEDED),)
    return Plan(
        (Step(Status.STARTING, 500), Step(Status.PROCESSING, lasts_ms, beats), *ends), outputs=2
    )


@pytest.mark.parametrize(
    ("status", "error", "outputs"), [(Status.FAILED, TIMED_OUT, 0), (Status.CANCELED, None, 1)]
)
def test_a_run_that_takes_too_long_is_ended(
    status: Status, error: str | None, outputs: int
) -> None:
    """After 30 minutes of running, however long it booted; what comes later never happens."""
    early, late = Beat(1_000, "early\n", outputs=1), Beat(LONGEST_RUN_MS + 1, "late\n")
    last = within_run_limit(running(HOUR_MS, early, late), status).moments[-1]
    assert (last.after_ms, last.status) == (500 + LONGEST_RUN_MS, status)
    assert (last.logs, last.outputs, last.error) == ("early\n", outputs, error)


@pytest.mark.parametrize("lasts_ms", [0, LONGEST_RUN_MS, None])
def test_a_run_within_the_limit_is_left_alone(lasts_ms: int | None) -> None:
    """As is one for ever: a scenario that says so stands for a run that nobody ends."""
    plan = running(lasts_ms)
    assert within_run_limit(plan, Status.FAILED) is plan


def test_booting_is_not_running() -> None:
    """A cold start may take an hour."""
    plan = Plan((Step(Status.STARTING, HOUR_MS), Step(Status.FAILED)))
    assert within_run_limit(plan, Status.FAILED) is plan


@given(...)
def test_short_lives_are_never_touched(plan: Plan) -> None:
    """Whatever their steps are."""
    assert within_run_limit(plan, Status.CANCELED) is plan
