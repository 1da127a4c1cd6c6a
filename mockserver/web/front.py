"""The front door: a request in, an answer out. Hot paths take the fast lane, all others Flask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote_to_bytes

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer
from mockserver.service.fake import Fake
from mockserver.web import dispatch, lane
from mockserver.web.call import Call
from mockserver.web.faces import Faces


if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


CALL_KEY = "mockserver.call"
"""Where a call that is on its way already stands in a WSGI environment."""
ANSWER_KEY = "mockserver.answer"
"""Where its answer is put, unperformed."""


class Front:
    """Answers every request that a fake is asked; never blocks, never raises.

    Flask is imported when a request first needs it, because it costs more than all the rest.
    """

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.faces = Faces(fake.settings, fake.catalogue)
        self.flask: WSGIApplication | None = None

    def answer(self, request: Request) -> Answer:
        """What the fake answers, to be performed by an edge."""
        call = self.call(request)
        found = lane.find(request.method, call.path)
        if found is not None:
            return dispatch.answer(call, *found)
        return self.by_flask(call)

    def call(self, request: Request) -> Call:
        """The request as the handlers see it."""
        face, path = self.faces.face(request)
        return Call(self.fake, request, face, path)

    def by_flask(self, call: Call) -> Answer:
        """The same answer, found by Flask's routing."""
        if self.flask is None:
            from mockserver.web.app import create_app

            self.flask = create_app(self)
        environ = _environ(call)
        for _ in self.flask(environ, _ignore):
            pass
        return cast("Answer", environ[ANSWER_KEY])


def _environ(call: Call) -> dict[str, object]:
    """As much of a WSGI environment as routing needs. Source: PEP 3333."""
    return {
        "REQUEST_METHOD": call.request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(call.path).decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "mockserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        CALL_KEY: call,
    }


def _ignore(_status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    """Takes Flask's own response head, which nobody sends."""
    return len
