"""Handshakes that fail on purpose: whoever verifies refuses, and nobody falls back to HTTP."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection
from typing import Final

import pytest

from mockserver.cli.https import spoken
from mockserver.cli.output import Failure
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.faults import catalogue
from mockserver.live import LiveServer, serve
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.tls import throw_away


KINDS: Final = tuple(one.name for one in catalogue.families()["tls"])
CERTIFICATES: Final = {
    "tls.self_signed": "self-signed certificate",
    "tls.expired": "certificate has expired",
    "tls.wrong_name": "certificate is not valid for '127.0.0.1'",
}
"""What OpenSSL says of each."""


@contextmanager
def spoiled(flags: str) -> Iterator[tuple[LiveServer, ssl.SSLContext]]:
    """A server with these flags, and what a client trusts who was given its authority."""
    made = throw_away(fault=catalogue.handshake(flags))
    trusting = ssl.create_default_context(cadata=made.authority_pem.decode())
    with serve(Settings(fault=flags), tls=made.context) as server:
        yield server, trusting


def shake(server: LiveServer, trusting: ssl.SSLContext) -> str:
    """The first line that a client gets who verifies what it speaks to."""
    with (
        create_connection((server.host, server.port), 5) as wire,
        trusting.wrap_socket(wire, server_hostname=server.host) as safe,
    ):
        safe.sendall(b"GET /__mock__/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return safe.recv(15).decode()


@pytest.mark.parametrize(("fault", "says"), CERTIFICATES.items())
def test_a_certificate_that_must_be_refused(fault: str, says: str) -> None:
    """For the reason that it was made for, by a client that trusts the authority."""
    with (
        spoiled(fault) as (server, trusting),
        pytest.raises(ssl.SSLCertVerificationError) as refused,
    ):
        shake(server, trusting)
    assert says in refused.value.verify_message


def test_whoever_verifies_nothing_is_served() -> None:
    """Only the certificate is wrong: a client that looks away finds the whole API."""
    with spoiled("tls.expired") as (server, _):
        careless = ssl.create_default_context()
        careless.check_hostname = False
        careless.verify_mode = ssl.CERT_NONE
        assert shake(server, careless) == "HTTP/1.1 200 OK"


def test_a_handshake_that_is_reset() -> None:
    """At its first bytes; who says nothing is left alone, and the server ends all the same."""
    with spoiled("tls.reset_handshake") as (server, trusting):
        assert server.url.startswith("https://")
        with create_connection((server.host, server.port), 5) as silent:
            with pytest.raises(ConnectionResetError):
                shake(server, trusting)
            silent.settimeout(0.1)
            with pytest.raises(TimeoutError):
                silent.recv(1)


def test_without_such_a_fault_all_is_well() -> None:
    """Other flags are about requests."""
    with spoiled("http.status;on=create") as (server, trusting):
        assert shake(server, trusting) == "HTTP/1.1 200 OK"


def test_a_handshake_fails_beside_other_faults() -> None:
    """Whatever else is set; the other flags strike in every world as ever."""
    with (
        spoiled("http.status;on=create, tls.expired") as (server, trusting),
        pytest.raises(ssl.SSLCertVerificationError, match="expired"),
    ):
        shake(server, trusting)


@pytest.mark.parametrize("fault", KINDS)
def test_without_https_there_is_no_handshake(fault: str) -> None:
    """The refusal says what is missing, in Python and on the command line."""
    with pytest.raises(LibraryError, match="handshakes of HTTPS"), serve(Settings(fault=fault)):
        pass
    with pytest.raises(Failure, match="add --https"):
        spoken(wanted=False, settings=Settings(fault=fault), host="127.0.0.1", data=Catalogue())


@pytest.mark.parametrize("fault", KINDS)
def test_the_command_line_makes_the_certificate(fault: str) -> None:
    """`--https --fault …` hands the server a context and the client an authority."""
    settings = Settings(fault=fault)
    with spoken(wanted=True, settings=settings, host="127.0.0.1", data=Catalogue()) as trust:
        assert trust is not None
        trusting = ssl.create_default_context(cafile=str(trust.authority))
        with serve(settings, tls=trust.context) as server, pytest.raises(OSError) as refused:  # noqa: PT011 - its class is compared
            shake(server, trusting)
    reset = fault == "tls.reset_handshake"
    assert isinstance(refused.value, ConnectionResetError if reset else ssl.SSLError)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("tls", "tls is several faults; a server has one of tls.self_signed"),
        ("tls.expired;p=0.5", "is about every handshake; seen: tls.expired;p=0.5"),
        ("tls.expired;on=get", "is about every handshake"),
    ],
)
def test_a_server_has_one_kind_of_handshake(flags: str, says: str) -> None:
    """Without conditions: there is no request yet that could meet them."""
    with pytest.raises(LibraryError) as refused:
        catalogue.checked(flags, by_server=True)
    assert says in str(refused.value)


def test_two_faults_of_handshakes_are_one_too_many() -> None:
    """The refusal names both."""
    with pytest.raises(LibraryError, match=r"several: tls\.expired, tls\.wrong_name"):
        catalogue.handshake("tls.expired, net.drip, tls.wrong_name")
    flags = Settings(fault="tls.expired, tls.wrong_name")
    with pytest.raises(Failure, match="--fault: a handshake fails in one way"):
        spoken(wanted=True, settings=flags, host="127.0.0.1", data=Catalogue())


def test_a_world_has_no_handshakes() -> None:
    """They are said of a server: neither a world nor a rule nor a request can have them."""
    fake = Fake()
    with pytest.raises(LibraryError, match="before any request"):
        fake.worlds.make("a-token", fault="tls.expired")
    with pytest.raises(LibraryError, match="before any request"):
        catalogue.check(catalogue.checked("tls.expired", by_server=True)[0])
