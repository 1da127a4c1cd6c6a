"""The way of a client in this process to its fake: every host leads there, and calls take time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Final, cast

import httpx

from mockserver.audit.virtual import VirtualTime
from mockserver.mount import FakeTransport
from mockserver.web.front import Front


LATENCY_S: Final = 0.01
"""How long a call takes, so that who asks without a pause does not stop the time."""


class WatchedTransport(FakeTransport):
    """The fake behind httpx, for a client whose time is virtual and bounded."""

    def __init__(self, front: Front, its_time: VirtualTime) -> None:
        super().__init__(front)
        self._time = its_time

    def respond(self, request: httpx.Request) -> httpx.Response:
        """As the fake's own; raises `OutOfPatience` when the client's time is up."""
        self._time.wait(LATENCY_S)
        response = super().respond(request)
        self._time.check()
        response.stream = _Watched(response.stream, self._time)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for an async client, whose own time-outs are heard when the answer is there."""
        response = await super().handle_async_request(request)
        await asyncio.sleep(0)
        return response


class _Watched(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that takes its time, and is not waited for without end."""

    def __init__(self, stream: object, its_time: VirtualTime) -> None:
        self._stream = stream
        self._time = its_time

    def __iter__(self) -> Iterator[bytes]:
        for part in cast("httpx.SyncByteStream", self._stream):
            self._time.check()
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in cast("httpx.AsyncByteStream", self._stream):
            self._time.check()
            await asyncio.sleep(0)
            yield part
