"""Where the webhooks of an exam arrive: a small server on loopback that keeps what is posted."""

from __future__ import annotations

from collections.abc import Iterator
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

    class Keeping(BaseHTTPRequestHandler):
        """Answers every post with 200, whatever it says."""

        def do_POST(self) -> None:
            """Keep the webhook."""
            length = min(int(self.headers.get("content-length") or 0), MOST_BYTES)
            headers = tuple((name.lower(), value) for name, value in self.headers.items())
            mail.put(Request("POST", self.path, "", headers, self.rfile.read(length)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Keeping) as server:
        mail.url = public_url or f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=server.serve_forever, args=(_STOP_POLL_S,), daemon=True)
        thread.start()
        try:
            yield mail
        finally:
            server.shutdown()
            thread.join()
