"""The fake behind any WSGI server: a Flask application that can be mounted anywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import httpx
import pytest
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from mockserver.core.reply import Reply, Reset, Send
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web import wsgi
from mockserver.web.app import create_app
from mockserver.web.front import Front
from mockserver.web.performing import BrokenOff


PRO = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
AUTH = {"Authorization": "Bearer x"}
BODY = {"input": {"prompt": "x"}}


class Buffered(Client):
    """Reads every answer to its end, as a server does."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """The answer, complete."""
        return super().open(*args, **{**more, "buffered": True})


@pytest.fixture
def client() -> Client:
    """Asks the application as a WSGI server does, with the standard library looking on."""
    return Buffered(validator(create_app(settings=Settings(clock="scaled:1000"))))


@pytest.fixture
def address() -> Iterator[str]:
    """A real WSGI server with a clock that runs a thousand times as fast."""

    class Silent(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    app = create_app(settings=Settings(clock="scaled:1000"))
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_create_call_is_answered(client: Client) -> None:
    """Status, headers and body as in-process, with the length."""
    got = client.post(PRO, json=BODY, headers=AUTH)
    assert (got.status, got.get_json()["status"]) == ("201 Created", "starting")
    assert got.headers["Location"] == f"http://localhost/v1/predictions/{got.get_json()['id']}"
    assert got.headers["Content-Length"] == str(len(got.data))


def test_it_can_be_mounted_under_a_path() -> None:
    """Its addresses lead back through the path it was mounted at."""
    inner = create_app(settings=Settings())
    client = Client(DispatcherMiddleware(NotFound(), {"/mock": inner}))
    got = client.post(f"/mock{PRO}", json=BODY, headers=AUTH)
    here = got.get_json()["urls"]["get"]
    assert here == f"http://localhost/mock/v1/predictions/{got.get_json()['id']}"
    assert client.get(here, headers=AUTH).status_code == 200


def test_a_wait_really_ends(client: Client) -> None:
    """The thread sleeps for five thousandths of a second."""
    got = client.post(PRO, json=BODY, headers=AUTH | {"Prefer": "wait"})
    assert (got.status_code, got.get_json()["status"]) == (201, "processing")


def test_a_real_server_serves_a_life(address: str) -> None:
    """Create, wait, stream and download over a socket."""
    with httpx.Client(base_url=address, headers=AUTH, trust_env=False) as http:
        waited = http.post(PRO, json=BODY, headers={"Prefer": "wait"}).json()
        stream = http.get(waited["urls"]["stream"])
        found = http.get(waited["urls"]["get"]).json()
        head = http.head(found["output"])
        picture = http.get(found["output"])
    assert (waited["status"], found["status"]) == ("processing", "succeeded")
    assert stream.text.endswith("event: done\n" + stream.text.split("event: done\n")[1])
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (head.content, head.headers["content-length"]) == (b"", str(len(picture.content)))


def test_no_body_follows_where_none_may(client: Client) -> None:
    """HEAD and 304; the length in a HEAD's answer is that of the GET."""
    created = client.post(PRO, json=BODY, headers=AUTH | {"Prefer": "wait"}).get_json()
    got = client.get(f"/v1/predictions/{created['id']}", headers=AUTH)
    head = client.head(f"/v1/predictions/{created['id']}", headers=AUTH)
    file = client.get(got.get_json()["output"])
    known = client.get(got.get_json()["output"], headers={"If-None-Match": file.headers["ETag"]})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.data))
    assert (known.status, known.data) == ("304 Not Modified", b"")
    assert "Content-Length" not in known.headers


def environ(**changes: object) -> dict[str, Any]:
    """The environment of a GET of /, with changes."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"0123456789"),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, b""),
        ({"CONTENT_LENGTH": ""}, b""),
        ({"CONTENT_LENGTH": "0"}, b""),
        ({"CONTENT_LENGTH": "4"}, b"0123"),
        ({"CONTENT_LENGTH": "+4"}, b""),
        ({"CONTENT_LENGTH": "\xb2"}, b""),
        ({"CONTENT_LENGTH": "9" * 5000}, b""),
        ({"wsgi.input_terminated": True}, b"0123456789"),
        ({"wsgi.input_terminated": True, "CONTENT_LENGTH": "2"}, b"01"),
    ],
)
def test_a_body_is_read_only_where_one_is_announced(
    changes: dict[str, object], body: bytes
) -> None:
    """Reading on would wait for ever on some servers. Source: PEP 3333."""
    assert wsgi.read_request(environ(**changes)).body == body


def test_a_request_is_read_as_it_came() -> None:
    """Names in lower case, the path percent-encoded again, the scheme and the query."""
    request = wsgi.read_request(
        environ(
            PATH_INFO="/a b/\xe8\xbd\xa6/%",
            QUERY_STRING="a=%20",
            CONTENT_TYPE="text/plain",
            HTTP_X_MOCK_WORLD="w",
            **{"wsgi.url_scheme": "https"},
        )
    )
    assert (request.path, request.query, request.scheme) == (
        "/a%20b/%E8%BD%A6/%25",
        "a=%20",
        "https",
    )
    assert (request.header("x-mock-world"), request.header("content-type")) == ("w", "text/plain")


def written(reply: Reply, method: str = "GET") -> tuple[str, dict[str, str], list[bytes]]:
    """The status line, the headers and the body of a reply behind WSGI."""
    heads: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[..., Any]:
        heads.append((status, headers))
        return len

    parts = list(wsgi.write_reply(reply, method, start))
    ((status, headers),) = heads
    return status, dict(headers), parts


@pytest.mark.parametrize(
    ("status", "line"), [(200, "200 OK"), (422, "422 Unprocessable Entity"), (529, "529 Unknown")]
)
def test_every_status_has_a_phrase(status: int, line: str) -> None:
    """WSGI asks for one, known or not."""
    told, _, _ = written(Reply(status))
    assert told.lower() == line.lower()


@pytest.mark.parametrize(
    ("reply", "length"),
    [
        (Reply(200, (), b"ab"), "2"),
        (Reply(200, (("content-length", "9"),), b"ab"), None),
        (Reply(200, (), b"ab", (Send(b"c"),)), None),
        (Reply(204), None),
    ],
)
def test_a_length_is_told_where_it_is_known(reply: Reply, length: str | None) -> None:
    """Not twice, not before a script, not where there is no body."""
    assert written(reply)[1].get("Content-Length") == length


def test_a_broken_reply_breaks_the_servers_thread() -> None:
    """Nothing else stops a WSGI server from ending the body in order."""
    with pytest.raises(BrokenOff):
        written(Reply(200, (), b"a", (Reset(),)))


def test_the_application_serves_the_front_it_is_given() -> None:
    """One fake for both ways in."""
    front = Front(Fake(Settings(clock="manual")))
    client = Client(create_app(front))
    client.post(PRO, json=BODY, headers=AUTH)
    assert [len(world.store) for world in front.fake.worlds] == [1]


def test_what_flask_itself_refuses_is_worded_too() -> None:
    """A view of somebody else's in our application: JSON, and not Flask's page."""
    front = Front(Fake(Settings(clock="manual")))
    app = create_app(front)

    @app.get("/odd")
    def odd() -> str:
        raise BadRequest

    got = Client(app).get("/odd", headers=AUTH)
    assert (got.status_code, json.loads(got.data)["status"]) == (500, 500)
