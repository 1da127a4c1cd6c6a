"""One client's connection: its requests in order, their answers, its time-outs, its end."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Protocol, cast

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Reply
from mockserver.web.server.deaf import reset
from mockserver.web.server.framing import Exchange, whole
from mockserver.web.server.limits import Limits, Refuse, Refused
from mockserver.web.server.perform import Performance
from mockserver.web.server.reading import Phase, Reader
from mockserver.web.server.waiting import Waits


Answerer = Callable[[Request], Answer]

logger = logging.getLogger(__name__)
_NEVER_S = math.inf
_NO_REQUEST = Exchange(Request("", ""), keep_alive=False, http10=False)


class House(Protocol):
    """What a connection needs of its server."""

    limits: Limits
    scheme: str
    waits: Waits
    connections: set[Connection]
    now_s: float
    date: bytes

    @property
    def answer(self) -> Answerer:
        """What knows the answers."""
        ...

    @property
    def refuse(self) -> Refuse:
        """What words a refusal."""
        ...

    def work(self, run: Callable[[], Answer], done: Callable[[], None]) -> asyncio.Future[Answer]:
        """Call `run` in another thread, then `done` on the loop."""
        ...


class Connection(asyncio.Protocol):
    """Queues what its reader completes and answers one request at a time."""

    __slots__ = (
        "_answer", "_busy", "_deaf", "_head_timed", "_house", "_owes_continue", "_performance",
        "_queue", "_reader", "_transport", "_unsent_bytes", "_worn_out", "deadline_s", "waits",
        "work", "writing_paused",
    )  # fmt: skip

    def __init__(self, house: House, answer: Answerer | None = None, scheme: str = "") -> None:
        """A connection of `house`, not made yet; in a tunnel, with its own answers and scheme."""
        self.deadline_s = house.now_s + house.limits.header_s
        self.waits = house.waits
        self.work = house.work
        self.writing_paused = False
        self._house = house
        self._answer = house.answer if answer is None else answer
        spoken = scheme or house.scheme
        self._reader = Reader(house.limits, self._received, self._owe_continue, spoken)
        self._queue: list[Exchange | Refused] = []
        self._performance: Performance | None = None
        self._transport: asyncio.Transport
        self._unsent_bytes = 0
        self._busy = False
        self._deaf = False
        self._head_timed = False
        self._owes_continue = False
        self._worn_out: Callable[[], None] | None = None

    @property
    def date(self) -> bytes:
        """The `Date` header line of this second."""
        return self._house.date

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes its place, if there is one left."""
        house = self._house
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=house.limits.write_buffer_bytes)
        house.connections.add(self)
        if len(house.connections) > house.limits.connections:
            taken = f"All {house.limits.connections} connections are taken."
            self._refuse(Refused(503, taken, ("retry-after", "1")))

    def data_received(self, data: bytes) -> None:
        """Reads on; what completes a request is answered before this returns."""
        was_deaf = self._deaf
        if was_deaf:
            return
        self.waits.touch()
        reader = self._reader
        reader.feed(data)
        if self._deaf or reader.phase is Phase.BETWEEN:
            return
        if reader.phase is Phase.BODY:
            self.deadline_s = self._house.now_s + self._house.limits.body_idle_s
        elif not self._head_timed:
            self._head_timed = True
            self.deadline_s = self._house.now_s + self._house.limits.header_s

    def eof_received(self) -> bool:
        """Whether to keep the sending half: only for an answer that is being worked out."""
        self._deaf = True
        return self._busy and self._performance is not None and self._performance.works

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        """Leaves no timer, no subscription and no cycle behind."""
        self._deaf = True
        self._queue.clear()
        if self._performance is not None:
            self._performance.cancel()
            self._performance = None
        self._reader.release()
        self._house.connections.discard(self)

    def pause_writing(self) -> None:
        """The client is behind with reading: nothing more for it until it has caught up."""
        self.writing_paused = True
        self._unsent_bytes = self._transport.get_write_buffer_size()
        self.deadline_s = self._house.now_s + self._house.limits.write_idle_s
        self._steer()

    def resume_writing(self) -> None:
        """The client has caught up."""
        self.writing_paused = False
        self.deadline_s = _NEVER_S if self._busy else self._idle_deadline_s()
        if self._performance is not None:
            self._performance.resume()
        self._advance()

    # What the reader calls.

    def _received(self, item: Exchange | Refused) -> None:
        """A request is complete, or there will be no more of them."""
        if self._deaf:
            return
        self._deaf = isinstance(item, Refused) or not item.keep_alive
        if self._busy or self._queue or self.writing_paused:
            self._queue.append(item)
            self._steer()
        else:
            self._start(item)

    def _owe_continue(self) -> None:
        """`100 Continue` goes out when it is this request's turn, not amid another's answer."""
        if self._busy or self._queue:
            self._owes_continue = True
        else:
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    # From one request to the next.

    def _start(self, item: Exchange | Refused) -> None:
        if isinstance(item, Refused):
            self._refuse(item)
            return
        if self._worn_out is not None:
            self._worn_out()
            return
        try:
            answer = self._answer(item.request)
            if isinstance(answer, Reply) and not answer.script and not answer.at_ms:
                data, keep_alive = whole(answer, item, self._house.date)
                self._transport.write(data)
                self._go_idle(keep_alive=keep_alive)
                return
        except Exception:
            logger.exception("answering %s %s failed", item.request.method, item.request.path)
            self.fail(opened=False)
            return
        self._busy = True
        self.deadline_s = _NEVER_S
        self._performance = Performance(self, item, answer)
        self._performance.resume()

    def _go_idle(self, *, keep_alive: bool) -> None:
        self._busy = False
        self._head_timed = False
        if not keep_alive or (self._deaf and not self._queue):
            self.close()
        elif not self.writing_paused:
            self.deadline_s = self._idle_deadline_s()

    def _idle_deadline_s(self) -> float:
        house = self._house
        receiving = self._reader.phase is not Phase.BETWEEN
        return house.now_s + (house.limits.header_s if receiving else house.limits.idle_s)

    def _advance(self) -> None:
        """Starts what is queued, in order, until something has to be waited for."""
        while self._queue and not self._busy and not self.writing_paused:
            self._start(self._queue.pop(0))
        if self._owes_continue and not self._busy and not self._queue:
            self._owes_continue = False
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._steer()

    def _steer(self) -> None:
        """Reads from the client only while it reads from us and does not run too far ahead."""
        transport = self._transport
        if transport.is_closing():
            return
        wanted = not self.writing_paused and len(self._queue) <= self._house.limits.pipelined
        if wanted and not transport.is_reading():
            transport.resume_reading()
        elif not wanted and transport.is_reading():
            transport.pause_reading()

    # What a performance calls.

    def write(self, data: bytes) -> None:
        """Send `data` as it is."""
        self._transport.write(data)

    def finish(self, *, keep_alive: bool) -> None:
        """The answer is complete; the next request is not started from within this one."""
        self._performance = None
        self._go_idle(keep_alive=keep_alive)
        if self._queue or self._owes_continue:
            self.waits.loop.call_soon(self._advance)

    def expire_on_next(self, *, reset: bool) -> None:
        """Close, or break, the connection when the next request comes."""
        self._worn_out = self.reset if reset else self.close

    def close(self) -> None:
        """Send what was written, then FIN."""
        self._deaf = True
        self._queue.clear()
        self.deadline_s = self._house.now_s + self._house.limits.write_idle_s
        self._transport.close()

    def reset(self) -> None:
        """Send RST; what the kernel has not sent yet is lost."""
        self._deaf = True
        reset(self._transport)

    def fail(self, *, opened: bool) -> None:
        """The answer broke: a plain 500, or a broken connection once bytes of it went out."""
        self._performance = None
        if opened:
            self.reset()
        else:
            self._refuse(Refused(500, "The server failed on this request; its log says why."))

    def abort(self) -> None:
        """End at once, whatever is under way."""
        self._transport.abort()

    def _refuse(self, refused: Refused) -> None:
        """Says why and stops listening; what the client still sends is dropped for a while."""
        self._deaf = True
        self._busy = False
        self._queue.clear()
        reply = self._house.refuse(refused.status, refused.detail)
        reply = reply.with_headers(*refused.headers)
        self.write(whole(reply, _NO_REQUEST, self._house.date)[0])
        self.deadline_s = self._house.now_s + self._house.limits.linger_s
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()  # TLS has no half-close, and lingers by itself
        self._steer()

    # What the server's sweep calls.

    def expire(self) -> None:
        """The deadline has passed: ends what is too slow, leaves what only waits for us."""
        if self.writing_paused:
            self._expire_unread()
        elif self._deaf and not self._busy:
            self.abort()
        elif self._busy:
            self.deadline_s = _NEVER_S
        elif self._reader.phase is Phase.BETWEEN:
            self.close()
        else:
            self._refuse(Refused(408, "The rest of the request did not arrive in time."))

    def _expire_unread(self) -> None:
        unsent_bytes = self._transport.get_write_buffer_size()
        if unsent_bytes >= self._unsent_bytes:
            self.abort()
        self._unsent_bytes = unsent_bytes
        self.deadline_s = self._house.now_s + self._house.limits.write_idle_s
