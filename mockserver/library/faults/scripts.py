"""What goes wrong amid a body: it breaks off, falls silent, or comes piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from mockserver.core.reply import Action, Bell, Hold, Reply, Script, Send
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Strike


Pace = Callable[[bytes, int], Iterable[Send]]
"""How bytes come that could all be sent at a moment."""

_AT_ONCE: Final = 256
"""So many pieces are made at once: a picture that drips has millions."""


def interrupted(reply: Reply, after_bytes: int, by: Script, *, goes_on: bool = False) -> Reply:
    """The reply with `by` behind so many bytes of its body, and what follows if it `goes_on`.

    A body that is all there is interrupted before its last byte at the latest.
    """
    if wire.is_whole(reply):
        after_bytes = min(after_bytes, max(0, len(reply.body) - 1))
        reply = wire.promised(reply)
    if reply.raw:
        return reply
    script = _interrupted((Send(reply.body), *reply.script), after_bytes, by, goes_on=goes_on)
    match tuple(script):
        case (Send(data=data), *rest):
            return replace(reply, body=data, script=tuple(rest))
        case actions:
            return replace(reply, body=b"", script=actions)


def paced(reply: Reply, pace: Pace, strike: Strike) -> Reply:
    """The reply, whose body comes at this `pace`."""
    if reply.raw or strike.bell is None:
        return reply
    slow = _paced((Send(reply.body), *reply.script), pace, strike.bell, strike.now_ms)
    return replace(wire.promised(reply), body=b"", script=slow, bell=strike.bell)


def _interrupted(
    script: Script, left_bytes: int, by: Script, *, goes_on: bool
) -> Iterator[Action]:
    for place, action in enumerate(script, start=1):
        match action:
            case Send(data=data, at_ms=at_ms) if len(data) >= left_bytes:
                yield from _sent(data[:left_bytes], at_ms)
                yield from by
                if goes_on:
                    yield from _sent(data[left_bytes:], at_ms)
                    yield from script[place:]
                return
            case Send(data=data):
                left_bytes -= len(data)
                yield action
            case Hold():
                yield _held(action, left_bytes, by, goes_on=goes_on)
            case _:
                yield action


def _sent(data: bytes, at_ms: int) -> Script:
    return (Send(data, at_ms),) if data else ()


def _held(hold: Hold, left_bytes: int, by: Script, *, goes_on: bool) -> Hold:
    def then(now_ms: int) -> Script:
        return tuple(_interrupted(hold.then(now_ms), left_bytes, by, goes_on=goes_on))

    return replace(hold, then=then)


def _paced(script: Script, pace: Pace, bell: Bell, now_ms: int) -> Script:
    """Whatever is sent comes at this pace, behind what was sent before."""
    slow: list[Action] = []
    for place, action in enumerate(script, start=1):
        match action:
            case Send(data=data, at_ms=at_ms) if data:
                pieces = iter(pace(data, max(at_ms, now_ms)))
                return (*slow, *_batch(pieces, script[place:], pace, bell))
            case Hold():
                slow.append(_held_back(action, pace, now_ms))
            case _:
                slow.append(action)
    return tuple(slow)


def _batch(pieces: Iterator[Send], rest: Script, pace: Pace, bell: Bell) -> Script:
    """The next pieces, and a hold for those that are not made yet."""
    made = tuple(islice(pieces, _AT_ONCE))
    if not made:
        return ()
    at_ms = made[-1].at_ms

    def then(_now_ms: int) -> Script:
        return _batch(pieces, rest, pace, bell) or _paced(rest, pace, bell, at_ms)

    return (*made, Hold(at_ms, "", bell, then))


def _held_back(hold: Hold, pace: Pace, now_ms: int) -> Hold:
    def then(its_ms: int) -> Script:
        return _paced(hold.then(its_ms), pace, hold.bell, max(its_ms, now_ms))

    return replace(hold, then=then)
