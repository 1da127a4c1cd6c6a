"""Faults in-process: a client meets in the mount what it would meet on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import MOUNT, SERVER, Needs
from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.mount import MountedWorld, mounted
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


CREATE: Final = "models/black-forest-labs/flux-kontext-pro/predictions"
INPUT: Final = {"input": {"prompt": "a lighthouse"}}
SETTINGS: Final = Settings(clock="manual:jump")
IMPATIENT_S: Final = 0.3
PATIENT_S: Final = 20.0

SHORTER: Final = {
    "net.drip;bytes=1": "net.drip;bytes=50",
    "net.drip;ms=100": "net.drip;bytes=50;ms=200",
    "body.huge;bytes=100000000": "body.huge;bytes=300000",
    "body.gzip_bomb;bytes=100000000": "body.gzip_bomb;bytes=1000000",
}
"""The same faults, with less to wait for."""

ENDLESS: Final = frozenset({
    "net.stall_before",
    "net.stall_before;ms=0",
    "net.stall_before;then=answer",
    "net.stall_before;then=close",
    "net.stall_mid",
    "net.stall_mid;ms=0",
    "net.stall_mid;bytes=20",
})  # fmt: skip
"""What only a client's impatience ends."""


def examples(needs: frozenset[Needs]) -> list[str]:
    """The faults of these families that an edge can perform which has all of `needs`."""
    kinds = catalogue.kinds()
    texts = catalogue.examples("net", "http", "body")
    return [one for one in texts if kinds[one.partition(";")[0]].needs in needs]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A server whose time jumps as soon as everybody waits."""
    with serve(SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def front() -> Front:
    """The same without a socket."""
    return Front(Fake(SETTINGS))


def asked(world: LiveWorld | MountedWorld, client: httpx.Client, fault: str) -> list[str]:
    """How a create call ends that meets `fault`, and how a look at what is there already."""
    prediction = client.post(f"{world.base_url}/{CREATE}", json=INPUT).json()
    world.fault(fault)
    url = f"{world.base_url}/predictions/{prediction['id']}"
    create = httpx.Request("POST", f"{world.base_url}/{CREATE}", json=INPUT)
    return [met(client, create), met(client, httpx.Request("GET", url))]


def met(client: httpx.Client, request: httpx.Request) -> str:
    """The status and what was read as JSON, or the error that came instead."""
    sent = client.build_request(request.method, request.url, content=request.content)
    try:
        response = client.send(sent)
        told: object = type(response.json()).__name__
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        return type(error).__name__
    return f"{response.status_code} {told}"


def client_of(world: LiveWorld | MountedWorld, fault: str) -> httpx.Client:
    """A client that loses its patience where nothing else ends the wait."""
    headers = {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}
    transport = world.transport if isinstance(world, MountedWorld) else None
    timeout = IMPATIENT_S if fault in ENDLESS else PATIENT_S
    return httpx.Client(headers=headers, transport=transport, timeout=timeout)


@pytest.mark.parametrize("fault", examples(SERVER & MOUNT))
def test_the_mount_is_met_as_a_socket(server: LiveServer, front: Front, fault: str) -> None:
    """The same statuses, the same values, the same errors, from the same client."""
    text = SHORTER.get(fault, fault)
    live = server.world("a-token", clock="manual:jump", seed=7)
    in_process = MountedWorld(front, mounted(front), "a-token", clock="manual:jump", seed=7)
    with client_of(live, fault) as ours, client_of(in_process, fault) as theirs:
        assert asked(in_process, theirs, text) == asked(live, ours, text)


ERRORS: Final = {
    "net.reset_before": "ReadError",
    "net.close_before": "RemoteProtocolError",
    "net.reset_mid": "ReadError",
    "net.close_mid": "RemoteProtocolError",
    "net.limit_data": "RemoteProtocolError",
    "net.stall_before": "ReadTimeout",
    "net.stall_mid": "ReadTimeout",
    "net.garbage": "RemoteProtocolError",
    "net.chunk_bad": "RemoteProtocolError",
    "net.chunk_cut": "RemoteProtocolError",
    "net.refuse": "ConnectError",
    "net.dns": "ConnectError",
    "http.dup_header;form=differing_lengths": "RemoteProtocolError",
    "body.length_short": "RemoteProtocolError",
    "body.gzip_garbage": "DecodingError",
    "body.truncated_json": "JSONDecodeError",
    "body.empty": "JSONDecodeError",
    "body.bad_utf8": "UnicodeDecodeError",
    "body.deep": "RecursionError",
}


@pytest.mark.parametrize("fault", ERRORS)
def test_errors_are_those_of_httpx(front: Front, fault: str) -> None:
    """By name, so that the two cannot agree on nothing."""
    world = MountedWorld(front, mounted(front), "a-token", clock="manual:jump", seed=7)
    with client_of(world, fault) as client:
        assert asked(world, client, fault) == [ERRORS[fault]] * 2


def test_what_would_last_longer_than_a_client_waits_is_its_timeout(front: Front) -> None:
    """Not a second passes meanwhile; the world's clock shows how long the client has waited."""
    world = MountedWorld(front, mounted(front), "a-token", clock="manual", seed=7)
    began_ms = world.clock.now_ms
    with client_of(world, "net.stall_before") as client:
        assert asked(world, client, "net.latency;ms=9000") == ["ReadTimeout"] * 2
    assert world.clock.now_ms - began_ms == 2 * IMPATIENT_S * 1000


@pytest.mark.parametrize("fault", examples(frozenset({Needs.SOCKET})))
def test_what_needs_a_socket_is_refused_in_process(front: Front, fault: str) -> None:
    """501, with the way to have it, where a request asks; a test is told at once."""
    world = MountedWorld(front, mounted(front), "a-token", clock="manual", seed=7)
    with client_of(world, fault) as client:
        response = client.post(
            f"{world.base_url}/{CREATE}", json=INPUT, headers={"X-Mock-Fault": fault}
        )
    assert response.status_code == 501
    assert "use `mockserver serve`" in response.json()["detail"]


def test_nothing_was_sent_where_there_is_no_connection(front: Front) -> None:
    """The job does not exist; the message names the fault."""
    world = MountedWorld(front, mounted(front), "a-token", clock="manual", seed=7)
    world.fault("net.refuse", on="create")
    with client_of(world, "") as client:
        with pytest.raises(httpx.ConnectError, match=r"Connection refused \(net\.refuse-"):
            client.post(f"{world.base_url}/{CREATE}", json=INPUT)
        assert client.get(f"{world.base_url}/predictions").json()["results"] == []
