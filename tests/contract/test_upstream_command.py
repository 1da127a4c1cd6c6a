"""`mockserver check URL --upstream`: the fake behind the gateway as well as the exam before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner, Result

from mockserver.cli.main import app


if TYPE_CHECKING:
    from tests.contract.conftest import InFront, Keys

NOWHERE = "http://127.0.0.1:1/v1"


def check(*words: str, typed: str = "") -> Result:
    """`mockserver check` with these arguments, and what a person types."""
    return CliRunner().invoke(app, ["check", *words], input=typed, prog_name="mockserver")


def keyed(request: httpx.Request) -> httpx.Request:
    """The client's key goes along in a header of its own."""
    request.headers["x-caller"] = request.headers["authorization"]
    return request


def test_a_right_gateway_passes(
    in_front: InFront, keys: Keys, free_port: Callable[[], int]
) -> None:
    """The port is the one that the gateway leads to, and is told."""
    port = free_port()
    asked = ("--token", keys[0], "--case", "carried", "--case", "strangers")
    with in_front(f"http://127.0.0.1:{port}") as url:
        ran = check(url, "--upstream", "--upstream-port", str(port), *asked)
    assert ran.exit_code == 0, ran.output
    assert f"upstream listens on http://127.0.0.1:{port}" in ran.stderr
    assert ran.stdout.endswith("\n0 found; cases: 2 passed\n")


def test_a_leak_is_told_without_telling_the_key(
    in_front: InFront, keys: Keys, free_port: Callable[[], int]
) -> None:
    """A report may be shown to anybody."""
    port = free_port()
    asked = ("--token", keys[0], "--case", "carried", "--json")
    with in_front(f"http://127.0.0.1:{port}", change=keyed) as url:
        ran = check(url, "--upstream", "--upstream-port", str(port), *asked)
    assert ran.exit_code == 1
    (case,) = json.loads(ran.stdout)["cases"]
    assert {one["code"] for one in case["findings"]} == {"G101"}
    assert {one["seen"] for one in case["findings"]} == {"the client's key in x-caller"}
    assert keys[0] not in ran.output


def test_the_whole_exam_may_make_what_it_needs(
    in_front: InFront, keys: Keys, free_port: Callable[[], int]
) -> None:
    """Predictions of our own upstream cost nothing; a bound that somebody names is kept."""
    port = free_port()
    asked = ("--token", keys[0], "--max-predictions", "0", "--case", "carried")
    with in_front(f"http://127.0.0.1:{port}") as url:
        ran = check(url, "--upstream", "--upstream-port", str(port), *asked)
    assert ran.exit_code == 2
    assert "0 of 0 predictions are used up" in ran.stderr


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("--upstream",), "", "name its URL"),
        ((NOWHERE, "--upstream", "--upstream-port", "0", "--deadline", "0.2"), "", "in 0.2 s"),
        ((NOWHERE, "--upstream", "--upstream-port", "0"), "\n", "does the gateway lead there?"),
        ((NOWHERE, "--case", "carried"), "", "no case is named 'carried'"),
    ],
    ids=["without-url", "nothing-arrives", "leads-elsewhere", "one-end"],
)
def test_what_cannot_be_tested_says_why(words: tuple[str, ...], typed: str, told: str) -> None:
    """Nothing that was not seen is called right: 2, and the way out."""
    ran = check(*words, "--case", "unknown", typed=typed)
    assert ran.exit_code == 2
    assert told in ran.stderr
