"""Answers performed in the caller's own thread, by two ways of waiting: sleeping and jumping."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from threading import Event
from typing import Final

from mockserver.core.reply import (
    Answer,
    Bell,
    Close,
    Hold,
    Later,
    Reply,
    Reset,
    Script,
    Send,
    Stall,
    Work,
)


Wait = Callable[[Bell, str, int | None], None]
"""Returns when it is worth asking again: at a world time (None: never), or when the bell rings."""


NAP_S: Final = 1.0
"""The longest sleep in one piece: a bell that rang before anybody listened is not heard."""


class BrokenOff(ConnectionError):
    """The reply's script broke the connection."""


class NeverAnswered(TimeoutError):
    """Nothing but a hand can end this wait, and the only hand there is waits."""


def sleep(bell: Bell, about: str, at_ms: int | None) -> None:
    """Wait in this thread, in real time, `NAP_S` at most."""
    if bell.jumps_when_idle and at_ms is not None:
        bell.jump(at_ms)
        return
    rung = Event()
    unsubscribe = bell.subscribe(about, rung.set)
    try:
        delay_s = None if at_ms is None else bell.delay_s(at_ms)
        rung.wait(NAP_S if delay_s is None else min(delay_s, NAP_S))
    finally:
        unsubscribe()


def jump(bell: Bell, about: str, at_ms: int | None) -> None:
    """Wait by moving the world's clock. Raises `NeverAnswered` where there is nothing ahead."""
    if at_ms is None:
        raise NeverAnswered(f"{about} never changes again by itself: advance, cancel or force it")
    bell.jump(at_ms)


def resolved(answer: Answer, wait: Wait) -> Reply:
    """The reply that `answer` turns out to be."""
    while not isinstance(answer, Reply):
        match answer:
            case Work(run=run):
                answer = run()
            case Later(at_ms=at_ms, about=about, bell=bell, then=then):
                _rest(at_ms, about, bell, wait)
                answer = then(bell.now_ms())
    return answer


def body(reply: Reply, wait: Wait) -> Iterator[bytes]:
    """The bytes of a reply's body as they come. Raises `BrokenOff` where its script says so."""
    if reply.body:
        yield reply.body
    yield from _played(reply.script, reply.bell, wait)


def _played(script: Script, bell: Bell | None, wait: Wait) -> Iterator[bytes]:
    """What the script writes; a `Hold` puts what follows from it in front of the rest."""
    left = deque(script)
    while left:
        match left.popleft():
            case Send(data=data, at_ms=at_ms):
                _until(at_ms, bell, wait)
                if data:
                    yield data
            case Stall(until_ms=until_ms):
                _until(until_ms, bell, wait)
            case Hold(at_ms=at_ms, about=about, bell=its_bell, then=then):
                _rest(at_ms, about, its_bell, wait)
                left.extendleft(reversed(then(its_bell.now_ms())))
            case Close(at_ms=at_ms):
                _until(at_ms, bell, wait)
                return
            case Reset(at_ms=at_ms):
                _until(at_ms, bell, wait)
                raise BrokenOff("the connection was reset, as the reply's script says")


def _rest(at_ms: int | None, about: str, bell: Bell, wait: Wait) -> None:
    """Wait once, unless `at_ms` has come."""
    if at_ms is None or at_ms > bell.now_ms():
        wait(bell, about, at_ms)


def _until(at_ms: int | None, bell: Bell | None, wait: Wait) -> None:
    """Wait until `at_ms` has come, however often the bell rings before."""
    while bell is not None and (at_ms is None or at_ms > bell.now_ms()):
        wait(bell, "", at_ms)
