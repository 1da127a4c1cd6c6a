"""Official clients with their own base URL, behind `mockserver exec --intercept`."""

from __future__ import annotations

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
    assert python_1.executed(program, *options, "--intercept") == says


@pytest.mark.slow
@pytest.mark.parametrize(
    "program", [RUN.replace("WAIT", ", wait=1"), ASYNC_2], ids=["run", "async"]
)
def test_replicate_2_with_its_own_address(python_2: Interpreter, program: str) -> None:
    """The client of the next generation, in an interpreter of its own."""
    said = python_2.executed(program, "--scenario", "slow-boot", "--intercept")
    assert said == f"{PICTURE} b'PNG'\n"


@pytest.mark.slow
def test_replicate_for_javascript_with_its_own_address(node: Interpreter) -> None:
    """No `baseUrl` is set, and Node before 22.21 obeys no proxy variable."""
    assert node.executed(JAVASCRIPT, "--intercept") == f"{PICTURE} PNG\n"


@pytest.mark.slow
def test_the_ai_sdk_with_its_own_address(node: Interpreter) -> None:
    """It refuses addresses of loopback: there are none."""
    assert node.executed(AI, "--intercept").startswith("image/")


@pytest.mark.slow
def test_javascript_reaches_nobody_else(node: Interpreter) -> None:
    """The refusal is the cause of the error."""
    said = node.executed(ELSEWHERE, "--intercept")
    assert said == "mockserver: elsewhere.test is not intercepted: nothing was sent there\n"
