"""Requests that repeat their head: a client sends the same one again and again.

What the strict parser has accepted once, byte for byte, it need not judge twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockserver.core.interaction import Request


Headers = tuple[tuple[str, str], ...]

_PLAIN_TARGET = re.compile(rb"/[\w\-.~!$&'()*+,;=:@%/?]*", re.ASCII)
_LENGTH = re.compile(rb"\r\ncontent-length: ?(\d+)\r\n", re.IGNORECASE)
_LENGTH_DIGITS = 9
_HEAD_BYTES = 2048
_UNUSUAL = frozenset(("transfer-encoding", "expect", "upgrade"))


class Accepted(NamedTuple):
    """An accepted head, cut where the next one may differ: at its target and its length."""

    method: str
    before_target: bytes
    after_target: bytes
    """Up to the digits of Content-Length, or to the end of the head if there are none."""
    after_length: bytes
    headers: Headers
    length_at: int
    """Where in `headers` Content-Length is; -1 for nowhere."""
    scheme: str = "http"

    def read(self, data: bytes, uri_bytes: int, body_bytes: int) -> Request | None:
        """The request `data` is, if it is exactly one, with this head and within the bounds.

        None of the parts before the body can contain what ends it: there is no second reading.
        """
        start = len(self.before_target)
        target_end = data.find(b" ", start)
        target = data[start:target_end]
        if not (
            data.startswith(self.after_target, target_end)
            and data.startswith(self.before_target)
            and len(target) <= uri_bytes
            and _PLAIN_TARGET.fullmatch(target)
        ):
            return None
        body_at = target_end + len(self.after_target)
        headers = self.headers
        if self.length_at >= 0:
            length_end = data.find(b"\r", body_at)
            digits = data[body_at:length_end]
            body_at = length_end + len(self.after_length)
            if not data.startswith(self.after_length, length_end) or not digits.isdigit():
                return None
            if len(digits) > _LENGTH_DIGITS or int(digits) != len(data) - body_at:
                return None
            headers = self._with_length(digits.decode())
        body = data[body_at:]
        if len(body) > (body_bytes if self.length_at >= 0 else 0):
            return None
        path, _, query = target.decode().partition("?")
        return Request(self.method, path, query, headers, body, self.scheme)

    def _with_length(self, digits: str) -> Headers:
        at, headers = self.length_at, self.headers
        return (*headers[:at], ("content-length", digits), *headers[at + 1 :])


def accepted(
    data: bytes, method: bytes, target: bytes, headers: Headers, body_bytes: int
) -> Accepted | None:
    """The head of the accepted request that is all of `data`; None if it is an unusual one."""
    names = [name for name, _ in headers]
    rest = data[len(method) + 1 + len(target) : len(data) - body_bytes]
    length = _LENGTH.search(rest)
    if (
        len(rest) > _HEAD_BYTES
        or not data.startswith(b"%b %b HTTP/1.1\r\n" % (method, target))
        or ("content-length" in names) != (length is not None)
        or not _UNUSUAL.isdisjoint(names)
    ):
        return None
    return Accepted(
        method.decode(),
        method + b" ",
        rest[: length.start(1)] if length else rest,
        rest[length.end(1) :] if length else b"",
        headers,
        names.index("content-length") if length else -1,
    )
