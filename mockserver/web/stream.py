"""`urls.stream`: a prediction's moments as server-sent events, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from mockserver.core import readers, sse
from mockserver.core.reply import Hold, Reply, Script, Send
from mockserver.core.timeline import Moment, Status, Timeline
from mockserver.service import predictions
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World


Addresses = Callable[[Seen], Sequence[str]]
"""Where the outputs of a prediction lie."""

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
_MOST_EVENTS: Final = 1_000
"""No moment brings as many events as this, so that ids count upwards."""


def streamed(world: World, prediction_id: str, addresses: Addresses) -> Reply:
    """The events of one prediction from its beginning to `done`; nobody is asked for a token."""
    if predictions.look(world, prediction_id, now_ms=world.clock.now_ms()).data_removed:
        return Reply(200, HEADERS, sse.HELLO + sse.EXPIRED)

    def more(told: int) -> Script:
        seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
        known = readers.seen(seen.moments, seen.after_ms)
        events = Send(b"".join(_events(addresses, seen, known, told)))
        if seen.moment.ended or world.forgotten:
            return (events,)
        then = partial(more, len(known))
        return events, Hold(seen.next_change_ms, prediction_id, world.bell, lambda _: then())

    return Reply(200, HEADERS, sse.HELLO, more(0), bell=world.bell)


def _events(addresses: Addresses, seen: Seen, known: Timeline, told: int) -> Iterator[bytes]:
    """What the moments from the `told`-th on bring, event by event."""
    before = known[told - 1] if told else Moment(0, Status.STARTING)
    for place, moment in enumerate(known[told:], told):
        second = (seen.created.at_ms + moment.after_ms) // 1000
        for number, (name, data) in enumerate(_news(addresses, seen, before, moment)):
            yield sse.event(name, data, f"{second}:{place * _MOST_EVENTS + number}")
        before = moment


def _news(
    addresses: Addresses, seen: Seen, before: Moment, moment: Moment
) -> Iterator[tuple[str, str]]:
    """What `moment` has that the one before it had not, as event names and data."""
    if log := moment.logs[len(before.logs) :]:
        yield "logs", log.replace("{seed}", str(seen.created.seed))
    if moment.outputs > before.outputs:
        shown = addresses(seen)[before.outputs : moment.outputs]
        yield from (("output", address) for address in shown)
    if moment.status is Status.FAILED:
        yield "error", moment.error or ""
    if moment.ended:
        yield "done", _DONE.get(moment.status, "{}")
