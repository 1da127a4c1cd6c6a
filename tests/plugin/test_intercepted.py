"""`mockserver_intercepted`: the code under test calls its own hosts."""

from __future__ import annotations

from collections.abc import Callable

import pytest


pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]


def test_hard_coded_code_runs_in_the_world_of_the_test(run: Run) -> None:
    """In this process, by a client that knows no proxy; the world is that of `mockserver`."""
    run(
        """
def test_it(mockserver, mockserver_intercepted):
    assert "REPLICATE_BASE_URL" not in os.environ
    headers = {"Authorization": "Bearer " + os.environ["REPLICATE_API_TOKEN"]}
    with httpx.Client(transport=httpx.HTTPTransport(), headers=headers) as ours:
        root = "https://api.replicate.com/v1/"
        made = ours.post(root + PATH, json={"input": {"prompt": "a lighthouse"}}).json()
        assert [one.id for one in mockserver.predictions()] == [made["id"]]
        mockserver.settle()
        seen = ours.get(made["urls"]["get"]).json()
        assert seen["output"].startswith("https://replicate.delivery/")
        assert ours.get(seen["output"]).content[:4] == b"\\x89PNG"
    assert list(mockserver_intercepted.turned) == []
"""
    ).assert_outcomes(passed=1)


def test_the_official_client_needs_no_address(run: Run) -> None:
    """`replicate` with its own base URL, its clock moved by each look."""
    run(
        """
import replicate

@pytest.mark.mockserver(clock="poll")
def test_it(mockserver_intercepted, monkeypatch):
    monkeypatch.setenv("REPLICATE_POLL_INTERVAL", "0.001")
    client = replicate.Client()
    made = client.run(MODEL, input={"prompt": "a lighthouse"}, wait=False)
    assert made.url.startswith("https://replicate.delivery/")
    assert made.read()[:4] == b"\\x89PNG"
    client._client.close()
"""
    ).assert_outcomes(passed=1)


def test_programs_that_it_starts_are_led_too(run: Run) -> None:
    """They inherit the variables."""
    run(
        """
import subprocess, sys

def test_it(mockserver_intercepted):
    program = "import urllib.request as r; print(r.urlopen('https://api.replicate.com/').status)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.strip() == "200", said.stderr
"""
    ).assert_outcomes(passed=1)


def test_a_failing_test_tells_whom_it_did_not_reach(run: Run) -> None:
    """Nobody else is met, and the report says who was called; afterwards all is as before."""
    result = run(
        """
import socket

def test_it(mockserver_intercepted):
    with pytest.raises(httpx.ConnectError, match="elsewhere.test is not intercepted"):
        httpx.Client(transport=httpx.HTTPTransport()).get("https://elsewhere.test/")
    assert [one.status for one in mockserver_intercepted.turned] == [403]
    raise ZeroDivisionError

def test_afterwards():
    assert socket.getaddrinfo.__module__ == "socket"
    assert "HTTPS_PROXY" not in os.environ
""",
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*CONNECT elsewhere.test:443 -> 403", "*is not intercepted: nothing was sent there"]
    )
