"""`urls.stream`: a prediction's moments as server-sent events, as they come."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.core import readers, sse
from mockserver.core.reply import Close, Hold, Reply, Script, Send
from mockserver.core.timeline import Moment, Status
from mockserver.service import predictions
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World
from mockserver.web.call import Call
from mockserver.web.telling import addresses


HEADERS = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Accel-Buffering", "no"),
)

_REASONS = {Status.CANCELED: '{"reason":"canceled"}', Status.ABORTED: '{"reason":"canceled"}'}


def streamed(call: Call, world: World, prediction_id: str) -> Reply:
    """The events of one prediction from its beginning to `done`."""

    def more(told: Moment | None) -> Script:
        seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
        events = b"".join(_events(call, seen, told))
        if seen.moment.ended:
            return Send(events), Close()
        after = seen.moment
        return Send(events), Hold(
            seen.next_change_ms, prediction_id, world.bell, lambda _: more(after)
        )

    return Reply(200, HEADERS, sse.HELLO, more(None), bell=world.bell)


def _events(call: Call, seen: Seen, told: Moment | None) -> Iterator[bytes]:
    """What happened since the moment `told`, event by event."""
    known = told
    for moment in readers.seen(seen.moments, seen.after_ms):
        if known is not None and moment.after_ms <= known.after_ms:
            continue
        yield from _news(call, seen, known, moment)
        known = moment


def _news(call: Call, seen: Seen, known: Moment | None, moment: Moment) -> Iterator[bytes]:
    second = (seen.created.at_ms + moment.after_ms) // 1000
    log = moment.logs[len(known.logs) if known else 0 :].replace("{seed}", str(seen.created.seed))
    first = known.outputs if known else 0
    told: list[tuple[str, str]] = [("logs", log)] if log else []
    told += [("output", address) for address in addresses(call, seen)[first : moment.outputs]]
    if moment.error is not None:
        told.append(("error", moment.error))
    if moment.ended:
        failed = '{"reason":"error"}' if moment.status is Status.FAILED else "{}"
        told.append(("done", _REASONS.get(moment.status, failed)))
    for number, (name, data) in enumerate(told):
        yield sse.event(name, data, f"{second}:{moment.after_ms * 10 + number}")
