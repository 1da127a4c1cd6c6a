"""The lifecycle oracle: judges any sequence of looks at one prediction, in any channel's form.

Rule 1: which status may follow which stands in the core's table, and only there.
Rule 2: what an answer leaves out is not judged, because some gateways tell two members only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from mockserver.contract import rules
from mockserver.contract.finding import Finding, Rule
from mockserver.contract.looks import Look, histories
from mockserver.core.ids import carried_ms
from mockserver.core.interaction import Interaction
from mockserver.core.timeline import NEXT, TERMINAL, Status
from mockserver.core.timestamps import parse_timestamp


# A prediction in one form for both of upstream's serializers; values are whatever JSON holds.
Told = Mapping[str, Any]
Broken = Iterator[tuple[Rule, str, object, object]]
"""The rule, the member, what was expected of it and what was seen."""


def judged(exchanges: Iterable[Interaction]) -> list[Finding]:
    """What is wrong with the histories of all predictions that these exchanges tell of."""
    return [finding for looks in histories(exchanges).values() for finding in lifecycle(looks)]


def lifecycle(looks: Iterable[Look], known: dict[str, Any] | None = None) -> Iterator[Finding]:
    """What is wrong with one prediction's life as these looks, in order, saw it.

    `known` goes on from earlier looks, and is told what these add: begin with an empty one.
    """
    known = {} if known is None else known
    for look in looks:
        told = _normal(look.body)
        for rule, member, expected, seen in (
            *_alone(told),
            *_dated(known, told),
            *_after(known, told),
        ):
            yield rule.found(
                f"/{member}",
                expected=expected,
                seen=seen,
                exchange=look.exchange,
                prediction_id=look.id,
            )
        known |= told


def _reachable() -> Mapping[Status, frozenset[Status]]:
    """What a later look may see: a poll may miss any number of steps."""
    reached = {status: frozenset({status}) | following for status, following in NEXT.items()}
    for _ in NEXT:
        reached = {
            status: seen.union(*(reached[later] for later in seen))
            for status, seen in reached.items()
        }
    return MappingProxyType(reached)


REACHABLE: Final = _reachable()


def _normal(body: Mapping[str, object]) -> Told:
    """The members that are judged; a whole prediction tells the end by leaving it out."""
    if "data_removed" in body:
        body = {"started_at": None, "completed_at": None, "metrics": None, **body}
    return {name: _NORMAL.get(name, _same)(value) for name, value in body.items()}


def _same(value: object) -> object:
    return value


def instant_ms(value: object) -> int | None:
    """The instant that a text tells; None for anything else."""
    try:
        return parse_timestamp(str(value))
    except ValueError:
        return None


_NORMAL: Final[Mapping[str, Callable[[Any], object]]] = {
    "created_at": instant_ms,
    "started_at": instant_ms,
    "completed_at": instant_ms,
    # One serializer writes null for nothing, and no line end at the end. What is no text at all is
    # for the schema to judge.
    "logs": lambda value: value.removesuffix("\n") if isinstance(value, str) else "",
    "error": lambda value: value or None,
    "metrics": lambda value: value or {},
}


def _alone(told: Told) -> Broken:
    """What one look is enough to see."""
    status = told.get("status")
    if status not in NEXT:
        yield rules.STATUS_KNOWN, "status", sorted(NEXT), status
        return
    if status in _NEVER_RAN and told.get("output") is not None:
        yield rules.NOTHING_BEFORE_THE_RUN, "output", None, told["output"]
    if "error" in told and (told["error"] is not None) != (status == Status.FAILED):
        expected = "a reason" if status == Status.FAILED else None
        yield rules.FAILURE_HAS_A_REASON, "error", expected, told["error"]
    if "completed_at" in told and (told["completed_at"] is not None) != (status in TERMINAL):
        expected = "an instant" if status in TERMINAL else None
        yield rules.END_IS_TOLD, "completed_at", expected, told["completed_at"]
    yield from _times(told)


_NEVER_RAN: Final = (Status.STARTING, Status.ABORTED)


def _times(told: Told) -> Broken:
    names = ("created_at", "started_at", "completed_at")
    known = [(name, told[name]) for name in names if told.get(name) is not None]
    for (_, before_ms), (name, after_ms) in pairwise(known):
        if after_ms < before_ms:
            yield rules.TIMES_ORDERED, name, f"at least {before_ms} ms", after_ms


def _dated(known: Told, told: Told) -> Broken:
    """Whether the first instant of creation is that of the id; `_after` judges later ones."""
    expected_ms, seen_ms = carried_ms(told.get("id")), told.get("created_at")
    if known.get("created_at") is None and None not in (expected_ms, seen_ms):
        yield from _unlike(rules.ID_TELLS_TIME, "created_at", expected_ms, seen_ms)


def _unlike(rule: Rule, name: str, expected: object, seen: object) -> Broken:
    if expected != seen:
        yield rule, name, expected, seen


def _after(known: Told, told: Told) -> Broken:
    """What only shows against earlier looks."""
    if not known or not {known["status"], told["status"]} <= NEXT.keys():
        return
    removed = bool(known.get("data_removed"))
    if removed and told.get("data_removed") is False:
        yield rules.REMOVED_STAYS_REMOVED, "data_removed", True, False
    gone = _DATA if removed or told.get("data_removed") or _untold(told) else frozenset()
    yield from _changed(rules.IDENTITY_STABLE, _IDENTITY - gone, known, told)
    if known["status"] in TERMINAL:
        yield from _changed(rules.ENDED_IS_FINAL, _OUTCOME - gone, known, told)
    else:
        yield from _grown(known, told, gone)


def _untold(told: Told) -> bool:
    """Whether data may be gone without a word: some gateways do not tell that it was removed."""
    return "data_removed" not in told and "output" in told and told["output"] is None


_DATA: Final = frozenset({"input", "logs", "output"})
_IDENTITY: Final = frozenset({"id", "model", "version", "input", "created_at"})
_OUTCOME: Final = frozenset(
    {"status", "output", "logs", "error", "started_at", "completed_at", "metrics"}
)


def _changed(rule: Rule, names: frozenset[str], known: Told, told: Told) -> Broken:
    for name in sorted(names & known.keys() & told.keys()):
        if known[name] != told[name]:
            yield rule, name, known[name], told[name]


def _grown(known: Told, told: Told, gone: frozenset[str]) -> Broken:
    """What may change while a prediction histories, and only forwards."""
    legal = REACHABLE[known["status"]]
    if told["status"] not in legal:
        yield rules.STATUS_REACHABLE, "status", sorted(legal), told["status"]
        return
    if known.get("started_at") is not None:
        yield from _changed(rules.TIMES_STABLE, frozenset({"started_at"}), known, told)
    logs = told.get("logs")
    if logs is not None and "logs" not in gone and not logs.startswith(known.get("logs", "")):
        yield rules.LOGS_GROW, "logs", f"{known['logs']}…", logs
    # What was put out before the run is a finding of its own, and not there to be kept.
    begun = known["status"] not in _NEVER_RAN
    if begun and "output" in told and "output" not in gone and not _taken_back(told):
        before, after = _outputs(known.get("output")), _outputs(told["output"])
        if not all(map(_same_file, before, after)) or len(after) < len(before):
            yield rules.OUTPUT_GROWS, "output", before, after


def _taken_back(told: Told) -> bool:
    """Whether what was put out is gone with the failure. Source: upstream's answers."""
    return told["status"] == Status.FAILED and told["output"] is None


def _outputs(output: object) -> tuple[object, ...]:
    if output is None:
        return ()
    return tuple(output) if isinstance(output, list) else (output,)


def _same_file(before: object, after: object) -> bool:
    """Whether these may be one file: a sync answer writes it out, others give its address."""
    return before == after or _written_out(before) != _written_out(after)


def _written_out(output: object) -> bool:
    return isinstance(output, str) and output.startswith("data:")
