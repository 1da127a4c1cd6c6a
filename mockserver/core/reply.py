"""An answer as data: status, headers and a script of timed wire actions.

A handler returns one of three values and never blocks, sleeps or touches a socket:

* `Reply`: known now; `body` goes out at once, then the `script` is performed;
* `Later`: not known yet; ask again at a moment of the world's clock, or when its bell rings;
* `Work`: known after a calculation too long for an event loop (drawing a picture).

An edge performs it: our server with timers on the raw transport, a plain WSGI server by sleeping
in its thread, the in-process mount by jumping the clock.
Times are the world's, in integer milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol


class Bell(Protocol):
    """What tells a waiting edge that the world it waits in has changed."""

    def delay_s(self, at_ms: int) -> float | None:
        """Seconds of real time until world time `at_ms`; None if only a hand moves the clock."""
        ...

    def jump(self, at_ms: int) -> None:
        """Move the world's clock forward to `at_ms`: nobody is left who does anything but wait."""
        ...

    @property
    def jumps_when_idle(self) -> bool:
        """Whether a waiting edge may `jump` as soon as every open request only waits."""
        ...

    def now_ms(self) -> int:
        """The world's time."""
        ...

    def subscribe(self, about: str, ring: Callable[[], None]) -> Callable[[], None]:
        """Call `ring` whenever the clock is moved or `about` changes; returns the unsubscriber.

        `ring` may be called from any thread.
        """
        ...


@dataclass(frozen=True, slots=True)
class Send:
    """Write `data` when the world's clock shows `at_ms`."""

    data: bytes
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Stall:
    """Write nothing until `at_ms`; None means never again."""

    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection in order (FIN) at `at_ms`, whatever was promised before."""

    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection (RST) at `at_ms`."""

    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class NoConnection:
    """There is no connection to speak on, for this `reason`: a client's own transport tells it."""

    reason: str
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Expire:
    """The answer is complete, but the connection is worn out: its next request is closed upon.

    With `reset` it is broken (RST) instead of closed (FIN). It is the last action of a script.
    """

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Ask `then` for the next actions at `at_ms`, or sooner when the bell rings for `about`."""

    at_ms: int | None
    about: str
    bell: Bell
    then: Callable[[int], Script]


Action = Send | Stall | Close | Reset | NoConnection | Expire | Hold
Script = tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers, the bytes that go out at once, and what happens after them.

    Without a script the edge adds `Content-Length`; with one, the body has no length promised in
    advance (chunked on HTTP/1.1) unless the headers already say `content-length`.
    A `raw` reply is its body and its script and nothing else: the edge writes no head and no
    framing, and the connection ends behind it. Its status is what a reader makes of it, 0 nothing.
    Nothing of it goes out before `at_ms`.
    Whatever carries a time needs `bell`, the clock it is timed by.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    script: Script = ()
    bell: Bell | None = field(default=None, compare=False)
    raw: bool = False
    at_ms: int = 0

    def has(self, name: str) -> bool:
        """Whether it has a header of this name, which is in lower case."""
        return any(own.lower() == name for own, _ in self.headers)

    def with_headers(self, *more: tuple[str, str]) -> Reply:
        """The same reply with `more` headers behind its own."""
        # `replace` would take three times as long, and every answer comes through here.
        headers = self.headers + more
        return Reply(self.status, headers, self.body, self.script, self.bell, self.raw, self.at_ms)


@dataclass(frozen=True, slots=True)
class Later:
    """Not known yet: ask `then(now_ms)` at `at_ms`, or sooner when the bell rings for `about`.

    `at_ms` None means that only the bell can end the wait. `then` may answer `Later` again.
    """

    at_ms: int | None
    about: str
    bell: Bell
    then: Callable[[int], Answer]


@dataclass(frozen=True, slots=True)
class Work:
    """Known once `run` has been called; too slow for an event loop, safe in any thread."""

    run: Callable[[], Answer]


Answer = Reply | Later | Work


def edited(answer: Answer, edit: Callable[[Reply], Reply]) -> Answer:
    """The same answer, with `edit` made to its reply as soon as that is known."""
    match answer:
        case Reply():
            return edit(answer)
        case Later(then=then):
            return replace(answer, then=lambda now_ms: edited(then(now_ms), edit))
        case Work(run=run):
            return Work(lambda: edited(run(), edit))
