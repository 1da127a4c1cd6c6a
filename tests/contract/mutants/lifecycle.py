"""L: lives that no prediction leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.promise import ends_as, passes
from tests.contract.mutants.mutant import (
    Mutant,
    any_one,
    at,
    ended,
    everywhere,
    first_made,
    kept_only,
    running,
    telling,
    where,
)
from tests.mutations import Body


def _looks(evidence: Evidence) -> list[Exchange]:
    """The looks at the first prediction."""
    made = first_made(evidence).prediction_id
    return [one for one in evidence.of(Intent.LOOK) if one.prediction_id == made]


def promise(evidence: Evidence) -> Iterable[Finding]:
    """What is found where the first prediction's scenario is known to be the happy one."""
    seen = [one.interaction for one in _looks(evidence)]
    yield from passes(["starting", "processing", "succeeded"], seen)
    yield from ends_as("succeeded", seen)


def _looked_twice(evidence: Evidence, **members: object) -> Evidence:
    """A prediction that runs is looked at once more, and these members have changed."""
    run = next(one for one in _looks(evidence) if running(dict(one.body)))
    place = evidence.exchanges.index(run) + 1
    more = telling(where(any_one, **members))(run)
    exchanges = (*evidence.exchanges[:place], more, *evidence.exchanges[place:])
    return replace(evidence, exchanges=exchanges)


def _removed(evidence: Evidence) -> Evidence:
    """The data of the first prediction is gone after its end, and there again in the list."""
    gone = {"data_removed": True, "input": {}, "output": None, "logs": ""}
    return at(Intent.LOOK_AGAIN, telling(where(any_one, **gone)))(evidence)


def _unended(evidence: Evidence) -> list[Exchange]:
    """Only the first looks at the first prediction: it never came further than `processing`."""
    made = first_made(evidence)
    return [made, *(one for one in _looks(evidence) if not ended(dict(one.body)))]


def _earlier(told: Body) -> Body:
    """Created a millisecond before what the id says."""
    created = datetime.fromisoformat(told["created_at"]) - timedelta(milliseconds=1)
    return {**told, "created_at": created.isoformat().replace("+00:00", "Z")}


def _over_at_once(told: Body) -> Body:
    """A success whose end is its creation."""
    return {**told, "completed_at": told["created_at"]} if ended(told) else told


MUTANTS: Final = (
    Mutant(
        rules.STATUS_KNOWN,
        "a status of one's own",
        everywhere(where(running, status="in_progress")),
    ),
    Mutant(
        rules.STATUS_REACHABLE,
        "what runs starts again",
        partial(_looked_twice, status="starting", started_at=None),
    ),
    Mutant(
        rules.ENDED_IS_FINAL,
        "the end is told otherwise later",
        at(Intent.LOOK_AGAIN, telling(where(any_one, logs="lost"))),
    ),
    Mutant(
        rules.ENDED_IS_FINAL,
        "a success fails afterwards",
        at(Intent.LOOK_AGAIN, telling(where(any_one, status="failed", error="no", output=None))),
    ),
    Mutant(
        rules.ENDED_IS_FINAL,
        "the end is later at every look",
        at(Intent.LOOK_AGAIN, telling(where(any_one, completed_at="2026-01-01T00:00:09Z"))),
    ),
    Mutant(rules.TIMES_ORDERED, "the end is before the start", everywhere(_over_at_once)),
    Mutant(
        rules.TIMES_STABLE,
        "the start is told otherwise while it runs",
        partial(_looked_twice, started_at="2026-01-01T00:00:00.2Z"),
    ),
    Mutant(rules.LOGS_GROW, "logs are replaced", partial(_looked_twice, logs="from the start")),
    Mutant(
        rules.NOTHING_BEFORE_THE_RUN,
        "a create call answers an output",
        at(Intent.CREATE, telling(where(any_one, output=["https://other.example/a.png"]))),
    ),
    Mutant(
        rules.NOTHING_BEFORE_THE_RUN,
        "a look while starting finds an output",
        at(Intent.LOOK, telling(where(any_one, output=["https://other.example/a.png"]))),
    ),
    Mutant(
        rules.OUTPUT_GROWS,
        "the first output is replaced",
        partial(_looked_twice, output=["https://other.example/a.png"]),
    ),
    Mutant(
        rules.IDENTITY_STABLE,
        "the model changes",
        at(Intent.LOOK, telling(where(any_one, model="a/b"))),
    ),
    Mutant(
        rules.IDENTITY_STABLE,
        "the creation is another one at the end",
        at(Intent.LOOK_AGAIN, telling(where(any_one, created_at="2026-01-01T00:00:00.2Z"))),
    ),
    Mutant(rules.ID_TELLS_TIME, "created before its id", everywhere(_earlier)),
    Mutant(
        rules.FAILURE_HAS_A_REASON, "a success with an error", everywhere(where(ended, error="no"))
    ),
    Mutant(
        rules.FAILURE_HAS_A_REASON,
        "a create call answers an error",
        at(Intent.CREATE, telling(where(any_one, error="no"))),
    ),
    Mutant(
        rules.END_IS_TOLD, "a success without an end", everywhere(where(ended, completed_at=None))
    ),
    Mutant(rules.REMOVED_STAYS_REMOVED, "removed data comes back", _removed),
    Mutant(
        rules.PROMISED_END,
        "the happy scenario is aborted",
        everywhere(where(ended, status="canceled", output=None)),
        judge=promise,
    ),
    Mutant(
        rules.PROMISED_END,
        "nobody sees it run",
        everywhere(where(running, status="starting")),
        judge=promise,
    ),
    Mutant(rules.WAITED_FOR_ENDS, "it never ends", kept_only(_unended)),
)
