"""The fake on a real socket, in a thread."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread, active_count
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from replicate.client import Client

from mockserver import live
from mockserver.library.errors import UnknownName
from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front
from mockserver.web.server.limits import Limits
from mockserver.web.server.run import Server


MODEL = "black-forest-labs/flux-kontext-pro"
CREATE = f"models/{MODEL}/predictions"
INPUT = {"input": {"prompt": "a lighthouse"}}
STOPS_WITHIN_S = 0.05
HELD = 20


@pytest.fixture
def server() -> Iterator[LiveServer]:
    """A server whose worlds stand still."""
    with serve(Settings(clock="manual")) as server:
        yield server


@pytest.fixture
def world(server: LiveServer) -> LiveWorld:
    """A world on it."""
    return server.world("a-token")


def client(world: LiveWorld) -> httpx.Client:
    """A client of `world`."""
    return httpx.Client(
        base_url=world.base_url, headers={"Authorization": f"Bearer {world.token}"}
    )


@pytest.fixture
def transport() -> Iterator[httpx.HTTPTransport]:
    """Connections for an official client, which closes none itself."""
    with httpx.HTTPTransport() as transport:
        yield transport


def dial(url: str) -> socket.socket:
    """A connection to the server at `url`."""
    place = urlsplit(url)
    return socket.create_connection((place.hostname, place.port), timeout=5)


def test_it_listens_inside_the_block_and_not_behind_it() -> None:
    """The first request of the block is answered; after it nobody is there."""
    with serve() as server:
        assert httpx.get(f"{server.url}/__mock__/health").json() == {"status": "ok"}
    with pytest.raises(ConnectionRefusedError):
        dial(server.url)


def test_it_leaves_no_thread_behind() -> None:
    """The block ends when the server has ended."""
    before = active_count()
    with serve():
        assert active_count() > before
    assert active_count() == before


def test_it_stops_at_once_with_requests_held() -> None:
    """Requests that wait for the clock do not hold the server up."""
    body = b'{"input": {"prompt": "x"}}'
    head = (
        f"POST /v1/{CREATE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n"
        f"Prefer: wait\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with serve(Settings(clock="manual")) as server:
        held = [dial(server.url) for _ in range(HELD)]
        for connection in held:
            connection.sendall(head.encode() + body)
        # An answer behind them shows that they have been read.
        httpx.get(f"{server.url}/__mock__/health")
        began_s = time.perf_counter()
    took_s = time.perf_counter() - began_s
    for connection in held:
        connection.close()

    assert took_s < STOPS_WITHIN_S


def test_a_port_that_is_taken_is_an_error_of_the_caller() -> None:
    """What fails in the thread is raised where the server was asked for."""
    with serve() as server, pytest.raises(OSError, match="in use"), serve(port=server.port):
        pytest.fail("two servers on one port")


def test_what_ends_the_server_is_told_to_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that dies does not do so in silence."""

    def dies(server: Server, ready: Callable[[Server], None]) -> None:
        ready(server)
        raise MemoryError

    monkeypatch.setattr(live, "run", dies)
    with pytest.raises(MemoryError), serve():
        pass


def test_an_exception_in_the_block_stops_the_server() -> None:
    """The server never outlives its block."""
    with pytest.raises(LookupError), serve() as server:
        raise LookupError
    with pytest.raises(ConnectionRefusedError):
        dial(server.url)


def test_a_fake_can_be_brought_along() -> None:
    """The caller's own fake is served."""
    fake = Fake(Settings(seed=5))
    with serve(fake=fake) as server:
        assert server.fake is fake
        assert httpx.get(f"{server.url}/__mock__/info").json()["seed"] == 5


def test_a_fake_and_settings_contradict_each_other() -> None:
    """A fake has settings already."""
    with pytest.raises(ValueError, match="not both"), serve(Settings(), fake=Fake()):
        pytest.fail("served")


