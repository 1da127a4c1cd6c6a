"""Replies as an httpx client meets them, in-process: read by the parser it has for sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx

from mockserver.core.reply import Reply
from mockserver.web import performing


if TYPE_CHECKING:
    import httpcore

_BODILESS: Final = frozenset({204, 304})


def response(reply: Reply, request: httpx.Request) -> httpx.Response:
    """The response that a client makes of `reply`. Raises `httpx.TransportError`."""
    if reply.raw:
        return _read(reply, request)
    headers = list(reply.headers)
    promised = next((value for name, value in headers if name.lower() == "content-length"), None)
    stream: httpx.ByteStream | Played
    if request.method == "HEAD" or reply.status in _BODILESS:
        stream = httpx.ByteStream(b"")
    elif reply.script or promised is not None:
        parts = performing.body(reply, patience(request))
        stream = Played(parts, request, None if promised is None else int(promised))
    else:
        headers.append(("Content-Length", str(len(reply.body))))
        stream = httpx.ByteStream(reply.body)
    return httpx.Response(reply.status, headers=headers, stream=stream, request=request)


def patience(request: httpx.Request) -> performing.Wait:
    """The waiting of a client that gives up as its read time-out says."""
    timeouts = request.extensions.get("timeout", {})
    return performing.patient(timeouts.get("read"))


@contextmanager
def broken(request: httpx.Request) -> Iterator[None]:
    """Tells what breaks a performance as httpx tells it of a socket."""
    try:
        yield
    except performing.NotConnected as reason:
        raise httpx.ConnectError(str(reason), request=request) from reason
    except performing.BrokenOff as reason:
        raise httpx.ReadError(str(reason), request=request) from reason
    except performing.Unfinished as reason:
        raise httpx.RemoteProtocolError(str(reason), request=request) from reason
    except performing.NeverAnswered as reason:
        raise httpx.ReadTimeout(str(reason), request=request) from reason


class Played(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in `parts` while it is read, as many bytes as were `promised`."""

    def __init__(
        self, parts: Iterable[bytes], request: httpx.Request, promised: int | None = None
    ) -> None:
        self._parts = parts
        self._request = request
        self._promised = promised

    def __iter__(self) -> Iterator[bytes]:
        sent_bytes = 0
        with broken(self._request), _parsed(self._request):
            for data in self._parts:
                sent_bytes += len(data)
                yield data
        if self._promised not in (None, sent_bytes):
            raise httpx.RemoteProtocolError(
                f"the body ended after {sent_bytes} bytes; {self._promised} were promised",
                request=self._request,
            )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for data in self:
            yield data


def _read(reply: Reply, request: httpx.Request) -> httpx.Response:
    """What httpx's own HTTP/1.1 parser makes of raw bytes."""
    import httpcore

    called = request.url
    port = called.port or (443 if called.scheme == "https" else 80)
    origin = httpcore.Origin(called.raw_scheme, called.raw_host, port)
    connection = httpcore.HTTP11Connection(origin, _wire(reply, request))
    url = httpcore.URL(
        scheme=called.raw_scheme, host=called.raw_host, port=port, target=called.raw_path
    )
    sent = httpcore.Request(
        request.method, url, headers=request.headers.raw, content=request.content
    )
    with broken(request), _parsed(request):
        read = connection.handle_request(sent)
    return httpx.Response(
        read.status,
        headers=read.headers,
        stream=Played(read.iter_stream(), request),
        extensions=read.extensions,
        request=request,
    )


@contextmanager
def _parsed(request: httpx.Request) -> Iterator[None]:
    """Tells the parser's errors under httpx's names, which are the same."""
    import httpcore

    try:
        yield
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException) as reason:
        named: type[httpx.TransportError] = getattr(httpx, type(reason).__name__)
        raise named(str(reason), request=request) from reason


def _wire(reply: Reply, request: httpx.Request) -> httpcore.NetworkStream:
    """A connection on which nothing comes but what `reply` writes."""
    import httpcore

    parts = performing.body(reply, patience(request))

    class Wire(httpcore.NetworkStream):
        """Its other end hears nothing."""

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
            return next(parts, b"")

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            """Nothing: the request was read before."""

        def close(self) -> None:
            """Nothing: there is no socket."""

        def get_extra_info(self, info: str) -> None:
            """Nothing is known of it."""

    return Wire()
