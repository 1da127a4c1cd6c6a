"""A user's tests, run by a pytest of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
import trustme
from replicate import client

from mockserver import live, mount
from mockserver.web import app


KEPT = (app, client, jsonschema_rs, live, mount, trustme)
"""What the inner runs import stays imported: some compiled modules load only once."""

ROOT = Path(__file__).resolve().parents[2]
OUR_PLUGIN = "-p mockserver.plugin -p no:cacheprovider"
# The outer run may have loaded the plugin already.
WARNINGS = ("-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning")

CLIENT = """
import httpx, os, pytest

MODEL = "black-forest-labs/flux-kontext-pro"
PATH = f"models/{MODEL}/predictions"

def client():
    base_url = os.environ["REPLICATE_BASE_URL"]
    authorization = {"Authorization": "Bearer " + os.environ["REPLICATE_API_TOKEN"]}
    return httpx.Client(base_url=base_url, headers=authorization)

def create(prompt="a lighthouse", **headers):
    with client() as ours:
        return ours.post(PATH, json={"input": {"prompt": prompt}}, headers=headers)
"""


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A pytest with our plugin and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("REPLICATE_API_TOKEN", raising=False)
    pytester.makeini(f"[pytest]\naddopts = {OUR_PLUGIN}\nstrict = true")
    return pytester


@pytest.fixture
def run(inner: pytest.Pytester) -> Run:
    """Runs the tests in the code it is given, behind `CLIENT`, with the arguments that follow."""

    def run(code: str, *arguments: str) -> pytest.RunResult:
        inner.makepyfile(CLIENT + code)
        return inner.runpytest_inprocess(*WARNINGS, *arguments)

    return run


@pytest.fixture
def run_apart(inner: pytest.Pytester) -> Run:
    """The same in a process of its own."""

    def run(code: str, *arguments: str) -> pytest.RunResult:
        inner.makepyfile(CLIENT + code)
        return inner.runpytest_subprocess(*WARNINGS, *arguments)

    return run
