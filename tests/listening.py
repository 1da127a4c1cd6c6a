"""A server in a thread of its own, mostly one of a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from threading import Thread


def served(
    handler: type[BaseHTTPRequestHandler], kind: type[HTTPServer] = ThreadingHTTPServer
) -> AbstractContextManager[str]:
    """The root at which a server answers as `handler` does, and says nothing of it."""
    handler.log_message = lambda *_: None  # type: ignore[method-assign]
    return running(kind(("127.0.0.1", 0), handler))


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    """The root at which this server of this machine answers, until it is closed at the end."""
    with server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
