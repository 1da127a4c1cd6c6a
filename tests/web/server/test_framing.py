"""A reply's head says where its body ends, for every kind of reply."""

from __future__ import annotations

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply, Send
from mockserver.web.server.framing import Exchange, opening, whole


DATE = b"Date: now\r\n"
CLOSE = b"Connection: close\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n" + DATE
GET = Exchange(Request("GET", "/"), keep_alive=True, http10=False)
OLD = Exchange(Request("GET", "/"), keep_alive=True, http10=True)
HEAD = Exchange(Request("HEAD", "/"), keep_alive=True, http10=False)


@pytest.mark.parametrize(
    ("reply", "exchange", "data", "kept"),
    [
        (Reply(201, (("a", "b"),), b"x"), GET,
         b"HTTP/1.1 201 Created\r\na: b\r\nDate: now\r\nContent-Length: 1\r\n\r\nx", True),
        (Reply(529), GET, b"HTTP/1.1 529 \r\nDate: now\r\nContent-Length: 0\r\n\r\n", True),
        (Reply(200, (), b"x"), HEAD,
         OK + b"Content-Length: 1\r\n\r\n", True),
        (Reply(204, (("Date", "then"),), b"x"), GET,
         b"HTTP/1.1 204 No Content\r\nDate: then\r\n\r\n", True),
        (Reply(200, (), b"x"), OLD,
         OK + b"Content-Length: 1\r\nConnection: keep-alive\r\n\r\nx", True),
        (Reply(200, (("Connection", "close"),)), GET,
         b"HTTP/1.1 200 OK\r\nConnection: close\r\nDate: now\r\nContent-Length: 0\r\n\r\n", False),
        (Reply(200, (("Content-Length", "9"),), b"x"), GET,
         OK[:-len(DATE)] + b"Content-Length: 9\r\n" + DATE + CLOSE + b"x", False),
    ],
    ids=["plain", "no phrase", "HEAD", "no content", "HTTP/1.0", "close", "wrong length"],
)  # fmt: skip
def test_a_whole_reply_is_one_write(
    reply: Reply,
    exchange: Exchange,
    data: bytes,
    kept: bool,  # noqa: FBT001  # a column
) -> None:
    """Status line, own headers, date, length, what becomes of the connection, body."""
    assert whole(reply, exchange, DATE) == (data, kept)


@pytest.mark.parametrize(
    ("exchange", "line", "body"),
    [
        (GET, b"Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n"),
        (HEAD, b"Transfer-Encoding: chunked\r\n", b""),
        (OLD, b"Connection: close\r\n", b"x"),
    ],
)
def test_a_scripted_reply_is_opened(exchange: Exchange, line: bytes, body: bytes) -> None:
    """Its first bytes go out with its head."""
    data, framing = opening(Reply(200, (), b"x", (Send(b"y"),)), exchange, DATE)

    assert data == OK + line + b"\r\n" + body
    assert framing.frame(b"") == b""
