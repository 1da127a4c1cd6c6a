"""The fake as a Flask application that any WSGI server can run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from mockserver.library.faults.kinds import WSGI
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web import wsgi
from mockserver.web.front import Front
from mockserver.web.performing import resolved, sleep


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def create_app(front: Front | None = None, settings: Settings | None = None) -> Flask:
    """The fake as a Flask application; a reply that waits, waits in the server's thread."""
    front = front or Front(Fake(settings))
    app = front.router.flask

    def entrance(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = resolved(front.answer(wsgi.read_request(environ), WSGI), sleep)
        return wsgi.write_reply(reply, environ["REQUEST_METHOD"], start_response)

    # Flask's own seam for middleware is this assignment.
    app.wsgi_app = entrance  # type: ignore[method-assign]
    return app
