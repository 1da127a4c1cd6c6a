"""What a user's tests get from the fixtures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]

ROOT = Path(__file__).resolve().parents[2]
IMPORT_BUDGET_MS = 20


def test_mockserver_is_a_world_on_a_server(run: Run) -> None:
    """The client is led there by the environment; time moves when the test says so."""
    run(
        """
def test_it(mockserver):
    assert os.environ["REPLICATE_BASE_URL"] == mockserver.base_url == mockserver.url + "/v1"
    assert os.environ["REPLICATE_API_TOKEN"] == mockserver.token
    assert mockserver.clock.mode == "manual"

    created = create().json()

    assert [one.id for one in mockserver.predictions()] == [created["id"]]
    mockserver.settle()
    with client() as ours:
        seen = ours.get(created["urls"]["get"]).json()
        assert seen["status"] == "succeeded"
        assert ours.get(seen["output"]).content[:4] == b"\\x89PNG"
""",
    ).assert_outcomes(passed=1)


def test_each_test_has_a_clean_world_on_the_same_server(run: Run) -> None:
    """Predictions, time and rules of one test are not there in the next."""
    run(
        """
@pytest.mark.parametrize("turn", [1, 2])
def test_it(mockserver, mockserver_server, turn):
    assert mockserver.predictions() == ()
    assert mockserver.clock.now_ms == 1_767_225_600_000
    assert len(list(mockserver.world.rules)) == 0
    assert len(mockserver_server.fake.worlds) == 1
    mockserver.scenario("failed")
    create()
    assert mockserver.settle()[0].status == "failed"
""",
    ).assert_outcomes(passed=2)


def test_the_environment_is_restored(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a test the variables are what they were."""
    monkeypatch.setenv("REPLICATE_BASE_URL", "https://example.com")
    run(
        """
def test_with(mockserver):
    assert os.environ["REPLICATE_BASE_URL"] == mockserver.base_url

def test_mounted(mockserver_mount):
    assert "REPLICATE_BASE_URL" not in os.environ

def test_without():
    assert os.environ["REPLICATE_BASE_URL"] == "https://example.com"
    assert "REPLICATE_API_TOKEN" not in os.environ
""",
    ).assert_outcomes(passed=3)


def test_mockserver_app_is_a_flask_application(run: Run) -> None:
    """A fresh fake for Flask's own test client; waiting takes no time."""
    run(
        """
def test_it(mockserver_app):
    answer = mockserver_app.test_client().post("/v1/" + PATH, json={"input": {"prompt": "x"}},
        headers={"Authorization": "Bearer a-token", "Prefer": "wait"})
    assert answer.get_json()["output"].startswith("data:image/")
""",
    ).assert_outcomes(passed=1)


def test_mockserver_mount_needs_no_socket(run: Run) -> None:
    """Clients of both kinds, the SDK as it stands, and nobody else's network."""
    run(
        """
import asyncio, socket
from replicate.client import Client

def test_it(mockserver_mount, monkeypatch):
    assert mockserver_mount.clock.mode == "poll"
    assert Client().run(MODEL, input={"prompt": "x"}, wait=False).read()[:4] == b"\\x89PNG"
    with mockserver_mount.client() as ours:
        assert len(ours.get("predictions").json()["results"]) == 1
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get("https://example.com")

def test_async(mockserver_mount):
    async def asked():
        async with mockserver_mount.async_client() as ours:
            return (await ours.get("predictions")).json()
    assert asyncio.run(asked())["results"] == []
""",
    ).assert_outcomes(passed=2)


@pytest.mark.slow
def test_module_level_clients_of_the_sdk_see_each_tests_world(run_apart: Run) -> None:
    """`replicate.run` keeps its first token for ever; it reaches the right world all the same."""
    run_apart(
        """
import replicate

@pytest.mark.parametrize("turn", [1, 2])
def test_it(mockserver_mount, turn):
    assert replicate.run(MODEL, input={"prompt": "x"}).read()[:4] == b"\\x89PNG"
    assert len(mockserver_mount.predictions()) == 1
"""
    ).assert_outcomes(passed=2)


def test_the_token_can_be_overridden(run: Run) -> None:
    """A suite with its own idea of a token overrides one fixture."""
    run(
        """
@pytest.fixture
def mockserver_token():
    return "my-own"

def test_it(mockserver):
    assert os.environ["REPLICATE_API_TOKEN"] == mockserver.token == "my-own"
    assert create().status_code == 201
""",
    ).assert_outcomes(passed=1)


@pytest.mark.slow
def test_each_worker_of_xdist_has_its_own_server(run_apart: Run) -> None:
    """Nothing is shared between workers, no port is fixed, reports come through."""
    result = run_apart(
        """
@pytest.mark.parametrize("turn", range(4))
def test_it(mockserver, turn):
    assert mockserver.predictions() == ()
    create()

def test_fails(mockserver):
    create()
    raise LookupError
""",
        "-p",
        "xdist",
        "-n",
        "2",
    )
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*mockserver journal*"])


@pytest.mark.slow
def test_the_plugin_costs_little_to_who_does_not_use_it() -> None:
    """Loading it adds less than 20 ms to a pytest run, and imports its own fixtures alone."""
    code = (
        "import sys, time, pytest; known = set(sys.modules); began = time.perf_counter();"
        "import mockserver.plugin; print((time.perf_counter() - began) * 1000,"
        "*sorted(set(sys.modules) - known))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    took_ms, *imported = seen.stdout.split()
    fixtures = ["mockserver.intercept", "mockserver.intercept.fixtures"]
    assert imported == ["mockserver", *fixtures, "mockserver.plugin"]
    assert float(took_ms) < IMPORT_BUDGET_MS
