"""Official clients with their own base URL, behind `mockserver exec --intercept`."""

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
made = replicate.run("black-forest-labs/flux-kontext-pro", input={"prompt": "a lighthouse"}WAIT)
print(made.url[:28] if made.url.startswith("https:") else "data", made.read()[1:4])
"""
ASYNC_1 = """\
import asyncio, replicate
async def main():
    ref, input = "black-forest-labs/flux-kontext-pro", {"prompt": "a lighthouse"}
    made = await replicate.async_run(ref, input=input, wait=False)
    print(made.url[:28], (await made.aread())[1:4])
asyncio.run(main())
"""
ASYNC_2 = """\
import asyncio
from replicate import AsyncReplicate
async def main():
    ref, input = "black-forest-labs/flux-kontext-pro", {"prompt": "a lighthouse"}
    made = await AsyncReplicate().run(ref, input=input, wait=1)
    print(made.url[:28], (await made.read())[1:4])
asyncio.run(main())
"""
JAVASCRIPT = """\
import Replicate from "replicate";
const replicate = new Replicate();
const input = { prompt: "a lighthouse" };
const wait = { mode: "poll", interval: 1 };
const made = await replicate.run("black-forest-labs/flux-kontext-pro", { input, wait });
const bytes = new Uint8Array(await (await made.blob()).arrayBuffer());
console.log(made.url().href.slice(0, 28), String.fromCharCode(...bytes.slice(1, 4)));
"""
AI = """\
import { generateImage } from "ai";
import { replicate } from "@ai-sdk/replicate";
const model = replicate.image("black-forest-labs/flux-schnell");
const { image } = await generateImage({ model, prompt: "a lighthouse" });
console.log(image.mediaType);
"""
ELSEWHERE = """\
const refused = await fetch("https://elsewhere.test/").catch((error) => error.cause.message);
console.log(refused);
"""
PICTURE = "https://replicate.delivery/x"


def intercepted(interpreter: Interpreter, program: str, *options: str) -> str:
    """What `program` prints behind the proxy, in the client's interpreter."""
    ours = [sys.executable, "-m", "mockserver", "exec", "--intercept", "--clock", "poll", *options]
    unset = ("REPLICATE_BASE_URL", "REPLICATE_API_TOKEN")
    clean = {name: os.environ[name] for name in os.environ if name not in unset}
    ran = subprocess.run(
        [*ours, "--", *interpreter.command, program],
        cwd=interpreter.where,
        env={**clean, "REPLICATE_POLL_INTERVAL": "0.001"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "says", "options"),
    [
        (RUN.replace("WAIT", ""), "data b'PNG'\n", []),
        (RUN.replace("WAIT", ", wait=False"), f"{PICTURE} b'PNG'\n", ["--scenario", "slow-boot"]),
        (ASYNC_1, f"{PICTURE} b'PNG'\n", []),
    ],
    ids=["run", "polling", "async"],
)
def test_replicate_1_with_its_own_address(
    python_1: Interpreter, program: str, says: str, options: list[str]
) -> None:
    """It obeys no proxy variable, and is led all the same."""
    assert intercepted(python_1, program, *options) == says


@pytest.mark.slow
@pytest.mark.parametrize(
    "program", [RUN.replace("WAIT", ", wait=1"), ASYNC_2], ids=["run", "async"]
)
def test_replicate_2_with_its_own_address(python_2: Interpreter, program: str) -> None:
    """The client of the next generation, in an interpreter of its own."""
    said = intercepted(python_2, program, "--scenario", "slow-boot")
    assert said == f"{PICTURE} b'PNG'\n"


@pytest.mark.slow
def test_replicate_for_javascript_with_its_own_address(node: Interpreter) -> None:
    """No `baseUrl` is set, and Node before 22.21 obeys no proxy variable."""
    assert intercepted(node, JAVASCRIPT) == f"{PICTURE} PNG\n"


@pytest.mark.slow
def test_the_ai_sdk_with_its_own_address(node: Interpreter) -> None:
    """It refuses addresses of loopback: there are none."""
    assert intercepted(node, AI).startswith("image/")


@pytest.mark.slow
def test_javascript_reaches_nobody_else(node: Interpreter) -> None:
    """The refusal is the cause of the error."""
    said = intercepted(node, ELSEWHERE)
    assert said == "mockserver: elsewhere.test is not intercepted: nothing was sent there\n"
