"""Flask's part: it finds the route of a call, and answers for those that have none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.exceptions import MethodNotAllowed as WrongMethod

from mockserver.core.problem import MethodNotAllowed, PathNotFound, Problem
from mockserver.core.reply import Answer
from mockserver.web import dispatch
from mockserver.web.call import Call
from mockserver.web.routes import ROUTES, Route


_CALL: Final = "mockserver.call"
"""Where a call stands in the WSGI environment that Flask is given."""
_ANSWER: Final = "mockserver.answer"
"""Where its answer is put, unperformed."""


class Router:
    """A Flask application with every route of the table, asked with calls instead of sockets."""

    def __init__(self) -> None:
        self.flask = Flask("mockserver", static_folder=None, template_folder=None)
        self.flask.url_map.merge_slashes = False
        for route in ROUTES:
            self.flask.add_url_rule(
                route.rule,
                endpoint=route.name,
                view_func=partial(_view, route),
                methods=[route.method],
                provide_automatic_options=False,
            )
        self.flask.register_error_handler(HTTPException, _no_route)
        self._wsgi = self.flask.wsgi_app

    def answer(self, call: Call) -> Answer:
        """What the call's route answers, or the refusal of a call that has none."""
        environ = _environ(call)
        b"".join(self._wsgi(environ, _ignore))
        return cast("Answer", environ[_ANSWER])


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
        _CALL: call,
    }


def _ignore(_status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    """Takes Flask's own response head, which nobody sends."""
    return len


def _view(route: Route, **arguments: str) -> Response:
    return _put(dispatch.answer(_call(), route, arguments))


def _no_route(error: HTTPException) -> Response:
    return _put(dispatch.refused(_call(), _problem(error)))


def _problem(error: HTTPException) -> Problem:
    method, path = _call().request.method, _call().request.path
    match error:
        case WrongMethod(valid_methods=allowed):
            return MethodNotAllowed(method, sorted(set(allowed or ()) - {"HEAD"}))
        case NotFound():
            return PathNotFound(f"{method} {path}", method=method, path=path)
        case _:
            return Problem(f"{method} {path}: {error.description}")


def _call() -> Call:
    return cast("Call", request.environ[_CALL])


def _put(answer: Answer) -> Response:
    request.environ[_ANSWER] = answer
    return Response()
