"""What a client is given: an address, a token, and a way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Api:
    """The API as a client is told of it.

    `base_url` is what paths such as `/predictions` are appended to, without a slash at its end.
    `transport` leads to the fake from `httpx.Client` and `httpx.AsyncClient` alike; it is None
    where the fake listens on a socket. Every httpx client gets there without it as well.
    `env` are the variables by which official clients find the fake, set while the client runs.
    `deadline_s` is how long it ought to take at the most, in its own time.
    """

    base_url: str
    token: str
    env: Mapping[str, str]
    deadline_s: float
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None
