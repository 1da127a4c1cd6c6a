"""Connections of this very process, led to the proxy past every variable."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockserver.intercept import redirect
from mockserver.intercept.redirect import begin, redirect_of


if TYPE_CHECKING:
    from mockserver.intercept.proxy import Interception

NOTHING_SENT = "nothing was sent there"


@pytest.fixture
def led(proxy: Interception) -> Iterator[Interception]:
    """The proxy, with this process led to it."""
    with proxy.here():
        yield proxy


def test_a_known_host_resolves_to_this_machine(led: Interception) -> None:
    """Each to an address of its own, and always to the same; nobody is asked for it."""
    names = (
        "api.replicate.com",
        "replicate.delivery",
        "a.replicate.delivery",
        "API.replicate.com",
    )
    found = [socket.gethostbyname(name) for name in names]
    assert len(set(found)) == 3
    assert found[0] == found[3] == socket.gethostbyname_ex("api.replicate.com")[2][0]
    assert all(address.startswith("127.77.") for address in found)
    infos = socket.getaddrinfo(b"api.replicate.com", "https", type=socket.SOCK_STREAM)
    assert [info[4] for info in infos] == [(found[0], 443)]
    assert list(led.turned) == []


def test_a_connection_to_it_is_made_to_the_proxy(led: Interception) -> None:
    """By name or by the address that was told, each port to its own."""
    address = socket.gethostbyname("api.replicate.com")
    for host in ("api.replicate.com", address):
        for port, there in ((443, led.tls_port), (80, led.port)):
            with socket.socket() as ours:
                ours.connect((host, port))
                assert ours.getpeername() == ("127.0.0.1", there)
            with socket.socket() as ours:
                assert ours.connect_ex((host, port)) == 0


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="there is no IPv6 here")
def test_an_address_of_ipv4_written_as_one_of_ipv6_is_the_same(led: Interception) -> None:
    """For a known host as for this machine."""
    mapped = f"::ffff:{socket.gethostbyname('api.replicate.com')}"
    for address, port in ((mapped, 80), ("::ffff:127.0.0.1", led.port)):
        with socket.socket(socket.AF_INET6) as ours:
            ours.connect((address, port))
            assert ours.getpeername()[:2] == ("::ffff:127.0.0.1", led.port)


def test_clients_that_obey_no_variable_are_led(
    led: Interception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As httpx with a transport of its own, sync or async: the name is still the real one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(led.authority))
    with httpx.Client(transport=httpx.HTTPTransport()) as client:
        assert client.get("https://api.replicate.com/v1/openapi.json").status_code == 200
        assert client.get("http://api.replicate.com/v1/openapi.json").status_code == 200
        with pytest.raises(httpx.ConnectError, match=NOTHING_SENT):
            client.get("https://elsewhere.test/")


@pytest.mark.parametrize(
    "host", ["elsewhere.test", "localhost.elsewhere.test", "a.b.replicate.delivery"]
)
def test_any_other_name_is_not_looked_up(led: Interception, host: str) -> None:
    """The refusal is the proxy's, which tells its user too."""
    unconnected = socket.socket()
    for look_up in (
        lambda: socket.getaddrinfo(host, 443),
        lambda: socket.gethostbyname(host),
        lambda: socket.gethostbyname_ex(host),
        lambda: socket.create_connection((host, 443)),
        lambda: unconnected.connect((host, 443)),
    ):
        with pytest.raises(socket.gaierror, match=f"mockserver: {host} .*{NOTHING_SENT}"):
            look_up()
    unconnected.close()
    assert {one.request.path for one in led.turned} == {f"{host}:443"}


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_any_other_address_is_not_dialled(led: Interception, address: str) -> None:
    """Whatever the port, and whichever way it is asked for."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as ours:
        with pytest.raises(ConnectionRefusedError, match=NOTHING_SENT):
            ours.connect((address, 5432))
        assert ours.connect_ex((address, 5432)) == errno.ECONNREFUSED
    assert len(led.turned) == 2


def test_any_other_port_of_a_known_host_is_refused(led: Interception) -> None:
    """By its name, although it was dialled by address."""
    address = socket.gethostbyname("api.replicate.com")
    with socket.socket() as ours, pytest.raises(ConnectionRefusedError, match="not on 22"):
        ours.connect((address, 22))
    assert led.turned[0].request.path == "api.replicate.com:22"


@pytest.mark.usefixtures("led")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104 - dialled
def test_this_machine_is_reached_as_ever(host: str) -> None:
    """By address and by name; what is no TCP is not looked at."""
    with (
        socket.create_server(("127.0.0.1", 0)) as own,
        socket.create_connection((host, own.getsockname()[1]), 5) as ours,
    ):
        assert ours.getpeername()[0] == "127.0.0.1"
    assert socket.getaddrinfo(None, 80, flags=socket.AI_PASSIVE)
    assert socket.getaddrinfo(socket.gethostname(), None)
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.connect((host, 9))
    one, other = socket.socketpair()
    one.close()
    other.close()


def test_afterwards_all_is_as_before(proxy: Interception) -> None:
    """Functions of the module and methods of the class, the inherited ones too."""

    def places() -> list[Any]:
        names = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
        own = [socket.socket.__dict__.get(name) for name in ("connect", "connect_ex")]
        return [*(getattr(socket, name) for name in names), *own]

    before = places()
    with proxy.here():
        assert not any(ours is theirs for ours, theirs in zip(places(), before, strict=True))
    assert places() == before
    assert socket.socket.connect is redirect._connect  # noqa: SLF001 - the original


def test_many_threads_find_one_address_for_one_name(led: Interception) -> None:
    """And no two names share one."""
    names = [f"{number % 50}.replicate.delivery" for number in range(400)]
    start = threading.Barrier(8)

    def look_up(part: int) -> list[tuple[str, str]]:
        start.wait(10)
        return [(name, socket.gethostbyname(name)) for name in names[part::8]]

    with ThreadPoolExecutor(8) as pool:
        found = {pair for pairs in pool.map(look_up, range(8)) for pair in pairs}
    assert len(found) == len({name for name, _ in found}) == len({one for _, one in found}) == 50
    assert list(led.turned) == []


def test_what_the_variable_says_is_installed() -> None:
    """In a program that finds it; uvloop, which connects past `socket`, is not there for it."""
    told = '{"hosts": ["api.test"], "ports": {"443": 2, "80": 1}}'
    modules: dict[str, Any] = {}
    before = socket.getaddrinfo
    begin({}, modules)()
    assert (socket.getaddrinfo, modules) == (before, {})
    take_back = begin({"MOCKSERVER_INTERCEPTION": told}, modules)
    try:
        assert socket.gethostbyname("api.test").startswith("127.77.")
    finally:
        take_back()
    assert (socket.getaddrinfo, modules) == (before, {"uvloop": None})


def test_a_proxy_that_is_gone_lets_nobody_through() -> None:
    """The connection fails, as one to it would."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    ours = redirect_of(f'{{"hosts": [], "ports": {{"443": {port}, "80": {port}}}}}')
    with pytest.raises(ConnectionRefusedError):
        ours.getaddrinfo("api.test", 443)


def test_trust_is_the_programs_own(led: Interception) -> None:
    """Being led somewhere is no reason to trust it."""
    with (
        socket.create_connection(("api.replicate.com", 443), 5) as wire,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(wire, server_hostname="api.replicate.com")
    assert list(led.turned) == []
