"""The Flask application: every route of the table, mountable in any WSGI server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.exceptions import MethodNotAllowed as WrongMethod

from mockserver.core.problem import MethodNotAllowed, PathNotFound, Problem
from mockserver.core.reply import Answer
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web import dispatch, wsgi
from mockserver.web.call import Call
from mockserver.web.front import ANSWER_KEY, CALL_KEY, Front
from mockserver.web.performing import resolved, sleep
from mockserver.web.routes import ROUTES, Route


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app(front: Front | None = None, settings: Settings | None = None) -> Flask:
    """The fake as a Flask application.

    Behind a WSGI server of threads a waiting reply waits in its thread; our own server takes the
    answers unperformed and keeps time itself.
    """
    front = front or Front(Fake(settings))
    app = Flask("mockserver", static_folder=None, template_folder=None)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    for route in ROUTES:
        app.add_url_rule(
            route.rule,
            endpoint=route.name,
            view_func=partial(_view, route),
            methods=[route.method],
            provide_automatic_options=False,
        )
    app.register_error_handler(HTTPException, _no_route)
    # Flask's own seam for middleware is this assignment.
    app.wsgi_app = _Entrance(front, app.wsgi_app)  # type: ignore[method-assign]
    front.flask = app
    return app


class _Entrance:
    """Hands what a WSGI server read to the front, which comes back here with a call for Flask."""

    def __init__(self, front: Front, inner: WSGIApplication) -> None:
        self._front = front
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if CALL_KEY in environ:
            return self._inner(environ, start_response)
        answer = self._front.answer(wsgi.read_request(environ))
        reply = resolved(answer, sleep)
        return wsgi.write_reply(reply, environ["REQUEST_METHOD"], start_response)


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
    return cast("Call", request.environ[CALL_KEY])


def _put(answer: Answer) -> Response:
    request.environ[ANSWER_KEY] = answer
    return Response()
