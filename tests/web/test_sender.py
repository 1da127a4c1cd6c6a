"""Posting over real sockets: which addresses are dialed, and what a receiver can answer."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from mockserver.core.letter import Letter
from mockserver.service.courier import Undelivered
from mockserver.service.egress import Blocked, Egress
from mockserver.web.sender import HttpSender, resolved


LETTER = Letter((("Content-Type", "application/json"), ("webhook-id", "msg_1")), b'{"a":1}')
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Peer = Callable[[socket.socket], object]


def answering(data: bytes) -> Peer:
    """A receiver that answers so."""
    return lambda connection: connection.sendall(data)


def dripping(connection: socket.socket) -> None:
    """A receiver that keeps the sender waiting for the rest of its head."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while connection.recv(65_536):
        pass


def asked(connection: socket.socket) -> bytes:
    """The request, as far as its body is complete."""
    received = b""
    while not received.endswith(LETTER.body):
        received += connection.recv(65_536)
    return received


@contextmanager
def receiver(peer: Peer) -> Iterator[tuple[int, list[bytes]]]:
    """A socket on loopback: its port, and the requests that were received."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                requests.append(asked(connection))
                peer(connection)

        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], requests
        thread.join(20)


def post(url: str, sender: HttpSender | None = None, egress: Egress | None = None) -> int:
    """The status that the receiver at `url` answers."""
    egress = egress or Egress()
    return (sender or HttpSender(egress))(egress.target(url), LETTER)


def test_the_letter_is_posted_as_it_is() -> None:
    """Path and query, all headers, the body's own bytes, and the address that was called."""
    with receiver(answering(OK)) as (port, requests):
        assert post(f"http://127.0.0.1:{port}/hook?user=7") == 200
    head, _, body = requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /hook?user=7 HTTP/1.1"
    assert {f"Host: 127.0.0.1:{port}", "webhook-id: msg_1", "Content-Length: 7"} <= set(lines)
    assert body == LETTER.body


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.0 500 Oh\r\n\r\nsorry", 500),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 202),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 200_000, 200),
    ],
)
def test_the_status_is_what_counts(answer: bytes, status: int) -> None:
    """Whatever follows it; of a long answer no more than 64 KiB are read."""
    with receiver(answering(answer)) as (port, _):
        assert post(f"http://127.0.0.1:{port}/") == status


def test_redirects_are_not_followed() -> None:
    """Not even to an address that would be allowed: a 301 is an answer."""
    with receiver(answering(OK)) as (other, _):
        moved = b"HTTP/1.1 301 Gone there\r\nLocation: http://127.0.0.1:%d/\r\n\r\n" % other
        with receiver(answering(moved)) as (port, _):
            assert post(f"http://127.0.0.1:{port}/") == 301
        assert post(f"http://127.0.0.1:{other}/") == 200


@pytest.mark.parametrize(
    ("peer", "why"),
    [
        (lambda _: None, "no answer from .*"),
        (answering(b"SSH-2.0-OpenSSH\r\n"), "no answer from .*SSH"),
        (answering(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"), "no answer from .*100"),
        (dripping, "did not answer within 0.2 s"),
    ],
)
def test_a_failure_says_why(peer: Peer, why: str) -> None:
    """In one sentence."""
    with (
        receiver(peer) as (port, _),
        pytest.raises(Undelivered, match=why),
    ):
        post(f"http://127.0.0.1:{port}/", HttpSender(Egress(), timeout_ms=200))


def test_nobody_at_home() -> None:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Undelivered, match=f"no answer from 127.0.0.1:{port}: .*refused"):
        post(f"http://127.0.0.1:{port}/")


def test_tls_is_spoken_where_the_address_says_so() -> None:
    """What answers in plain text is not believed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(OK)

        thread = Thread(target=serve)
        thread.start()
        with pytest.raises(Undelivered, match=f"no TLS with 127.0.0.1:{port}"):
            post(f"https://127.0.0.1:{port}/")
        thread.join(20)


def test_a_name_is_resolved_once_and_only_checked_addresses_are_dialed() -> None:
    """A resolver that changes its mind between check and call (rebinding) changes nothing."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    sender = HttpSender(Egress(), resolve=lambda _host, _port: answers.pop(0))
    with receiver(answering(OK)) as (port, requests):
        assert post(f"http://localhost:{port}/", sender) == 200
    assert f"Host: localhost:{port}".encode() in requests[0]
    assert answers == [["169.254.169.254"]]


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::1"]
)
def test_a_name_that_leads_elsewhere_is_blocked(address: str) -> None:
    """However harmless it is spelled."""
    sender = HttpSender(Egress(), resolve=lambda _host, _port: [address])
    with pytest.raises(Blocked, match=r"localhost is .*, which is not loopback"):
        post("http://localhost:1/", sender)


def test_the_next_address_is_tried_where_nobody_listens() -> None:
    """`localhost` may mean two addresses, of which the receiver has one."""
    with receiver(answering(OK)) as (port, _):
        found = ["127.0.0.2", "127.0.0.1"]
        assert post(f"http://localhost:{port}/", HttpSender(Egress(), resolve=lambda *_: found))


@pytest.mark.parametrize("found", [[], ["fail"]])
def test_a_name_that_leads_nowhere_is_told(found: list[str]) -> None:
    """Whether the resolver knows nothing, or does not answer."""

    def resolve(_host: str, _port: int) -> list[str]:
        if found:
            raise socket.gaierror(-2, "Name or service not known")
        return []

    egress = Egress(["hooks.example"])
    with pytest.raises((Undelivered, Blocked), match=r"hooks\.example"):
        post("http://hooks.example/", HttpSender(egress, resolve=resolve), egress)


def test_the_systems_resolver_knows_this_machine() -> None:
    """Each address once."""
    found = resolved("127.0.0.1", 80)
    assert found == ["127.0.0.1"]
