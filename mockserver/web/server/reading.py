"""Bytes to requests: httptools' strict parser, and the rules it leaves to its user."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import httptools

from mockserver.core.interaction import Request
from mockserver.web.server.framing import Exchange
from mockserver.web.server.limits import Limits, Refused
from mockserver.web.server.repeated import Accepted, accepted


_ABSOLUTE = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#@]*@)?(?P<authority>[^/?#@]+)(?P<rest>.*)", re.IGNORECASE
)
_DECISIVE = frozenset(("transfer-encoding", "content-length", "expect"))


class Phase(IntEnum):
    """What the next byte belongs to."""

    BETWEEN = 0
    HEAD = 1
    BODY = 2


class Target(NamedTuple):
    """What a request is for; scheme and authority only where it said so itself."""

    path: str
    query: str
    authority: str = ""
    scheme: str = ""


def split_target(target: str) -> Target:
    """The request target in its parts. Raises `Refused` for the forms only a proxy understands."""
    scheme, authority, rest = "", "", target
    if not target.startswith("/"):
        scheme, authority, rest = _split_absolute(target)
    if "#" in rest:
        raise Refused(400, "The request target has a fragment ('#...'); send it without.")
    path, _, query = rest.partition("?")
    return Target(path, query, authority, scheme)


def _split_absolute(target: str) -> tuple[str, str, str]:
    match = _ABSOLUTE.fullmatch(target)
    if match:
        rest = "/" + match["rest"].removeprefix("/")
        return match["scheme"].lower(), match["authority"], rest
    if target != "*":
        message = f"The request target {target[:80]!r} is neither a path nor an http URL."
        raise Refused(400, message)
    return "", "", target


class Reader:
    """Feeds a parser; hands on each complete request, and the refusal that ends them.

    Everything handed on is in the order of the wire. Nothing may be fed after a refusal.
    """

    __slots__ = (
        "_accepted", "_body", "_body_bytes", "_completed", "_fed_bytes", "_hand_on", "_headers",
        "_http10", "_limits", "_owing_continue", "_parser", "_raw_headers", "_scheme",
        "_target", "_unbroken_bytes", "phase",
    )  # fmt: skip

    def __init__(
        self,
        limits: Limits,
        hand_on: Callable[[Exchange | Refused], None],
        owing_continue: Callable[[], None],
        scheme: str = "http",
    ) -> None:
        """`owing_continue` is called when a client waits for `100 Continue` before its body."""
        self.phase = Phase.BETWEEN
        self._limits = limits
        self._hand_on = hand_on
        self._owing_continue = owing_continue
        self._accepted: Accepted | None = None
        self._completed = 0
        self._scheme = scheme
        self._fed_bytes = 0
        self._unbroken_bytes = 0
        self._parser = httptools.HttpRequestParser(self)

    def release(self) -> None:
        """Breaks the cycle between parser and reader; nothing can be fed any more."""
        del self._parser

    def feed(self, data: bytes) -> None:
        """Parses `data`; calls `hand_on` for what it completes."""
        began = self.phase is Phase.BETWEEN
        if began:
            last = self._accepted
            if last is not None:
                request = last.read(data, self._limits.uri_bytes, self._limits.body_bytes)
                if request is not None:
                    self._hand_on(Exchange(request, keep_alive=True, http10=False))
                    return
            self._fed_bytes = self._unbroken_bytes = 0
        completed = self._completed
        self._fed_bytes += len(data)
        # Reset whenever the parser calls: what is left is a line it keeps until it ends.
        self._unbroken_bytes += len(data)
        self._parse(data)
        if self._unbroken_bytes > self._limits.header_bytes:
            self._hand_on(self._head_too_large())
        elif began and self.phase is Phase.BETWEEN and self._completed == completed + 1:
            self._accept(data)

    def _accept(self, data: bytes) -> None:
        parser = self._parser
        if parser.should_keep_alive():
            method = parser.get_method()
            head = accepted(data, method, self._target, self._headers, self._body_bytes)
            self._accepted = head and head._replace(scheme=self._scheme)

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            # Switching protocols is an offer we ignore (RFC 9110, 7.8).
            self._parser = httptools.HttpRequestParser(self)
            rest = data[offer.args[0] :]
            if rest:
                self._hand_on(Refused(400, "Nothing can follow an offer to switch protocols."))
        except httptools.HttpParserError as error:
            self._hand_on(self._refusal(error))

    def _refusal(self, error: httptools.HttpParserError) -> Refused:
        cause = error.__context__
        if isinstance(cause, Refused):
            return cause
        if isinstance(error, httptools.HttpParserCallbackError):
            raise error
        return Refused(400, f"This is not a well-formed HTTP request: {error}.")

    def _head_too_large(self) -> Refused:
        headers, header_bytes = self._limits.headers, self._limits.header_bytes
        return Refused(431, f"The limit is {headers} headers and {header_bytes} bytes of them.")

    def _split(self, target: str) -> Target:
        return split_target(target)

    # What httptools calls, in this order; an exception here stops it.

    def on_message_begin(self) -> None:
        """A request starts."""
        self.phase = Phase.HEAD
        self._target = b""
        self._raw_headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_bytes = 0

    def on_url(self, part: bytes) -> None:
        """A piece of the request target."""
        self._unbroken_bytes = 0
        self._target += part
        if len(self._target) > self._limits.uri_bytes:
            raise Refused(414, f"The request target is over {self._limits.uri_bytes} bytes.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header, or a trailer behind a chunked body: counted, then ignored."""
        self._unbroken_bytes = 0
        self._raw_headers.append((name, value))
        if len(self._raw_headers) > self._limits.headers:
            raise self._head_too_large()

    def on_headers_complete(self) -> None:
        """Refuses what the parser lets through and what would be too large, before the body."""
        raw = self._raw_headers
        if self._fed_bytes > self._limits.header_bytes:
            self._check_size(raw)
        self.phase = Phase.BODY
        version = self._parser.get_http_version()
        self._http10 = version == "1.0"
        if not self._http10 and version != "1.1":
            raise Refused(505, f"HTTP/{version} is not spoken here; use HTTP/1.1.")
        self._headers = tuple(
            [
                (name.decode("latin-1").lower(), value.decode("latin-1").rstrip(" \t"))
                for name, value in raw
            ]
        )
        own = dict(self._headers)
        if len(own) != len(raw) or "host" not in own:
            self._check_host()
        if not _DECISIVE.isdisjoint(own):
            self._check_framing(own)

    def _check_size(self, raw: list[tuple[bytes, bytes]]) -> None:
        if sum(len(name) + len(value) for name, value in raw) > self._limits.header_bytes:
            raise self._head_too_large()

    def _check_host(self) -> None:
        hosts = [value for name, value in self._headers if name == "host"]
        if len(hosts) > 1 or not (hosts or self._http10):
            raise Refused(400, f"A request has one Host header; this one has {len(hosts)}.")

    def _check_framing(self, own: dict[str, str]) -> None:
        coding = own.get("transfer-encoding", "chunked")
        expected = own.get("expect", "100-continue")
        if "transfer-encoding" in own and self._http10:
            raise Refused(400, "HTTP/1.0 knows no Transfer-Encoding; send a Content-Length.")
        if coding.lower() != "chunked":
            raise Refused(501, f"Transfer-Encoding {coding[:80]!r}: only 'chunked' is known here.")
        self._check_length(int(own.get("content-length", "0")))
        if expected.lower() != "100-continue":
            raise Refused(417, f"Expect {expected[:80]!r}: only '100-continue' can be met.")
        if "expect" in own and not self._http10:
            self._owing_continue()

    def _check_length(self, body_bytes: int) -> None:
        if body_bytes > self._limits.body_bytes:
            raise Refused(413, f"The request's body is over {self._limits.body_bytes} bytes.")

    def on_body(self, part: bytes) -> None:
        """A piece of the body."""
        self._unbroken_bytes = 0
        self._body_bytes += len(part)
        self._check_length(self._body_bytes)
        self._body.append(part)

    def on_message_complete(self) -> None:
        """A request is complete."""
        self.phase = Phase.BETWEEN
        self._completed += 1
        parser = self._parser
        headers = self._headers
        path, query, authority, scheme = self._split(self._target.decode("latin-1"))
        if authority:
            headers = (("host", authority), *(pair for pair in headers if pair[0] != "host"))
        body = b"".join(self._body)
        self._body.clear()
        method = parser.get_method().decode()
        request = Request(method, path, query, headers, body, scheme or self._scheme)
        self._hand_on(Exchange(request, parser.should_keep_alive(), self._http10))
