"""@ai-sdk/replicate 3.0.46, behind `generateImage` of the AI SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Picture

SETUP = """\
const replicate = createReplicate({ apiToken: token, baseURL: base_url });
const ask = (given) => generateImage({
  model: replicate.image(model), prompt: "a lighthouse", maxRetries: 0, ...given
});
"""


@pytest.fixture
def run(node: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that can `ask` for a picture."""
    return node.caller(SETUP, world)


def test_a_picture_is_made(run: Caller, picture: Picture) -> None:
    """It waits, and takes what it gets."""
    data = run("return (await ask({})).image.base64")
    assert picture(data) == ("PNG", 1024, 1024)


def test_it_polls_where_the_wait_runs_out(run: Caller, world: LiveWorld, picture: Picture) -> None:
    """It follows `urls.get` and fetches the output, both on the origin that it was given."""
    world.scenario("slow-boot")
    options = (
        "{ providerOptions: { replicate: { maxWaitTimeInSeconds: 1, pollIntervalMillis: 1 }}}"
    )
    data = run(f"return (await ask({options})).image.base64")
    assert picture(data) == ("PNG", 1024, 1024)
    assert len(world.journal) > 2


def test_a_refusal_is_an_api_call_error(run: Caller) -> None:
    """The problem's text reaches the user."""
    seen = run.raised("return await ask({ model: replicate.image('black-forest-labs/none') })")
    assert seen.startswith("AI_APICallError: ")


def test_a_failure_is_an_error(run: Caller, world: LiveWorld) -> None:
    """It says what the model said."""
    world.scenario("failed")
    seen = run.raised("return await ask({})")
    assert seen.startswith("AI_InvalidResponseDataError: ")
    assert seen.endswith(str(world.predictions()[0].error))
