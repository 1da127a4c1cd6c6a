"""A cassette drawn for a terminal: each life as a bar, its changes in lines, its interactions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from mockserver.contract.cassettes.sights import Role, Seen
from mockserver.core.cassette import Cassette, Job, Recorded, State
from mockserver.core.timeline import TERMINAL, Status
from mockserver.core.timestamps import edge_timestamp


WIDTH: Final = 60
_LETTERS: Final = {
    Status.STARTING: "░",
    Status.PROCESSING: "▓",
    Status.SUCCEEDED: "█",
    Status.FAILED: "✗",
    Status.CANCELED: "-",
    Status.ABORTED: "-",
}
_LOOKED: Final = "'"
_SECOND_MS: Final = 1_000


def drawn(cassette: Cassette, roles: tuple[Seen, ...]) -> Iterator[str]:
    """The lines of the picture; what stands in them was recorded, and may hold anything."""
    yield from _head(cassette)
    for job in cassette.jobs:
        yield ""
        yield from _life(job, _looks(cassette, roles, job))
    yield ""
    for place, (one, seen) in enumerate(zip(cassette.recorded, roles, strict=True)):
        yield f"{place:>4}  {_interaction(one, seen)}"
    for hook in cassette.hooks:
        yield f"      +{_span(hook.at_ms)} webhook to {hook.request.header('host')}"


def _head(cassette: Cassette) -> Iterator[str]:
    yield f"{cassette.upstream or 'somebody'}, as {cassette.gateway}"
    expires = cassette.expires_ms
    until = "" if expires is None else f", to be recorded anew from {edge_timestamp(expires)}"
    yield f"recorded {edge_timestamp(cassette.recorded_ms)}{until}"


def _life(job: Job, looks_ms: list[int]) -> Iterator[str]:
    last = job.states[-1]
    end = f"{last.status} after {_span(last.after_ms)}" if job.ended else "never seen to end"
    yield f"{job.id}  {job.model}  {end}"
    whole_ms = max(last.after_ms, job.seen_until_ms, 1)
    yield f"      {_bar(job, whole_ms)}"
    if looks_ms:
        yield f"      {_ticks(looks_ms, whole_ms)}"
    yield f"      {_change(None, job.states[0])}"
    for before, after in pairwise(job.states):
        yield f"      {_change(before, after)}"


def _bar(job: Job, whole_ms: int) -> str:
    cells = (job.at(place * whole_ms // WIDTH).status for place in range(WIDTH))
    return "".join(_LETTERS[status] for status in cells) + _LETTERS[job.states[-1].status]


def _ticks(looks_ms: list[int], whole_ms: int) -> str:
    """A mark below the bar for each look."""
    marks = {min(at_ms * WIDTH // whole_ms, WIDTH) for at_ms in looks_ms}
    return "".join(_LOOKED if place in marks else " " for place in range(WIDTH + 1)).rstrip()


def _change(before: State | None, after: State) -> str:
    told = [f"+{_span(after.after_ms):<9} {after.status:<10}", *_news(before, after)]
    if after.inferred:
        told.append("(inferred)")
    elif after.unseen_ms is not None and after.unseen_ms < after.after_ms - 1:
        told.append(f"(after {_span(after.unseen_ms)})")
    return " ".join(told).rstrip()


def _news(before: State | None, after: State) -> Iterator[str]:
    logs = after.logs.removeprefix(before.logs if before else "")
    if logs:
        yield f"{logs.count(chr(10)) or 1} lines of logs"
    outputs = len(after.outputs) - (len(before.outputs) if before else 0)
    if outputs:
        yield f"{outputs:+} outputs"
    if after.error and after.status in TERMINAL:
        yield repr(after.error[:WIDTH])


def _looks(cassette: Cassette, roles: tuple[Seen, ...], job: Job) -> list[int]:
    looks = (
        one.seen.at_ms - job.begun_ms
        for one, seen in zip(cassette.recorded, roles, strict=True)
        if seen == Seen(Role.LOOK, job.id)
    )
    return [max(0, at_ms) for at_ms in looks]


def _interaction(one: Recorded, seen: Seen) -> str:
    status = one.seen.status or "no answer"
    pieces = f" in {len(one.parts)} pieces" if one.parts else ""
    error = f" ({one.error})" if one.error else ""
    path = one.request.path + (f"?{one.request.query}" if one.request.query else "")
    meant = f"  {seen.role.value}" if seen.role is not Role.OTHER else ""
    return f"+{_span(one.seen.at_ms)} {one.request.method} {path} → {status}{pieces}{error}{meant}"


def _span(ms: int) -> str:
    return f"{ms} ms" if ms < _SECOND_MS else f"{ms / _SECOND_MS:g} s"
