"""`urls.stream`: a prediction's moments as server-sent events, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from mockserver.core import readers, sse
from mockserver.core.reply import Hold, Reply, Script, Send
from mockserver.core.timeline import Moment, Status, Timeline
from mockserver.library.json_text import dumps
from mockserver.service import predictions
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World


Outputs = Callable[[Seen, int], Sequence[object]]
"""Tells the first so many pieces of a prediction's output."""

HEADERS: Final = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Accel-Buffering", "no"),
)

_DONE: Final[Mapping[Status, str]] = {
    Status.CANCELED: '{"reason":"canceled"}',
    Status.ABORTED: '{"reason":"canceled"}',
    Status.FAILED: '{"reason":"error"}',
}
_MOST_EVENTS: Final = 10_000
"""No moment brings as many events as this, so that ids count upwards."""

IDLE_MS: Final = 30_000
"""How long a stream may have nothing to tell. Source: replicate.com/docs, streaming."""


def streamed(world: World, prediction_id: str, outputs: Outputs, last_event_id: str = "") -> Reply:
    """The events of one prediction up to `done`; nobody is asked for a token.

    It begins behind the event that `last_event_id` names, and ends when nothing came for 30 s.
    """
    begun_ms = world.clock.now_ms()
    if predictions.look(world, prediction_id, now_ms=begun_ms).data_removed:
        return Reply(200, HEADERS, sse.HELLO + sse.EXPIRED)
    resumed = _number(last_event_id)

    def more(told: int, heard_ms: int) -> Script:
        seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
        known = readers.seen(seen.moments, seen.after_ms)
        sent: list[bytes] = []
        for at_ms, number, event in _events(outputs, seen, known, told):
            if at_ms - heard_ms > IDLE_MS:
                return (Send(b"".join((*sent, sse.EXPIRED))),)
            heard_ms = max(heard_ms, at_ms)
            sent.extend((event,) if number > resumed else ())
        silent_ms = heard_ms + IDLE_MS
        if seen.moment.ended or world.forgotten:
            return (Send(b"".join(sent)),)
        if seen.now_ms >= silent_ms:
            return (Send(b"".join((*sent, sse.EXPIRED))),)
        at_ms = min(silent_ms, seen.next_change_ms or silent_ms)
        then = partial(more, len(known), heard_ms)
        return Send(b"".join(sent)), Hold(at_ms, prediction_id, world.bell, lambda _: then())

    return Reply(200, HEADERS, sse.HELLO, more(0, begun_ms), bell=world.bell)


def _number(event_id: str) -> int:
    """The number in the id of an event; what is no id comes before all of them."""
    number = event_id.rpartition(":")[2][:18]
    return int(number) if number.isascii() and number.isdecimal() else -1


def _events(
    outputs: Outputs, seen: Seen, known: Timeline, told: int
) -> Iterator[tuple[int, int, bytes]]:
    """What the moments from the `told`-th on bring: when, the number of the event, its bytes."""
    before = known[told - 1] if told else Moment(0, Status.STARTING)
    # All that was ever told, also where a failure took it back.
    most = max((moment.outputs for moment in known[told:]), default=0)
    values = outputs(seen, most) if most > before.outputs else ()
    for place, moment in enumerate(known[told:], told):
        at_ms = seen.created.at_ms + moment.after_ms
        for number, (name, data) in enumerate(_news(values, seen, before, moment)):
            count = place * _MOST_EVENTS + number
            yield at_ms, count, sse.event(name, data, f"{at_ms // 1000}:{count}")
        before = moment


def _news(
    values: Sequence[object], seen: Seen, before: Moment, moment: Moment
) -> Iterator[tuple[str, str]]:
    """What `moment` has that the one before it had not, as event names and data."""
    if log := moment.logs[len(before.logs) :]:
        yield "logs", log.replace("{seed}", str(seen.created.seed))
    for value in values[before.outputs : moment.outputs]:
        yield "output", value if isinstance(value, str) else dumps(value).decode()
    if moment.status is Status.FAILED:
        yield "error", dumps({"detail": moment.error or ""}).decode()
    if moment.ended:
        yield "done", _DONE.get(moment.status, "{}")
