"""The types that users of fixtures and public names see: mypy judges each `assert_type`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import assert_type

import httpx
import pytest
from flask import Flask
from respx import MockRouter

import mockserver as public
from mockserver import Fake, FakeTransport, Front, LiveServer, LiveWorld, MountedWorld, Settings
from mockserver.core.timeline import Status
from mockserver.service.handle import ClockHand, Prediction
from mockserver.service.journal import Journal
from mockserver.service.ledger import Ledger
from mockserver.service.ledger_requests import LogicalRequest
from mockserver.service.snapshots import Snapshot


@pytest.fixture
def server() -> Iterator[LiveServer]:
    """What the fixture `mockserver_server` gives."""
    with public.serve(Settings(clock="manual"), port=0) as server:
        yield server


@pytest.fixture
def live(server: LiveServer) -> LiveWorld:
    """What the fixture `mockserver` gives."""
    return server.world("a-token", gateway="winfull", clock="manual")


@pytest.fixture
def mount() -> Iterator[MountedWorld]:
    """What the fixture `mockserver_mount` gives."""
    front = Front(Fake())
    with public.mounted(front) as router:
        yield MountedWorld(front, router, "a-token", clock="poll")


def test_a_world_on_a_server(live: LiveWorld) -> None:
    """Addresses, time, rules and records."""
    assert_type(live.url, str)
    assert_type(live.base_url, str)
    assert_type(live.token, str)
    assert_type(live.env["REPLICATE_API_TOKEN"], str)
    assert_type(live.clock, ClockHand)
    assert_type(live.clock.advance(1.5), datetime)
    assert_type(live.journal, Journal)
    assert_type(live.ledger, Ledger)
    assert_type(live.ledger.duplicates, tuple[LogicalRequest, ...])
    assert_type(live.ledger.balance.usd_wasted, Decimal)
    assert_type(live.snapshot(), Snapshot)
    assert_type(live.predictions(), tuple[Prediction, ...])
    assert_type(live.settle(), tuple[Prediction, ...])
    assert_type([one.status for one in live.settle()], list[Status])
    live.scenario("failed", model="*/flux-*", prompt="storm", times=1)


def test_a_world_behind_httpx(mount: MountedWorld) -> None:
    """The same, and clients."""
    with assert_type(mount.client(timeout=1), httpx.Client) as client:
        assert_type(client.get("predictions"), httpx.Response)
    assert_type(mount.async_client(), httpx.AsyncClient)
    assert_type(mount.transport, FakeTransport)
    assert_type(mount.router, MockRouter)
    assert_type(mount.settle(), tuple[Prediction, ...])


def test_a_server(server: LiveServer) -> None:
    """Where it is, what it serves, and its worlds."""
    assert_type(server.url, str)
    assert_type(server.fake, Fake)
    assert_type(server.world("another-token"), LiveWorld)


def test_the_public_names() -> None:
    """What the front door hands out."""
    assert_type(public.__version__, str)
    assert_type(public.create_app(settings=Settings(seed=1)), Flask)
    assert_type(FakeTransport(Front(Fake())), FakeTransport)


def test_an_interception() -> None:
    """What leads programs to a fake."""
    with public.intercepting(Fake()) as proxy:
        assert_type(proxy, public.Interception)
        assert_type(proxy.url, str)
        assert_type(proxy.environment, dict[str, str])
        assert_type([one.why for one in proxy.turned], list[str])
