"""What makes no tunnel is refused with words, and whoever ends or is ended leaves nothing."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Later, Reply
from tests.web.server.conftest import GET, TUNNEL


if TYPE_CHECKING:
    from tests.web.server.conftest import HandBell, StartProxy


def echo(request: Request) -> Answer:
    """Says how it was asked."""
    return Reply(200, (), request.scheme.encode())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (TUNNEL.replace(b"api.test", b"other.test"), 403),
        (TUNNEL.replace(b"443", b"22"), 403),
        (b"CONNECT api.test HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT /a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT api.test:443 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT api.test:443 HTTP/3.0\r\nHost: x\r\n\r\n", 400),
        (TUNNEL + b"more", 400),
        (b"CONNECT api.test:443 HTTP/1.0\r\n\r\nmore", 400),
        (b"GET nonsense HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (TUNNEL[:-2] + b"X: %b\r\n\r\n" % (b"x" * 70_000), 431),
        (b"CONNECT %b:443 HTTP/1.1\r\n" % (b"x" * 9_000), 414),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
    ids=["host", "port", "no port", "path", "no Host", "version", "too early", "too early, 1.0",
         "target", "large head", "long target", "TLS at once"],
)  # fmt: skip
def test_what_cannot_be_a_tunnel_is_refused(start: StartProxy, sent: bytes, status: int) -> None:
    """With a status, and why in the status line; then the connection ends."""
    with start(echo, linger_s=0.1).connect() as client:
        client.send(sent)
        first = client.until(b"\r\n").decode()
        assert first.startswith(f"HTTP/1.1 {status} ")
        assert len(first.split(" ", 2)[2]) > len("Forbidden\r\n")
        client.rest()


def test_a_head_that_never_ends_is_not_waited_for(start: StartProxy) -> None:
    """A slow client has as long as with any server."""
    with start(echo, header_s=0.2, linger_s=0.1).connect() as client:
        client.send(TUNNEL[:20])
        assert client.head().status == 408


def test_a_handshake_that_never_ends_is_not_waited_for(start: StartProxy) -> None:
    """Nor does it keep its place."""
    proxy = start(echo, header_s=0.2)
    with proxy.connect() as client:
        assert client.send(TUNNEL).head().status == 200
        assert client.rest()[0] == b""
    assert "handshake" in proxy.why()
    assert not proxy.served.server.connections


def test_a_client_that_speaks_no_tls_in_a_tunnel_is_dropped(start: StartProxy) -> None:
    """It is told of, and the next one is served."""
    proxy = start(echo)
    with proxy.connect() as client:
        client.send(TUNNEL).head()
        assert not client.send(GET % b"a").rest()[0].startswith(b"HTTP/")
    assert "the handshake with api.test:443 failed" in proxy.why()
    with proxy.tunnel() as client:
        assert client.send(GET % b"a").response().status == 200


def test_a_client_that_does_not_trust_us_is_told_of(start: StartProxy) -> None:
    """It says so in its alert."""
    proxy = start(echo)
    with proxy.connect() as client:
        client.send(TUNNEL).head()
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(client.socket, server_hostname="api.test")
    assert "UNKNOWN_CA" in proxy.why()


def test_a_handshake_can_be_reset(start: StartProxy) -> None:
    """At its first bytes, after the tunnel was granted."""
    with start(echo, resets=True).connect() as client:
        assert client.send(TUNNEL).head().status == 200
        assert client.send(b"\x16\x03\x01").rest()[1] == "RST"


@pytest.mark.parametrize("hurry", ["before", "amid", "after"])
def test_a_client_that_leaves_leaves_nothing(start: StartProxy, hurry: str) -> None:
    """Before the answer to CONNECT, amid the handshake, or in the tunnel."""
    proxy = start(echo)
    for _ in range(5):
        if hurry == "after":
            proxy.tunnel().socket.close()
            continue
        with proxy.connect() as client:
            client.send(TUNNEL)
            if hurry == "amid":
                client.head()
                client.send(b"\x16\x03\x01\x02\x00\x01")
    with proxy.tunnel() as client:
        assert client.send(GET % b"a").response().status == 200
    assert proxy.served.stop()
    assert not proxy.served.server.connections


def test_stopping_ends_tunnels_and_handshakes(start: StartProxy, bell: HandBell) -> None:
    """Nobody is waited for, no thread and no subscription is left."""
    held = Later(None, "it", bell, lambda _: held)
    proxy = start(lambda _: held)
    with proxy.tunnel() as waiting, proxy.tunnel() as idle, proxy.connect() as shaking:
        shaking.send(TUNNEL).head()
        waiting.send(GET % b"a")
        assert bell.wait_for_listeners(1)
        assert proxy.served.stop()
        assert waiting.rest()[0] == idle.rest()[0] == shaking.rest()[0] == b""
    assert bell.wait_for_listeners(0)
    assert not proxy.served.server.connections
