"""Posts webhooks over sockets: a name is resolved once, and only a checked address is dialed."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Self, cast

from mockserver.core.clock import monotonic_ms
from mockserver.core.letter import Letter
from mockserver.service.courier import Undelivered
from mockserver.service.egress import Address, Blocked, Egress, Target


if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


TIMEOUT_MS: Final = 10_000
"""From dialing to the answer. Source: "within a few seconds"; the figure is assumed."""
MOST_ANSWER_BYTES: Final = 64 * 1024
"""How much of an answer is read before it is hung up on."""
CHUNK_BYTES: Final = 256
"""What one chunk holds of a letter that asks to be sent in chunks."""

_DIRECT: Final = socket.SOCK_STREAM

Resolve = Callable[[str, int], list[str]]
"""The addresses of a name. Raises `OSError`."""


def resolved(host: str, port: int) -> list[str]:
    """What the system's resolver says, each address once."""
    found = socket.getaddrinfo(host, port, type=_DIRECT)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class HttpSender:
    """A `Sender` for receivers on the network that `egress` lets through."""

    def __init__(
        self, egress: Egress, *, resolve: Resolve = resolved, timeout_ms: int = TIMEOUT_MS
    ) -> None:
        self._egress = egress
        self._resolve = resolve
        self._timeout_ms = timeout_ms

    def __call__(self, target: Target, letter: Letter) -> int:
        """The status that was answered. Raises `Blocked` or `Undelivered`."""
        end_ms = monotonic_ms() + self._timeout_ms
        try:
            with _dialed(self._addresses(target), target.port, end_ms) as plain:
                return _posted(_secured(plain, target), target, letter)
        except TimeoutError:
            seconds = self._timeout_ms / 1000
            raise Undelivered(f"the receiver did not answer within {seconds:g} s") from None
        except ssl.SSLError as reason:
            raise Undelivered(f"no TLS with {target.authority}: {reason}") from None
        except (OSError, HTTPException) as reason:
            told = reason.strerror if isinstance(reason, OSError) else str(reason)
            why = told or type(reason).__name__
            raise Undelivered(f"no answer from {target.authority}: {why}") from None

    def _addresses(self, target: Target) -> list[Address]:
        """The addresses that may be dialed, in the resolver's order. Raises `Blocked`."""
        if target.address is not None:
            return [self._egress.check(target, target.address)]
        allowed, refused = [], Blocked(f"{target.host} has no address")
        for text in self._resolve(target.host, target.port):
            try:
                allowed.append(self._egress.check(target, ip_address(text)))
            except Blocked as reason:
                refused = reason
        if not allowed:
            raise refused
        return allowed


class _Timed:
    """A socket all of whose uses together end at one time."""

    def __init__(self, plain: socket.socket, end_ms: int) -> None:
        self.socket = plain
        self._end_ms = end_ms

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def hurry(self) -> socket.socket:
        """The socket, with the time that is left. Raises `TimeoutError` if none is."""
        self.socket.settimeout(_left_s(self._end_ms))
        return self.socket

    def sendall(self, data: bytes) -> None:
        """Send all of `data`."""
        self.hurry().sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        """A file of what is received, as `http.client` asks for it."""
        return io.BufferedReader(_Received(self))

    def close(self) -> None:
        """Nothing: `http.client` hangs up before the answer is read."""


class _Received(io.RawIOBase):
    """The bytes of a socket, as long as there is time."""

    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._timed.hurry().recv_into(buffer)


def _left_s(end_ms: int) -> float:
    left_ms = end_ms - monotonic_ms()
    if left_ms <= 0:
        raise TimeoutError
    return left_ms / 1000


def _dialed(addresses: list[Address], port: int, end_ms: int) -> _Timed:
    """A connection to the first address that takes one."""
    for place, address in enumerate(addresses, start=1):
        try:
            made = socket.create_connection((str(address), port), _left_s(end_ms))
        except TimeoutError:
            raise
        except OSError:
            if place == len(addresses):
                raise
        else:
            return _Timed(made, end_ms)
    raise OSError("it has no address")


def _secured(timed: _Timed, target: Target) -> _Timed:
    """The same connection, in TLS where the address says https; the certificate is checked."""
    if target.scheme == "https":
        context = ssl.create_default_context()
        timed.socket = context.wrap_socket(timed.hurry(), server_hostname=target.host)
    return timed


def _pieces(body: bytes) -> list[bytes]:
    """What comes in chunks, in pieces: of one piece the client would make one chunk."""
    return [body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]


def _posted(timed: _Timed, target: Target, letter: Letter) -> int:
    connection = HTTPConnection(target.host, target.port)
    # A connection that has its socket dials none; what it needs of one is in _Timed.
    connection.sock = cast("Any", timed)
    told = {"Host": target.authority, **dict(letter.headers), "Connection": "close"}
    chunked = letter.header("transfer-encoding") == "chunked"
    connection.request(
        letter.method,
        letter.path or target.path,
        _pieces(letter.body) if chunked else letter.body,
        told,
        encode_chunked=chunked,
    )
    response = connection.getresponse()
    # Read to its end, a receiver sees an orderly farewell; beyond the limit it sees none.
    response.read(MOST_ANSWER_BYTES)
    return response.status
