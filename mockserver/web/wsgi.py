"""The fake behind any WSGI server: requests read, answers performed in the server's thread."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from re import compile as pattern
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.library.http_status import PHRASES
from mockserver.service.orders import MOST_BYTES
from mockserver.web import performing


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_PATH_SAFE: Final = "/:@!$&'()*+,;=~-._"
_LENGTH: Final = pattern(r"[0-9]{1,15}")


def read_request(environ: WSGIEnvironment) -> Request:
    """The request a WSGI server has read; a body only where one is announced. Source: PEP 3333."""
    named = {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value)
    }
    return Request(
        method=environ["REQUEST_METHOD"],
        path=_quoted(environ.get("PATH_INFO", "")),
        query=environ.get("QUERY_STRING", ""),
        headers=tuple(named.items()),
        body=_read_body(environ, named),
        scheme=environ["wsgi.url_scheme"],
        root=_quoted(environ.get("SCRIPT_NAME", "")),
    )


def write_reply(reply: Reply, method: str, start_response: StartResponse) -> Iterable[bytes]:
    """Perform `reply` by sleeping in this thread; a body only where one may follow the head."""
    headers = list(reply.headers)
    mute = reply.status in _MUTE
    measured = mute or reply.has("content-length")
    if not reply.script and not measured:
        headers.append(("Content-Length", str(len(reply.body))))
    start_response(f"{reply.status} {PHRASES.get(reply.status, 'Unknown')}", headers)
    return () if mute or method == "HEAD" else performing.body(reply, performing.sleep)


_MUTE: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def _quoted(path: str) -> str:
    return quote(path.encode("latin-1"), safe=_PATH_SAFE)


def _read_body(environ: WSGIEnvironment, headers: dict[str, str]) -> bytes:
    length = headers.get("content-length", "")
    if _LENGTH.fullmatch(length):
        # One byte more than is accepted is enough to be refused for it.
        wanted = min(int(length), MOST_BYTES + 1)
        return bytes(environ["wsgi.input"].read(wanted)) if wanted else b""
    if environ.get("wsgi.input_terminated"):
        return bytes(environ["wsgi.input"].read(MOST_BYTES + 1))
    return b""
