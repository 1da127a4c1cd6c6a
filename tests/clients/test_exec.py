"""`mockserver exec`: programs written for Replicate run as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.clients.conftest import Interpreter

RUN = """\
import replicate
made = replicate.run("black-forest-labs/flux-kontext-pro", input={"prompt": "a lighthouse"})
print(made.read()[:4])
"""
WAIT = RUN.replace("})", "}, wait=1)")
ASYNC = """\
import asyncio, replicate
async def main():
    ref, input = "black-forest-labs/flux-kontext-pro", {"prompt": "a lighthouse"}
    made = await replicate.async_run(ref, input=input)
    print((await made.aread())[:4])
asyncio.run(main())
"""
USE = """\
import replicate
kontext = replicate.use("black-forest-labs/flux-kontext-pro")
print(open(kontext(prompt="a lighthouse"), "rb").read(4))
"""
PNG = "b'\\x89PNG'\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "options"),
    [
        (RUN, []),
        (WAIT, ["--https", "--scenario", "slow-boot"]),
        (ASYNC, []),
        (ASYNC.replace("=input)", "=input, wait=False)"), ["--https"]),
    ],
    ids=["run", "polling, https", "async", "async, polling, https"],
)
def test_replicate_1_needs_no_change(
    python_1: Interpreter, program: str, options: list[str]
) -> None:
    """Token and address come from the environment; with --https it trusts the certificate too.

    Over https the client makes a file object of an address, as it does upstream.
    """
    assert python_1.executed(program, *options) == PNG


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "options"),
    [(RUN, []), (WAIT, ["--https", "--scenario", "slow-boot"]), (USE, []), (USE, ["--https"])],
    ids=["run", "polling, https", "use", "use, https"],
)
def test_replicate_2_needs_no_change(
    python_2: Interpreter, program: str, options: list[str]
) -> None:
    """The same variables serve the client of the next generation."""
    assert python_2.executed(program, *options) == PNG


JAVASCRIPT = """\
import Replicate from "replicate";
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
const wait = { mode: "poll", interval: 1 };
const input = { prompt: "a lighthouse" };
const made = await replicate.run("black-forest-labs/flux-kontext-pro", { input, wait });
console.log([...new Uint8Array(await (await made.blob()).arrayBuffer())].slice(1, 4).join());
"""


@pytest.mark.slow
def test_replicate_for_javascript_needs_an_address(node: Interpreter) -> None:
    """It reads no variable for that; the token and Node's trust come from the environment."""
    assert node.executed(JAVASCRIPT, "--https") == "80,78,71\n"
