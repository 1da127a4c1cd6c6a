"""Where webhooks arrive: a small server on loopback that hands over what is posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from mockserver.contract.exam import Mail
from mockserver.core.interaction import Request


MOST_BYTES: Final = 10 * 1024 * 1024
_STOP_POLL_S: Final = 0.01


@contextmanager
def receiving(public_url: str = "", port: int = 0) -> Iterator[Mail]:
    """Mail that arrives at `public_url`, which leads here; without one, at our own address.

    Raises `OSError` if the port cannot be had.
    """
    mail = Mail()

    def keep(request: Request) -> int:
        mail.put(request)
        return 200

    with answering(keep, port) as own_url:
        mail.url = public_url or own_url
        yield mail


@contextmanager
def answering(answer: Callable[[Request], int], port: int = 0) -> Iterator[str]:
    """The address at which webhooks arrive; each is answered with the status of `answer`.

    Raises `OSError` if the port cannot be had.
    """

    class Asking(BaseHTTPRequestHandler):
        """Answers every post, whatever it says."""

        def do_POST(self) -> None:
            """Hand the webhook over."""
            length = min(int(self.headers.get("content-length") or 0), MOST_BYTES)
            headers = tuple((name.lower(), value) for name, value in self.headers.items())
            asked = Request("POST", self.path, "", headers, self.rfile.read(length))
            self.send_response(answer(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Asking) as server:
        thread = Thread(target=server.serve_forever, args=(_STOP_POLL_S,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook"
        finally:
            server.shutdown()
            thread.join()
