"""What a client may ask of the server, and how it is told that it asked too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from mockserver.core.reply import Reply


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server; a time-out is kept to a quarter of itself, or to a second."""

    header_bytes: int = 64 * 1024
    headers: int = 100
    uri_bytes: int = 8 * 1024
    body_bytes: int = 110 * 1024 * 1024
    write_buffer_bytes: int = 256 * 1024
    """More than this unread by the client stops the reading of its requests."""
    connections: int = 20_000
    pipelined: int = 16
    """Requests read ahead of the one being answered."""
    threads: int = 4
    header_s: float = 10.0
    body_idle_s: float = 30.0
    write_idle_s: float = 60.0
    idle_s: float = 75.0
    linger_s: float = 2.0
    """How long what a refused client still sends is read and dropped.

    Closing at once would reset the connection and could take the refusal with it.
    """
    jump_after_s: float = 0.005
    """How long nothing may arrive before a clock that jumps when idle does."""

    @property
    def sweep_s(self) -> float:
        """Seconds between two looks for connections whose time is up."""
        patience_s = (
            self.header_s,
            self.body_idle_s,
            self.write_idle_s,
            self.idle_s,
            self.linger_s,
        )
        return min(4.0, *patience_s) / 4


class Refused(Exception):
    """A request that gets no further than the protocol: `status` and what to tell the client."""

    def __init__(self, status: int, detail: str, *headers: tuple[str, str]) -> None:
        """`detail` says what was seen, what is allowed and what to do."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


Refuse = Callable[[int, str], Reply]


def problem(status: int, detail: str) -> Reply:
    """The refusal as `application/problem+json`."""
    words = {"title": HTTPStatus(status).phrase, "detail": detail, "status": status}
    return Reply(
        status,
        (("content-type", "application/problem+json"),),
        json.dumps(words).encode(),
    )
