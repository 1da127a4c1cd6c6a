"""One answer on its way through: what the client has of it by when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from mockserver.core.cassette import Recorded
from mockserver.core.clock import Clock
from mockserver.core.interaction import Request
from mockserver.core.reply import Hold, Later, Reply, Send
from mockserver.service.bell import WorldBell
from mockserver.web.recording.flow import Flow


PIECES: Final = (b"one ", b"two ", b"three")
WHOLE: Final = b"".join(PIECES)


class Pieces(httpx.SyncByteStream):
    """A body that comes piece by piece."""

    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


def sent(flow: Flow) -> tuple[bytes | None, bool]:
    """What of the body has gone out so far, None before its head, and whether that was the end."""
    answer = flow.answer()
    assert isinstance(answer, Later)
    reply = answer.then(0)
    if not isinstance(reply, Reply):
        return None, False
    told = b"".join(one.data for one in reply.script if isinstance(one, Send))
    return reply.body + told, not any(isinstance(one, Hold) for one in reply.script)


@pytest.mark.parametrize(
    ("pieces", "headers", "before"),
    [
        (PIECES, {"content-length": str(len(WHOLE))}, b"one two "),
        (PIECES, {}, WHOLE),
        ((), {"content-length": "0"}, None),
    ],
    ids=["told-length", "until-closed", "empty"],
)
def test_it_is_kept_before_the_client_can_have_its_end(
    pieces: tuple[bytes, ...], headers: dict[str, str], before: bytes | None
) -> None:
    """The piece that completes the told length waits until it is kept, as does an empty one."""
    flow = Flow(Request("GET", "/a.png"), "a", WorldBell(Clock()), lambda: 0)
    seen: list[tuple[bytes | None, bool]] = []

    def kept(_one: Recorded) -> None:
        seen.append(sent(flow))

    answer = httpx.Response(
        200, headers={"content-type": "image/png", **headers}, stream=Pieces(pieces)
    )
    flow.run(
        lambda: answer, lambda one: Reply(one.seen.status), kept, lambda _: None, lambda: None
    )
    assert seen == [(before, False)]
    assert sent(flow) == (b"".join(pieces), True)
