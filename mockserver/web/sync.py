"""`Prefer: wait`: a create call that is held open until there is something to say."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.core import readers
from mockserver.core.reply import Answer, Later, Reply, Work
from mockserver.core.timeline import Moment, Status
from mockserver.service import predictions
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World


Render = Callable[[Seen], Reply]


def held(world: World, prediction_id: str, wait_ms: int, ended: Render, expired: Render) -> Answer:
    """The answer of a create call that waits: `ended` at the end, `expired` if that is too late.

    What has ended by then is told as it is; a wait that runs out says `starting`, because the
    official clients poll on after no other status.
    Source: replicate-python, `run`; twelve recorded sync exchanges of upstream, October 2024.
    """

    def answer(now_ms: int) -> Answer:
        seen = predictions.look(world, prediction_id, now_ms=now_ms)
        if seen.moment.ended:
            return Work(lambda: ended(seen))
        until_ms = seen.created.at_ms + readers.wait_until_ms(seen.moments, wait_ms)
        if now_ms >= until_ms or world.forgotten:
            return expired(as_created(seen))
        return Later(until_ms, prediction_id, world.bell, answer)

    return answer(world.clock.now_ms())


def as_created(seen: Seen) -> Seen:
    """The same prediction as it was in its first moment."""
    return Seen(seen.created, seen.moments[:1], seen.created.at_ms)


def as_recorded(seen: Seen) -> Seen:
    """A success as upstream was recorded to tell it in a sync answer; other ends as they are.

    The files are there, but the prediction is still called `processing`: no logs, no metrics, no
    times of start and end.
    Source: twelve recorded sync exchanges of upstream, October 2024.
    """
    ended = seen.moment
    if ended.status is not Status.SUCCEEDED:
        return seen
    told = Moment(0, Status.PROCESSING, outputs=ended.outputs)
    return Seen(seen.created, (told,), seen.now_ms)
