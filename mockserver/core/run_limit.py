"""The longest that a prediction may run, as a cut through its plan.

Source: replicate.com/docs/topics/predictions/lifecycle: 30 minutes, if nothing else was agreed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.core.timeline import Plan, Status, Step


LONGEST_RUN_MS: Final = 1_800_000

TIMED_OUT: Final = "Prediction timed out: it ran for longer than 30 minutes"
"""Why such a prediction failed. No such body was ever reported: assumed."""


def within_run_limit(plan: Plan, status: Status) -> Plan:
    """The same plan, ended with `status` where it runs for too long.

    A run that is meant to last for ever is left alone: it stands for one that nobody ends.
    """
    for place, step in enumerate(plan.steps):
        if step.status is Status.PROCESSING and (step.lasts_ms or 0) > LONGEST_RUN_MS:
            steps = (*plan.steps[:place], _cut(step), Step(status))
            return replace(plan, steps=steps, error=TIMED_OUT)
    return plan


def _cut(step: Step) -> Step:
    beats = tuple(beat for beat in step.beats if beat.after_ms <= LONGEST_RUN_MS)
    return replace(step, lasts_ms=LONGEST_RUN_MS, beats=beats)
