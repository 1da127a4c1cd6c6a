"""Failures at any point of a life, with any text for a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from mockserver.core.timeline import Beat, Plan, Status, Step
from mockserver.library.faults.kinds import Strike, plan_fault
from mockserver.library.faults.params import choice


_TEXTS: Final[Mapping[str, str]] = {
    "interrupted": "Prediction interrupted; please retry (code: PA)",
    "nsfw": "NSFW content detected. Try running it again, or try a different prompt.",
    "oom": "Prediction failed: the model ran out of memory (E1001)",
    "chinese": "当前分组上游负载已饱和",
    "long": "Traceback (most recent call last):\n" + '  File "/src/predict.py", line 42\n' * 600,
    "empty": "",
    "object": '{"code":"E1001","message":"the model ran out of memory","details":[]}',
}

_RUN_MS: Final = 1_000
"""How long a run lasts that would have lasted for ever, or not at all."""


def _in_setup(plan: Plan) -> tuple[Step, ...]:
    return (plan.begun,)


def _in_the_run(plan: Plan) -> tuple[Step, ...]:
    """A tenth of the run, and what it printed by then."""
    run = _run(plan)
    lasts_ms = (run.lasts_ms or 0) // _TENTH
    beats = tuple(beat for beat in run.beats if beat.after_ms <= lasts_ms)
    return plan.begun, Step(Status.PROCESSING, lasts_ms, beats)


_TENTH: Final = 10


def _after_output(plan: Plan) -> tuple[Step, ...]:
    """All of the run, and at its end all of the output."""
    run = _run(plan)
    whole = Beat(run.lasts_ms or 0, outputs=plan.outputs)
    return plan.begun, replace(run, beats=(*run.beats, whole))


_POINTS: Final[Mapping[str, Callable[[Plan], tuple[Step, ...]]]] = {
    "tenth": _in_the_run,
    "setup": _in_setup,
    "after_output": _after_output,
}


@plan_fault(
    "fail.at",
    params=(choice("point", *_POINTS), choice("text", *_TEXTS)),
    tests=("K7", "K10"),
    source="replicate.com/docs/reference/error-codes: E1001, PA",
)
def at(plan: Plan, strike: Strike) -> Plan:
    """The prediction fails in `setup`, after a `tenth` of its run, or when all output was there.

    The reason is one of upstream's own, Chinese, some 20 KB long, empty, or an object as a text.
    """
    steps = _POINTS[strike.word("point")](plan)
    return replace(plan, steps=(*steps, Step(Status.FAILED)), error=_TEXTS[strike.word("text")])


def _run(plan: Plan) -> Step:
    """The run of a plan, of which the end is known."""
    found = (step for step in plan.steps if step.status is Status.PROCESSING)
    run = next(found, Step(Status.PROCESSING, _RUN_MS))
    last_ms = max((beat.after_ms for beat in run.beats), default=_RUN_MS)
    return run if run.lasts_ms is not None else replace(run, lasts_ms=last_ms)
