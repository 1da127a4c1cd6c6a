"""The fake over HTTPS: who trusts its authority is served, and every address says `https`."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from socket import create_connection

import httpx
import pytest

from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.web.tls import ThrowAway, throw_away


CREATE = "models/black-forest-labs/flux-kontext-pro/predictions"
INPUT = {"input": {"prompt": "a lighthouse"}}
CANNOT_VERIFY = 60
"""curl's exit code. Source: its manual."""


@pytest.fixture(scope="module")
def tls() -> ThrowAway:
    """A certificate for loopback and a name besides."""
    return throw_away(["api.replicate.com", "", "0.0.0.0"])  # noqa: S104 - never listened on


@pytest.fixture(scope="module")
def server(tls: ThrowAway) -> Iterator[LiveServer]:
    """A fake that speaks HTTPS."""
    with serve(tls=tls.context) as running:
        yield running


@pytest.fixture(scope="module")
def trusting(tls: ThrowAway) -> ssl.SSLContext:
    """What a client trusts who was given the authority's certificate."""
    return ssl.create_default_context(cadata=tls.authority_pem.decode())


@pytest.fixture
def world(server: LiveServer) -> LiveWorld:
    """A world that stands still."""
    return server.world("a-token", clock="manual")


@pytest.fixture
def client(world: LiveWorld, trusting: ssl.SSLContext) -> Iterator[httpx.Client]:
    """A client with the world's token that trusts the authority."""
    headers = {"Authorization": f"Bearer {world.token}"}
    with httpx.Client(base_url=world.base_url, headers=headers, verify=trusting) as ours:
        yield ours


def test_every_address_says_https(world: LiveWorld, client: httpx.Client) -> None:
    """`urls` and outputs lead back the way the client came."""
    made = client.post(CREATE, json=INPUT).json()
    world.settle()
    got = client.get(made["urls"]["get"]).json()

    told = [made["urls"][name] for name in ("get", "cancel", "stream")]
    assert world.url.startswith("https://127.0.0.1:")
    assert all(address.startswith(f"{world.url}/") for address in (*told, got["output"]))
    assert client.get(got["output"]).content.startswith(b"\x89PNG")


def test_one_connection_serves_many_requests(
    server: LiveServer, trusting: ssl.SSLContext, world: LiveWorld
) -> None:
    """Kept alive, as without TLS."""
    connection = HTTPSConnection("127.0.0.1", server.port, timeout=10, context=trusting)
    seen = []
    for _ in range(3):
        connection.request("GET", "/v1/predictions", headers={"Authorization": "Bearer a-token"})
        seen.append((connection.getresponse().read(), connection.sock))
    connection.close()
    assert len({used for _, used in seen}) == 1
    assert world.predictions() == ()


def test_events_arrive_as_they_happen(world: LiveWorld, client: httpx.Client) -> None:
    """A stream opens before its prediction ends, and ends with `done`."""
    stream = client.post(CREATE, json=INPUT).json()["urls"]["stream"]
    with client.stream("GET", stream) as events:
        lines = events.iter_lines()
        first = next(lines)
        world.settle()
        rest = list(lines)
    assert first.startswith(":")
    assert "event: done" in rest
    assert any(line.startswith(f"data: {world.url}/") for line in rest)


def test_who_does_not_know_the_authority_is_warned(server: LiveServer) -> None:
    """Python refuses to talk to it."""
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(server.base_url, verify=ssl.create_default_context())


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "::1", "api.replicate.com"])
def test_it_can_be_called_by_a_name_it_stands_for(
    server: LiveServer, trusting: ssl.SSLContext, name: str
) -> None:
    """The certificate holds loopback and the names that were asked for."""
    with (
        create_connection(("127.0.0.1", server.port), 10) as plain,
        trusting.wrap_socket(plain, server_hostname=name) as connected,
    ):
        assert connected.version() == "TLSv1.3"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_needs_the_authority_and_no_more(
    server: LiveServer, tls: ThrowAway, tmp_path: Path
) -> None:
    """With `--cacert` it is content, without it is not."""
    (tmp_path / "ca.pem").write_bytes(tls.authority_pem)
    ask = ["curl", "--silent", "--fail", "--noproxy", "*", f"{server.base_url}/openapi.json"]
    trusting = subprocess.run(
        [*ask, "--cacert", tmp_path / "ca.pem"], capture_output=True, check=False
    )
    doubting = subprocess.run(ask, capture_output=True, check=False)
    assert trusting.stdout.startswith(b"{")
    assert doubting.returncode == CANNOT_VERIFY
