"""Lives that no client expects: stuck, slow, aborted, out of order, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mockserver.core import ids
from mockserver.core.fault import Operation
from mockserver.core.reply import Reply
from mockserver.core.timeline import Plan, Status, Step
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Strike, plan_fault, reply_fault
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.predictions import (
    ENDED,
    EVERYWHERE,
    LATER,
    RUNNING,
    SUCCEEDED,
    Json,
    editable,
    in_reply,
    output_name,
    put,
    shape_fault,
    status,
    told_in,
    turn,
    with_output,
    without,
)


_LOOK: Final = frozenset({Operation.GET})
_NAMED: Final = frozenset({Operation.GET, Operation.CANCEL})
"""What names a prediction in its path and tells of it."""


@plan_fault("life.skip_processing", tests=("K5",))
def skip_processing(plan: Plan, _strike: Strike) -> Plan:
    """The run takes no time at all: nobody who polls ever sees `processing`."""
    match plan.steps:
        case (first, Step(lasts_ms=int(run_ms)) as run, *rest) if rest:
            beats = tuple(replace(beat, after_ms=0) for beat in run.beats)
            waited = replace(first, lasts_ms=(first.lasts_ms or 0) + run_ms)
            return replace(plan, steps=(waited, Step(run.status, 0, beats), *rest))
    return plan


@plan_fault("life.stuck_starting", tests=("K6", "K20"))
def stuck_starting(plan: Plan, _strike: Strike) -> Plan:
    """The prediction stays `starting` for ever, until somebody cancels it."""
    return replace(plan, steps=(Step(Status.STARTING),), error=None)


@plan_fault("life.stuck_processing", tests=("K6", "K20"))
def stuck_processing(plan: Plan, _strike: Strike) -> Plan:
    """The prediction stays `processing` for ever, whatever it prints on the way there."""
    beats = next((one.beats for one in plan.steps if one.status is Status.PROCESSING), ())
    return replace(plan, steps=(plan.begun, Step(Status.PROCESSING, None, beats)), error=None)


@plan_fault("life.slow_queue", params=(number("ms", 600_000),), tests=("K6",))
def slow_queue(plan: Plan, strike: Strike) -> Plan:
    """The prediction waits `ms` in `starting`, as behind a cold boot, and then goes well."""
    first, *rest = plan.steps
    if first.lasts_ms is None:
        return plan
    lasts_ms = max(first.lasts_ms, strike.number("ms"))
    return replace(plan, steps=(replace(first, lasts_ms=lasts_ms), *rest))


@plan_fault(
    "life.aborted",
    tests=("K5", "K7"),
    source="replicate.com/docs/topics/predictions/lifecycle: aborted, since 2025-10-23",
)
def aborted(plan: Plan, _strike: Strike) -> Plan:
    """The prediction ends as `aborted`, the youngest of the final statuses, and never ran."""
    return replace(plan, steps=(plan.begun, Step(Status.ABORTED)), error=None)


@shape_fault("life.backwards", on=LATER, possible=EVERYWHERE, tests=("K5",))
def backwards(told: Json, strike: Strike) -> Json:
    """Every second look at what runs tells that it is still `starting`, with nothing done."""
    if status(told) != RUNNING or turn(told, strike) % 2:
        return told
    blank = put(told, status="starting", logs=None if told.get("logs") is None else "")
    blank = put(blank, **{output_name(told): None})
    # One of upstream's forms tells null for what has not come, the other leaves it out.
    return put(blank, started_at=None) if "completed_at" in told else without(blank, "started_at")


@shape_fault(
    "life.terminal_changes",
    on=LATER,
    possible=EVERYWHERE,
    params=(choice("what", "status", "output"),),
    tests=("K7",),
)
def terminal_changes(told: Json, strike: Strike) -> Json:
    """What has ended is told as it ended once, and from then on with another status or output."""
    if status(told) not in ENDED or turn(told, strike) == 1:
        return told
    if strike.word("what") == "output":
        return with_output(told, _other)
    if status(told) in SUCCEEDED:
        return put(told, status="failed", error=_AFTERWARDS, **{output_name(told): None})
    return put(told, status="succeeded", error=None)


_AFTERWARDS: Final = "Prediction interrupted; please retry (code: PA)"


def _other(value: Any) -> Any:
    """Another output of the same form."""
    match value:
        case str():
            start, slash, last = value.rpartition("/")
            return f"{start}{slash}other-{last}"
        case [first, *rest]:
            return [_other(first), *rest]
    return value


_UNKNOWN: Final[Mapping[str, tuple[frozenset[str], Any]]] = {
    "queued": (frozenset({"starting", "created"}), "queued"),
    "successful": (SUCCEEDED, "successful"),
    "SUCCEEDED": (SUCCEEDED, "SUCCEEDED"),
    "null": (ENDED | {"starting", "created", RUNNING}, None),
    "number": (ENDED | {"starting", "created", RUNNING}, 2),
}
"""Which statuses each form is told in the place of."""


@shape_fault(
    "life.unknown_status",
    params=(choice("form", *_UNKNOWN, "missing"),),
    tests=("K5",),
    source="samples in gateways' documents print `successful`",
)
def unknown_status(told: Json, strike: Strike) -> Json:
    """The status is a word that the API does not have, nothing, or no word at all."""
    if strike.word("form") == "missing":
        return without(told, "status")
    replaced, value = _UNKNOWN[strike.word("form")]
    return put(told, status=value) if status(told) in replaced else told


@reply_fault(
    "life.not_found_after_create",
    on=_LOOK,
    possible=_NAMED | {Operation.STREAM},
    fixed=True,
    params=(number("tries", 2, 0, 1_000), number("ms", 0)),
    tests=("K16",),
)
def not_found_after_create(reply: Reply, strike: Strike) -> Reply:
    """A replica lags behind: the first `tries` looks, and all in the first `ms`, answer 404."""
    lags = strike.ordinal <= strike.number("tries") or _age_ms(reply, strike) < strike.number("ms")
    return strike.refusal(404) if lags and not wire.is_refusal(reply) else reply


@reply_fault(
    "life.vanish",
    on=_LOOK,
    possible=_NAMED,
    fixed=True,
    params=(choice("form", "gone", "data_removed"), number("looks", 1, 0, 1_000)),
    tests=("K7",),
    source="replicate.com/docs/topics/predictions/data-retention",
)
def vanish(reply: Reply, strike: Strike) -> Reply:
    """After `looks` at its end the prediction is gone for good: 404, or without its data."""
    looks = strike.number("looks")
    ended = [one for one in _told(reply) if status(one) in ENDED and turn(one, strike) > looks]
    if not ended:
        return reply
    gone = strike.word("form") == "gone"
    return strike.refusal(404) if gone else in_reply(reply, _removed, strike)


def _removed(told: Json, _strike: Strike) -> Json:
    blank = "" if told.get("logs") is not None else None
    return put(told, data_removed=True, input={}, logs=blank, **{output_name(told): None})


def _told(reply: Reply) -> list[Json]:
    """The predictions that a reply tells of, where it can be edited."""
    return told_in(reply.body) if editable(reply) else []


@shape_fault("life.id_changes", on=LATER, possible=EVERYWHERE, tests=("K12",))
def id_changes(told: Json, _strike: Strike) -> Json:
    """The prediction is told under the id of another one, of the same instant."""
    own = str(told["id"])
    at = ids.ALPHABET.find(own[:1])
    return told | {"id": ids.ALPHABET[(at + 1) % len(ids.ALPHABET)] + own[1:]}


@shape_fault("life.wrong_model", on=LATER, possible=EVERYWHERE, tests=("K12",))
def wrong_model(told: Json, _strike: Strike) -> Json:
    """The prediction is told as that of another model."""
    return put(told, model=next(one for one in _MODELS if one != told.get("model")))


_MODELS: Final = ("black-forest-labs/flux-schnell", "black-forest-labs/flux-dev")


@reply_fault("life.flap", on=_LOOK, possible=_NAMED, fixed=True, tests=("K16",))
def flap(reply: Reply, strike: Strike) -> Reply:
    """Every second look is answered with 502."""
    return reply if strike.ordinal % 2 else strike.refusal(502)


def _age_ms(reply: Reply, strike: Strike) -> int:
    """How old the prediction in the reply is; as old as can be where that cannot be told."""
    born = (ids.carried_ms(one["id"]) or 0 for one in _told(reply))
    return min((strike.now_ms - one for one in born), default=_OLD)


_OLD: Final = 86_400_000
