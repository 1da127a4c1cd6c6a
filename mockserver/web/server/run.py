"""The server: listens, keeps time for its connections, stops at once when asked."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

from mockserver.core.reply import Answer
from mockserver.web.server.connection import Answerer, Connection
from mockserver.web.server.deaf import Deaf
from mockserver.web.server.limits import Limits, Refuse, problem
from mockserver.web.server.waiting import Waits


_BACKLOG = 4096


class Server:
    """Serves `answer` on one address; never calls it in more than one thread."""

    def __init__(
        self,
        answer: Answerer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        refuse: Refuse = problem,
        tls: ssl.SSLContext | None = None,
        deaf: bool = False,
        connection: Callable[[Server], Connection] = Connection,
    ) -> None:
        """With `port` 0 the system chooses one; `port` tells which, once started.

        With `tls`, HTTPS is spoken and nothing else. `deaf` resets every connection at its first
        bytes. `connection` makes what meets each client.
        """
        self.answer = answer
        self.refuse = refuse
        self.host = host
        self.port = port
        self.limits = limits or Limits()
        self.scheme = "https" if tls else "http"
        self.connections: set[Connection] = set()
        self.unheard: set[Deaf] = set()
        self.waits: Waits
        self.now_s = 0.0
        self.date = b""
        self._tls = None if deaf else tls
        self._deaf = deaf
        self._connection = connection
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Server | None = None
        self._sweeping: asyncio.TimerHandle | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._stopping = asyncio.Event()
        self._stop_requested = False

    async def start(self) -> None:
        """Listens. Raises OSError if the address cannot be had."""
        loop = self._loop = asyncio.get_running_loop()
        self.waits = Waits(loop, self.limits.jump_after_s)
        self._sweep()
        self._listener = await loop.create_server(
            lambda: Deaf(self.unheard) if self._deaf else self._connection(self),
            self.host,
            self.port,
            backlog=_BACKLOG,
            ssl=self._tls,
            ssl_handshake_timeout=self.limits.header_s if self._tls else None,
            ssl_shutdown_timeout=self.limits.linger_s if self._tls else None,
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends listening and every connection, held or not."""
        if self._listener is not None:
            self._listener.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        while self.connections or self.unheard:
            ending: list[Connection | Deaf] = [*self.connections, *self.unheard]
            for connection in ending:
                connection.abort()
            await asyncio.sleep(0)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def request_stop(self) -> None:
        """Makes `run` return soon; may be called from any thread, more than once, before `run`."""
        self._stop_requested = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: stopped already
                self._loop.call_soon_threadsafe(self._stopping.set)

    async def until_stopped(self) -> None:
        """Returns when `request_stop` has been called."""
        if not self._stop_requested:
            await self._stopping.wait()

    def work(self, run: Callable[[], Answer], done: Callable[[], None]) -> asyncio.Future[Answer]:
        """Call `run` in another thread, then `done` on the loop."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.limits.threads, "mockserver-work")
        self.waits.working += 1
        future = self.waits.loop.run_in_executor(self._pool, run)

        def worked(ended: asyncio.Future[Answer]) -> None:
            self.waits.working -= 1
            if not ended.cancelled():
                ended.exception()  # seen, so that one whose client has gone is not reported
                done()

        future.add_done_callback(worked)
        return future

    def _sweep(self) -> None:
        """Keeps coarse time and ends the connections whose time is up."""
        loop = self.waits.loop
        now_s = self.now_s = loop.time()
        self.date = b"Date: %b\r\n" % formatdate(usegmt=True).encode()
        for connection in [each for each in self.connections if each.deadline_s <= now_s]:
            connection.expire()
        self._sweeping = loop.call_later(self.limits.sweep_s, self._sweep)


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where that is installed, else of asyncio."""
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()
    return loop


def run(server: Server, ready: Callable[[Server], None] = lambda _: None) -> None:
    """Serves in this thread until `request_stop` or, in the main thread, Ctrl-C.

    `ready` is called once connections are accepted. Raises OSError if the address cannot be had.
    """

    async def serve() -> None:
        try:
            await server.start()
            ready(server)
            await server.until_stopped()
        finally:
            await server.stop()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve())
