"""The fake behind httpx, without a socket."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from replicate.client import Client

from mockserver.mount import MountedWorld, mounted
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


MODEL = "black-forest-labs/flux-kontext-pro"
UPSTREAM = "https://api.replicate.com/v1"
CREATE = f"{UPSTREAM}/models/{MODEL}/predictions"
INPUT = {"input": {"prompt": "a lighthouse"}}
BEARER = {"Authorization": "Bearer a-token"}
PNG = b"\x89PNG"


@pytest.fixture
def front() -> Front:
    """A fake whose worlds stand still."""
    return Front(Fake(Settings(clock="manual")))


@pytest.fixture
def router(front: Front) -> Iterator[respx.MockRouter]:
    """A router behind which it answers."""
    with mounted(front) as router:
        yield router


@pytest.fixture
def world(router: respx.MockRouter, front: Front) -> MountedWorld:
    """A world of it."""
    return MountedWorld(front, router, "a-token")


async def pictures(client: httpx.AsyncClient, count: int) -> list[bytes]:
    """The outputs of `count` predictions that an async client waits for at the same time."""

    async def picture() -> bytes:
        """One picture, from create to download."""
        created = await client.post(CREATE, json=INPUT)
        events = await client.get(created.json()["urls"]["stream"])
        seen = await client.get(created.json()["urls"]["get"])
        assert "event: done" in events.text
        return (await client.get(seen.json()["output"])).content

    return await asyncio.gather(*(picture() for _ in range(count)))


# The mount.


@pytest.mark.parametrize(
    "url",
    [
        CREATE,
        f"https://api.quickrouter.ai/replicate/v1/models/{MODEL}/predictions",
        f"https://www.anyapi.vip/replicate/v1/models/{MODEL}/predictions",
    ],
)
@pytest.mark.usefixtures("router")
def test_upstream_and_gateways_are_taken(url: str) -> None:
    """Code that calls them by their own addresses reaches the fake."""
    assert httpx.post(url, json=INPUT, headers=BEARER).is_success


@pytest.mark.usefixtures("router")
def test_other_hosts_are_refused() -> None:
    """A request that nobody expected does not leave the machine."""
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get("https://example.com/")


def test_more_hosts_can_be_taken(front: Front) -> None:
    """A shell pattern names the hosts of a gateway that is not known yet."""
    with mounted(front, hosts=["*.example.com"]):
        response = httpx.post(
            f"http://api.example.com/v1/models/{MODEL}/predictions", json=INPUT, headers=BEARER
        )
    assert response.json()["urls"]["get"].startswith("http://api.example.com/v1/predictions/")


def test_an_own_router_keeps_its_routes(front: Front) -> None:
    """The fake is one route of a router that has others."""
    with respx.mock(assert_all_called=False) as router:
        router.get("https://example.com/").respond(204)
        assert mounted(front, router) is router

        assert httpx.get("https://example.com/").status_code == 204
        assert httpx.post(CREATE, json=INPUT, headers=BEARER).status_code == 201


@pytest.mark.usefixtures("router")
def test_an_async_client_reaches_the_mount() -> None:
    """Any `httpx.AsyncClient` is answered too."""

    async def asked() -> list[bytes]:
        """Two pictures at once."""
        async with httpx.AsyncClient(headers=BEARER) as client:
            return await pictures(client, 2)

    assert [found[:4] for found in asyncio.run(asked())] == [PNG] * 2


def test_without_respx_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who installed the package alone learns what is missing."""
    monkeypatch.setitem(sys.modules, "respx", None)

    with pytest.raises(ImportError, match=r"pip install 'mockserver\[test\]'"):
        mounted()


# Unmodified SDK code.


def test_the_official_client_works_as_it_stands(
    world: MountedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that was told nothing but a token runs a model and gets a picture."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", world.token)

    made: Any = Client().run(MODEL, input={"prompt": "a lighthouse"})

    assert made.read().startswith(PNG)
    assert world.predictions()[0].input == {"prompt": "a lighthouse"}


def test_polled_outputs_are_files_that_the_sdk_downloads(
    front: Front, router: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outputs are https addresses on upstream's host, and lie behind the same mount."""
    world = MountedWorld(front, router, "a-token", clock="poll")
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)

    made: Any = Client().run(MODEL, input={"prompt": "a lighthouse"}, wait=False)

    assert made.url.startswith("https://api.replicate.com/delivery/")
    assert made.read().startswith(PNG)


def test_replicate_async_run_works_as_it_stands(world: MountedWorld) -> None:
    """The async half of the SDK is answered too."""

    async def run() -> bytes:
        """What the official client downloads."""
        made: Any = await Client(world.token).async_run(MODEL, input={"prompt": "a lighthouse"})
        return bytes(await made.aread())

    assert asyncio.run(run()).startswith(PNG)


# A world behind the mount.


def test_a_world_has_clients_of_both_kinds(world: MountedWorld) -> None:
    """They know where the API begins, and who they are."""
    with world.client() as client:
        assert client.get("predictions").json()["results"] == []

    async def asked() -> int:
        """The status of a list."""
        async with world.async_client(timeout=1) as client:
            return (await client.get("predictions")).status_code

    assert asyncio.run(asked()) == 200
    assert world.journal.count == 2


@pytest.mark.parametrize(
    ("gateway", "url", "base_url"),
    [
        ("replicate", "https://api.replicate.com", "https://api.replicate.com/v1"),
        ("winfull", "https://aiapi.winfull.top", "https://aiapi.winfull.top/replicate/v1"),
    ],
)
def test_a_world_lies_where_its_gateway_does(
    front: Front, router: respx.MockRouter, gateway: str, url: str, base_url: str
) -> None:
    """The addresses are the gateway's own."""
    world = MountedWorld(front, router, "a-token", gateway)

    assert (world.url, world.base_url) == (url, base_url)
    assert world.env.get("REPLICATE_BASE_URL", base_url) == base_url


def test_the_environment_leads_the_sdk_to_the_gateway(
    front: Front, router: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `env` set, replicate-python asks the gateway and not upstream."""
    world = MountedWorld(front, router, "a-token", "winfull")
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)

    made = Client().models.predictions.create(MODEL, INPUT["input"])

    assert router.calls.last.request.url.host == "aiapi.winfull.top"
    assert [one.id for one in world.predictions()] == [made.id]
