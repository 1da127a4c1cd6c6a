"""One request on its way through: asked in a thread of its own, answered as the answer comes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final

from mockserver.core.cassette import Part, Recorded, broken
from mockserver.core.clock import monotonic_ms
from mockserver.core.interaction import HOP_BY_HOP, Interaction, Request
from mockserver.core.reply import Answer, Bell, Hold, Later, Reply, Script, Send


if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

MOST_BYTES: Final = 50 * 1024 * 1024
"""An answer that goes on is cut off here."""
MOST_PARTS: Final = 100_000
"""As is a stream that comes in more pieces."""
LONGEST_MS: Final = 15 * 60_000
"""And so is one that never ends."""
BAD_GATEWAY: Final = 502
_EVENTS: Final = "text/event-stream"

Headers = tuple[tuple[str, str], ...]


class Flow:
    """One exchange with upstream, for whoever waits for it.

    `request` is what was asked, under its real address; `now_ms` tells the recording's time.
    """

    def __init__(self, request: Request, key: str, bell: Bell, now_ms: Callable[[], int]) -> None:
        self.request = request
        self.error = ""
        self._key = key
        self._bell = bell
        self._now_ms = now_ms
        self._asked_ms = now_ms()
        self._began_ms = self._asked_ms
        self._status = 0
        self._kind = ""
        self._headers: Headers = ()
        self._flows = False
        self._length_bytes: int | None = None
        """How long the body will be, where that is told: so long a body has come to its end."""
        self._parts: list[Part] = []
        self._bytes = 0
        self._done = False
        self._whole: Reply | None = None
        self._lock = Lock()

    def run(
        self,
        send: Callable[[], httpx.Response],
        told: Callable[[Recorded], Reply],
        ended: Callable[[Recorded], None],
        ring: Callable[[str], None],
        after: Callable[[], None],
    ) -> None:
        """Ask, and take in the answer.

        `told` makes the reply of one that is not passed on piece by piece. `ended` is called
        before the client has the end of it, `after` behind that.
        """
        try:
            with closing(send()) as answer:
                self._begin(answer)
                if self._flows:
                    ring(self._key)
                for data in answer.iter_raw():
                    self._take(data)
                    ring(self._key)
                    if self.error:
                        break
        except Exception as reason:  # noqa: BLE001 - somebody waits, and is told whatever it is
            self.error = f"{type(reason).__name__}: {reason}"
        recorded = self.recorded()
        ended(recorded)
        whole = None if self._flows else told(recorded)
        with self._lock:
            self._whole, self._done = whole, True
        ring(self._key)
        after()

    def answer(self) -> Answer:
        """The answer, as soon as there is one."""
        return Later(None, self._key, self._bell, lambda _: self._reply())

    def recorded(self) -> Recorded:
        """The exchange as it came."""
        data = b"".join(part.data for part in self._parts)
        seen = Interaction(self.request, self._status, self._headers, data, self._asked_ms)
        parts = tuple(self._parts) if self._kind == _EVENTS else ()
        return Recorded(seen, self._began_ms - self._asked_ms, parts, self.error)

    def _begin(self, answer: httpx.Response) -> None:
        with self._lock:
            self._status = answer.status_code
            self._headers = tuple(answer.headers.multi_items())
            self._began_ms = self._now_ms()
            self._kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            length = answer.headers.get("content-length", "")
            self._length_bytes = int(length) if length.isdecimal() else None
            # What is JSON may have addresses that have to lead back; what is empty has ended.
            self._flows = "json" not in self._kind and self._length_bytes != 0

    def _take(self, data: bytes) -> None:
        now_ms = self._now_ms()
        with self._lock:
            self._parts.append(Part(now_ms - self._asked_ms, data))
            self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            self.error = f"cut off: more than {MOST_BYTES} bytes"
        elif len(self._parts) > MOST_PARTS:
            self.error = f"cut off: more than {MOST_PARTS} pieces"
        elif now_ms - self._asked_ms > LONGEST_MS:
            self.error = f"cut off: more than {LONGEST_MS // 60_000} minutes"

    def _reply(self) -> Answer:
        with self._lock:
            if self._whole is not None:
                return self._whole
            begun = self._flows and self._status
        if not begun:
            return self.answer()
        sizes = tuple(pair for pair in self._headers if pair[0].lower() == "content-length")
        headers = (*passed_on(self._headers), *sizes)
        return Reply(self._status, headers, script=self._more(0), bell=self._bell)

    def _more(self, told: int) -> Script:
        """What came since, and a wait for what comes next."""
        with self._lock:
            news, done = self._parts[told:], self._done
            if not done and self._length_bytes is not None and self._bytes >= self._length_bytes:
                # With it the client would have the end before that is kept.
                news = news[:-1]
        sent = tuple(Send(part.data) for part in news)
        if done:
            return (*sent, *broken(self.error))
        then = told + len(news)
        return (*sent, Hold(None, self._key, self._bell, lambda _: self._more(then)))


def passed_on(headers: Headers) -> Headers:
    """The headers that go on to the other side."""
    return tuple((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP)


def since(begun_ms: int) -> Callable[[], int]:
    """Tells how many milliseconds have passed since the machine's `begun_ms`."""
    return lambda: monotonic_ms() - begun_ms


def under(request: Request, url: str) -> Request:
    """The request under its real address."""
    scheme, _, rest = url.partition("://")
    host, slash, behind = rest.partition("/")
    path, _, query = f"{slash}{behind}".partition("?")
    others = tuple((name, value) for name, value in request.headers if name != "host")
    return replace(
        request,
        path=path or "/",
        query=query,
        scheme=scheme,
        root="",
        headers=(("host", host), *others),
    )
