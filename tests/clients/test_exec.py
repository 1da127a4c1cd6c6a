"""`mockserver exec`: programs written for Replicate run as they are."""

from __future__ import annotations

import os
import subprocess
import sys
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


def exec_(interpreter: Interpreter, program: str, *options: str) -> str:
    """What `program` prints when `mockserver exec` runs it in the client's interpreter."""
    ours = [sys.executable, "-m", "mockserver", "exec", "--clock", "poll", *options, "--"]
    ran = subprocess.run(
        [*ours, *interpreter.command, program],
        cwd=interpreter.where,
        env={**os.environ, "REPLICATE_POLL_INTERVAL": "0.001"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


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
    assert exec_(python_1, program, *options) == PNG


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
    assert exec_(python_2, program, *options) == PNG


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
    assert exec_(node, JAVASCRIPT, "--https") == "80,78,71\n"
