"""Answers performed in the caller's own thread, by two ways of waiting: sleeping and jumping."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from threading import Event
from typing import Final

from mockserver.core.reply import (
    Answer,
    Bell,
    Close,
    Expire,
    Hold,
    Later,
    NoConnection,
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


class Unfinished(ConnectionError):
    """The reply's script closed the connection before the last chunk."""


class NotConnected(ConnectionError):
    """The reply's script says that there was nobody to connect to."""


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


def patient(timeout_s: float | None) -> Wait:
    """A jump for a client that waits no longer than this for a stalled reply's next bytes.

    What is not stalled but held (a sync create, a stream) is waited for as long as it takes.
    Raises `NeverAnswered`.
    """

    def wait(bell: Bell, about: str, at_ms: int | None) -> None:
        if not about and timeout_s is not None:
            given_up_ms = bell.now_ms() + round(timeout_s * 1000)
            if at_ms is None or at_ms > given_up_ms:
                bell.jump(given_up_ms)
                raise NeverAnswered(
                    f"nothing came within the {timeout_s:g} s of its read time-out"
                )
        jump(bell, about, at_ms)

    return wait


def resolved(answer: Answer, wait: Wait) -> Reply:
    """The reply that `answer` turns out to be, once it may begin."""
    while not isinstance(answer, Reply):
        match answer:
            case Work(run=run):
                answer = run()
            case Later(at_ms=at_ms, about=about, bell=bell, then=then):
                _rest(at_ms, about, bell, wait)
                answer = then(bell.now_ms())
    _until(answer.at_ms, answer.bell, wait)
    return answer


def body(reply: Reply, wait: Wait) -> Iterator[bytes]:
    """The bytes of a reply's body as they come.

    Raises `BrokenOff` where its script says so, and `Unfinished` where it closes the connection
    and nothing but the last chunk could have told that this is the end.
    """
    if reply.body:
        yield reply.body
    closed = yield from _played(reply.script, reply.bell, wait)
    if closed and not reply.raw and not reply.has("content-length"):
        raise Unfinished("the connection was closed before the last chunk")


def _played(script: Script, bell: Bell | None, wait: Wait) -> Generator[bytes, None, bool]:
    """What the script writes; a `Hold` puts what follows from it in front of the rest.

    Returns whether the connection is closed.
    """
    left = deque(script)
    # Nothing outlives the reply here that could expire.
    while left and not isinstance(left[0], Expire):
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
            case Close() | Reset() | NoConnection() as end:
                _until(end.at_ms, bell, wait)
                _end(end)
                return True
    return False


def _end(how: Close | Reset | NoConnection) -> None:
    """Raises `BrokenOff` or `NotConnected` unless the connection is closed in order."""
    match how:
        case Reset():
            raise BrokenOff("the connection was reset, as the reply's script says")
        case NoConnection(reason=reason):
            raise NotConnected(reason)


def _rest(at_ms: int | None, about: str, bell: Bell, wait: Wait) -> None:
    """Wait once, unless `at_ms` has come."""
    if at_ms is None or at_ms > bell.now_ms():
        wait(bell, about, at_ms)


def _until(at_ms: int | None, bell: Bell | None, wait: Wait) -> None:
    """Wait until `at_ms` has come, however often the bell rings before."""
    while bell is not None and (at_ms is None or at_ms > bell.now_ms()):
        wait(bell, "", at_ms)
