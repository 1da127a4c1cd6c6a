"""What holds for every fault of a stream, whatever the events are and however they come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core import sse
from mockserver.core.clock import FROZEN, Clock
from mockserver.core.fault import Operation
from mockserver.core.reply import Hold, Reply, Script, Send
from mockserver.library.faults import catalogue, streams
from mockserver.service.bell import WorldBell
from mockserver.web.performing import BrokenOff, NeverAnswered, Unfinished, body, jump
from tests.faults import strike_of


HEADERS: Final = (("Content-Type", "text/event-stream; charset=utf-8"),)
EVENTS: Final = st.lists(
    st.tuples(st.sampled_from(["output", "logs", "error"]), st.text(max_size=12)), max_size=8
)


def struck(text: str, reply: Reply) -> Reply:
    """What the fault that `text` describes makes of a reply."""
    strike = strike_of(text, operation=Operation.STREAM)
    if strike.kind.reply:
        reply = strike.kind.reply(reply, strike)
    return streams.edited(reply, strike.kind.stream, strike) if strike.kind.stream else reply


def scripted(batches: Sequence[bytes], bell: WorldBell) -> Script:
    """A script that tells one batch after the other, as a stream does that is followed."""
    if not batches:
        return ()
    then = partial(scripted, batches[1:], bell)
    return Send(batches[0]), Hold(0, "p", bell, lambda _: then())


def performed(text: str, batches: Sequence[bytes]) -> tuple[bytes, str]:
    """The bytes of a stream under the fault, and what broke it off."""
    bell = WorldBell(Clock(FROZEN))
    reply = struck(text, Reply(200, HEADERS, sse.HELLO, scripted(batches, bell), bell))
    heard = b""
    try:
        for part in body(reply, jump):
            heard += part
    except (BrokenOff, Unfinished, NeverAnswered) as reason:
        return heard, type(reason).__name__
    return heard, ""


@pytest.mark.parametrize("text", catalogue.examples("sse"))
@given(told=EVENTS, cuts=st.lists(st.integers(0, 9), max_size=4))
@settings(max_examples=15, deadline=None)
def test_it_does_not_matter_in_how_many_batches_events_come(
    text: str, told: list[tuple[str, str]], cuts: list[int]
) -> None:
    """The same bytes and the same end, whatever the events say, and nothing of ours breaks."""
    found = [sse.event(name, data, f"1:{place}") for place, (name, data) in enumerate(told)]
    found.append(sse.event("done", "{}", "2:99"))
    edges = sorted({0, *(min(cut, len(found)) for cut in cuts), len(found)})
    batches = [b"".join(found[start:stop]) for start, stop in pairwise(edges)]
    assert performed(text, batches) == performed(text, [b"".join(found)])


@pytest.mark.parametrize("text", catalogue.examples("sse"))
def test_an_answer_that_is_no_stream_stays_an_answer(text: str) -> None:
    """A refusal, or a stream that is gone: it is told as it is, or refused otherwise."""
    kind = strike_of(text).kind
    for reply in (
        Reply(404, (("Content-Type", "application/json"),), b'{"detail":"no"}'),
        Reply(200, HEADERS, sse.HELLO + sse.EXPIRED),
    ):
        edited = struck(text, reply)
        assert edited.status in {200, 404, 502}
        assert edited == reply or kind.reply


def test_the_law_sees_batches() -> None:
    """It would see a fault that counts from the beginning of each batch."""
    found = [sse.event("output", str(number), f"1:{number}") for number in range(6)]
    lengths = [len(heard) for heard in accumulate(found)]
    assert lengths[2] == len(performed("sse.reset;after=3", found)[0]) - len(sse.HELLO)
