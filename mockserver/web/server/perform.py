"""Performs an answer on a connection: waits for it, writes it, plays its script."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from mockserver.core.reply import (
    Action,
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
from mockserver.web.server.framing import Exchange, Framing, opening, whole
from mockserver.web.server.waiting import Wait, Waits


_Settlers = Mapping[type[Answer], Callable[["Performance", Any], Answer | None]]
_Performers = Mapping[type[Action], Callable[["Performance", Any], bool]]

logger = logging.getLogger(__name__)


class Wire(Protocol):
    """The connection an answer is performed on."""

    @property
    def waits(self) -> Waits:
        """Where its waiting is done."""
        ...

    @property
    def date(self) -> bytes:
        """The `Date` header line of this second."""
        ...

    @property
    def writing_paused(self) -> bool:
        """Whether the client is behind with reading."""
        ...

    def write(self, data: bytes) -> None:
        """Send `data` as it is."""
        ...

    def work(self, run: Callable[[], Answer], done: Callable[[], None]) -> asyncio.Future[Answer]:
        """Call `run` in another thread, then `done` on the loop."""
        ...

    def finish(self, *, keep_alive: bool) -> None:
        """The answer is complete."""
        ...

    def expire_on_next(self, *, reset: bool) -> None:
        """Close, or break, the connection when the next request comes."""
        ...

    def close(self) -> None:
        """Send what was written, then FIN."""
        ...

    def reset(self) -> None:
        """Send RST."""
        ...

    def fail(self, *, opened: bool) -> None:
        """The answer broke; with `opened`, after bytes of it went out."""
        ...


class Performance:
    """One answer on its way to one connection; `resume` goes on as far as it can."""

    __slots__ = (
        "_actions",
        "_answer",
        "_bell",
        "_exchange",
        "_framing",
        "_future",
        "_over",
        "_sent_bytes",
        "_wait",
        "_wire",
    )

    def __init__(self, wire: Wire, exchange: Exchange, answer: Answer) -> None:
        """Nothing happens before the first `resume`."""
        self._wire = wire
        self._exchange = exchange
        self._answer = answer
        self._actions: Script = ()
        self._bell: Bell | None = None
        self._framing: Framing | None = None
        self._future: asyncio.Future[Answer] | None = None
        self._wait: Wait | None = None
        self._sent_bytes = 0
        self._over = False

    def resume(self) -> None:
        """Goes on until something has to be waited for, or all is done."""
        if self._over:
            return
        try:
            self._go_on()
        except Exception:
            request = self._exchange.request
            logger.exception("answering %s %s failed", request.method, request.path)
            self.cancel()
            self._wire.fail(opened=self._framing is not None)

    @property
    def works(self) -> bool:
        """Whether the answer is being worked out in another thread."""
        return self._future is not None

    def cancel(self) -> None:
        """Leaves nothing behind: no timer, no subscription, no work that nobody waits for."""
        self._over = True
        self._forget_wait()
        if self._future is not None:
            self._future.cancel()

    def _go_on(self) -> None:
        while not isinstance(self._answer, Reply):
            settled = self._SETTLE[type(self._answer)](self, self._answer)
            if settled is None:
                return
            self._answer = settled
        if self._framing is None and not (self._due(self._answer) and self._open(self._answer)):
            return
        while self._actions:
            if not self._PERFORM[type(self._actions[0])](self, self._actions[0]):
                return
        self._end()

    def _due(self, reply: Reply) -> bool:
        """Whether it may begin; if not, that will `resume`."""
        self._bell = reply.bell
        return self._reached(reply.at_ms)

    def _open(self, reply: Reply) -> bool:
        """Write the head; whether a script follows."""
        if not reply.script:
            data, keep_alive = whole(reply, self._exchange, self._wire.date)
            self._wire.write(data)
            self._finish(keep_alive=keep_alive)
            return False
        data, self._framing = opening(reply, self._exchange, self._wire.date)
        self._sent_bytes = len(reply.body)
        self._actions = reply.script
        if self._framing.mute:
            self._actions = tuple(a for a in reply.script if not isinstance(a, Send | Hold))
        self._wire.write(data)
        return True

    def _end(self) -> None:
        framing = self._framing
        if framing is None:
            return
        if framing.chunked and not framing.mute:
            self._wire.write(b"0\r\n\r\n")
        kept = framing.mute or framing.promised in {None, self._sent_bytes}
        self._finish(keep_alive=framing.keep_alive and kept)

    def _finish(self, *, keep_alive: bool) -> None:
        self.cancel()
        self._wire.finish(keep_alive=keep_alive)

    def _wait_on(self, bell: Bell, about: str) -> Wait:
        """The wait for this bell and subject: the one there is, else a new one."""
        wait = self._wait
        if wait is None or wait.bell is not bell or wait.about != about:
            self._forget_wait()
            wait = self._wait = Wait(self._wire.waits, bell, about, self.resume)
        return wait

    def _forget_wait(self) -> None:
        if self._wait is not None:
            self._wait.cancel()
            self._wait = None

    def _reached(self, at_ms: int) -> bool:
        """Whether the world's clock shows `at_ms`; if not, it will `resume`."""
        bell = self._bell
        if at_ms <= 0:
            return True
        if bell is None:
            message = f"an action is timed at {at_ms} ms, but its reply has no bell to time it by"
            raise ValueError(message)
        if bell.now_ms() >= at_ms:
            return True
        about = self._wait.about if self._wait is not None else ""
        self._wait_on(bell, about).until(at_ms)
        return bell.now_ms() >= at_ms

    def _settle_later(self, later: Later) -> Answer | None:
        wait = self._wait_on(later.bell, later.about)
        if wait.rung:
            wait.rung = False
            return later.then(later.bell.now_ms())
        wait.until(later.at_ms)
        return None

    def _settle_work(self, work: Work) -> Answer | None:
        self._forget_wait()
        if self._future is None:
            self._future = self._wire.work(work.run, self.resume)
        if not self._future.done():
            return None
        future, self._future = self._future, None
        return future.result()

    def _send(self, send: Send) -> bool:
        if self._wire.writing_paused or not self._reached(send.at_ms):
            return False
        if self._framing is not None:
            self._wire.write(self._framing.frame(send.data))
        self._sent_bytes += len(send.data)
        return self._next()

    def _stall(self, stall: Stall) -> bool:
        return stall.until_ms is not None and self._reached(stall.until_ms) and self._next()

    def _hold(self, hold: Hold) -> bool:
        wait = self._wait_on(hold.bell, hold.about)
        if wait.rung:
            wait.rung = False
            self._actions = hold.then(hold.bell.now_ms()) + self._actions[1:]
            return True
        wait.until(hold.at_ms)
        return False

    def _close(self, close: Close) -> bool:
        if self._reached(close.at_ms):
            self.cancel()
            self._wire.close()
        return False

    def _reset(self, reset: Reset | NoConnection) -> bool:
        if self._reached(reset.at_ms):
            self.cancel()
            self._wire.reset()
        return False

    def _expire(self, expire: Expire) -> bool:
        self._wire.expire_on_next(reset=expire.reset)
        return self._next()

    def _next(self) -> bool:
        self._actions = self._actions[1:]
        return True

    _SETTLE: ClassVar[_Settlers] = MappingProxyType({Later: _settle_later, Work: _settle_work})
    _PERFORM: ClassVar[_Performers] = MappingProxyType({
        Send: _send,
        Stall: _stall,
        Hold: _hold,
        Close: _close,
        Reset: _reset,
        # Nearest to no connection comes one that breaks.
        NoConnection: _reset,
        Expire: _expire,
    })  # fmt: skip