def test_limits_reach_the_server() -> None:
    """The server's bounds are the caller's to set."""
    with serve(limits=Limits(uri_bytes=64)) as server:
        assert httpx.get(f"{server.url}/{'x' * 64}").status_code == 414


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - nothing listens
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_url_can_be_dialled(host: str, url: str) -> None:
    """Who listens on every address is reached at loopback."""
    assert LiveServer(Front(Fake()), host, 80).url == url


def test_a_world_is_reached_by_its_token(world: LiveWorld) -> None:
    """What a client does is seen from the test, and the other way round."""
    with client(world) as ours:
        created = ours.post(CREATE, json=INPUT)
        assert created.status_code == 201
        assert [one.id for one in world.predictions()] == [created.json()["id"]]

        world.clock.advance(60)

        assert ours.get(created.json()["urls"]["get"]).json()["status"] == "succeeded"
    assert [entry.interaction.status for entry in world.journal] == [201, 200]


def test_advancing_answers_a_held_request(world: LiveWorld) -> None:
    """`Prefer: wait` on a manual clock waits for the test, from another thread."""
    with client(world) as ours, ThreadPoolExecutor(1) as pool:
        held = pool.submit(ours.post, CREATE, json=INPUT, headers={"Prefer": "wait"})
        while not world.predictions():
            assert not held.done()
        world.settle()
        assert held.result(5).json()["output"].startswith("data:image/")


def test_the_sse_stream_ends_in_order(world: LiveWorld) -> None:
    """A stream of an ended prediction is complete, and the client sees it end."""
    with client(world) as ours:
        created = ours.post(CREATE, json=INPUT).json()
        world.settle()
        streamed = ours.get(created["urls"]["stream"])
    assert streamed.text.endswith("data: {}\n\n")


@pytest.mark.parametrize(("gateway", "status"), [("winfull", 200), ("replicate", 201)])
def test_a_world_speaks_its_gateway(server: LiveServer, gateway: str, status: int) -> None:
    """`base_url` leads to the gateway's face, whatever the server itself speaks."""
    with client(server.world("a-token", gateway=gateway)) as ours:
        assert ours.post(CREATE, json=INPUT).status_code == status


def test_an_unknown_gateway_is_refused_at_once(server: LiveServer) -> None:
    """A misspelled gateway is told with the nearest name."""
    with pytest.raises(UnknownName, match="Did you mean 'winfull'"):
        server.world("a-token", gateway="winful")


@pytest.mark.parametrize("gateway", ["replicate", "winfull"])
def test_the_environment_leads_the_official_client_here(
    server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    transport: httpx.HTTPTransport,
    gateway: str,
) -> None:
    """With `env` set, replicate-python finds the world and gets a file it can read."""
    world = server.world("a-token", gateway=gateway, clock="poll")
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)

    made: Any = Client(transport=transport).run(MODEL, input={"prompt": "a lighthouse"})

    assert made.read().startswith(b"\x89PNG")
    assert [one.input["prompt"] for one in world.predictions()] == ["a lighthouse"]


def test_a_client_that_polls_gets_through_on_a_poll_clock(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch, transport: httpx.HTTPTransport
) -> None:
    """Each look moves a poll clock on, so that a loop of looks ends."""
    world = server.world("a-token", clock="poll")
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)

    made: Any = Client(transport=transport).run(
        MODEL, input={"prompt": "x"}, wait=False, use_file_output=False
    )

    assert made.startswith(f"{server.url}/delivery/")


def test_worlds_are_apart(server: LiveServer) -> None:
    """Two tokens see nothing of each other."""
    one, other = server.world("one-token"), server.world("other-token")
    with client(one) as ours:
        ours.post(CREATE, json=INPUT)
    one.clock.advance(10)

    assert (len(one.predictions()), len(other.predictions())) == (1, 0)
    assert other.clock.now < one.clock.now


def test_a_server_can_be_used_from_many_threads(server: LiveServer) -> None:
    """Clients of other threads and the test's own hand do not disturb each other."""
    world = server.world("a-token")
    with client(world) as ours:
        threads = [
            Thread(target=lambda: [ours.post(CREATE, json=INPUT) for _ in range(5)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            world.clock.advance(0.001)
    assert len({one.id for one in world.predictions()}) == 20
