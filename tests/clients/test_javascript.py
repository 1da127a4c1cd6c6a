"""replicate 1.4.0 for JavaScript: nothing of it needs to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer, LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Picture

SETUP = """\
const replicate = new Replicate({ auth: token, baseUrl: base_url });
const input = { prompt: "a lighthouse" };
"""


@pytest.fixture
def run(node: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have `replicate`, a client of the world."""
    return node.caller(SETUP, world)


def test_it_is_the_published_one(run: Caller) -> None:
    """The version is pinned, so that a failure is ours."""
    assert run("return replicate.userAgent") == "replicate-javascript/1.4.0"


def test_run_waits_and_returns_a_file(run: Caller, picture: Picture) -> None:
    """The output is a file object, and its blob is a picture."""
    data = run("""\
const made = await replicate.run(model, { input });
return Buffer.from(await (await made.blob()).arrayBuffer()).toString("base64");
""")
    assert picture(data) == ("PNG", 1024, 1024)


def test_run_polls(run: Caller, world: LiveWorld) -> None:
    """In the mode `poll`, and it tells its progress."""
    statuses, made = run("""\
const seen = [];
const told = (one) => seen.push(one.status);
const made = await replicate.run(model, { input, wait: { mode: "poll", interval: 1 } }, told);
return [seen, String(made)];
""")
    assert (statuses[0], statuses[-1]) == ("starting", "succeeded")
    assert made.startswith(f"{world.url}/delivery/")


@pytest.mark.slow
def test_run_polls_when_the_wait_runs_out(run: Caller, world: LiveWorld) -> None:
    """An answer `starting` makes the client look again, each half second, until the end."""
    world.scenario("slow-boot")
    made = run("""\
return String(await replicate.run(model, { input, wait: { mode: "block", timeout: 1 } }));
""")
    assert made.startswith(f"{world.url}/delivery/")
    assert len(world.journal) > 2


def test_a_prediction_is_followed_to_its_end(run: Caller, world: LiveWorld) -> None:
    """create, wait, get and list tell of one prediction."""
    made, waited, output, listed = run("""\
const made = await replicate.predictions.create({ model, input });
const waited = await replicate.wait(made, { interval: 1 });
const got = await replicate.predictions.get(made.id);
const page = await replicate.predictions.list();
return [made.status, waited.status, got.output, page.results.map((one) => one.id)];
""")
    (one,) = world.predictions()
    assert (made, waited) == ("starting", "succeeded")
    assert output.startswith(f"{world.url}/delivery/")
    assert listed == [one.id]


def test_a_version_can_be_named(run: Caller, world: LiveWorld) -> None:
    """POST /predictions takes a version and finds its model."""
    made = run("return (await replicate.predictions.create({ version, input })).model")
    assert made == world.predictions()[0].model


def test_cancel_ends_it(run: Caller) -> None:
    """A body of no bytes that calls itself JSON is no obstacle."""
    program = """\
const made = await replicate.predictions.create({ model, input });
await replicate.predictions.cancel(made.id);
return (await replicate.predictions.get(made.id)).status;
"""
    assert run(program) == "canceled"


def test_a_long_list_has_pages(run: Caller) -> None:
    """`paginate` follows `next` to the end; each prediction comes once."""
    sizes = run("""\
for (let count = 0; count < 101; count++) {
  await replicate.predictions.create({ model, input });
}
const sizes = [], ids = new Set();
for await (const page of replicate.paginate(replicate.predictions.list)) {
  sizes.push(page.length);
  page.forEach((one) => ids.add(one.id));
}
return [...sizes, ids.size];
""")
    assert sizes == [100, 1, 101]


def test_stream_yields_events_until_done(node: Interpreter, server: LiveServer) -> None:
    """It sends no token there; output is an event, the last one is `done`."""
    run = node.caller(SETUP, server.world("a-token", clock="scaled:1000"))
    names = run("""\
const seen = [];
for await (const event of replicate.stream(model, { input })) seen.push(event.event);
return seen;
""")
    assert names[-1] == "done"
    assert names.count("output") == 1


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("new Replicate({ auth: 'undefined', baseUrl: base_url }).predictions.list()", 401),
        ("replicate.predictions.get('abcdefghijklmnopqrstuvwxyz')", 404),
        ("replicate.predictions.create({ model: 'black-forest-labs/none', input })", 404),
        ("replicate.predictions.create({ model, input: { prompt: 7 } })", 422),
        ("replicate.predictions.create({ version: '0'.repeat(64), input })", 422),
    ],
)
def test_refusals_are_api_errors(run: Caller, program: str, status: int) -> None:
    """The status and the whole body reach the user."""
    seen = run.raised(f"return await {program}")
    assert seen.startswith("ApiError: ")
    assert f"failed with status {status}" in seen


def test_a_failure_is_an_error(run: Caller, world: LiveWorld) -> None:
    """`run` raises what the model said."""
    world.scenario("failed")
    seen = run.raised("return await replicate.run(model, { input })")
    assert seen == f"Error: Prediction failed: {world.predictions()[0].error}"


@pytest.mark.parametrize("scenario", ["canceled", "aborted"])
def test_what_ends_without_output_is_told_as_such(
    run: Caller, world: LiveWorld, scenario: str
) -> None:
    """Asked for by hand: `wait` knows no `aborted`, and would never end."""
    world.scenario(scenario)
    program = """\
let made = await replicate.predictions.create({ model, input });
while (["starting", "processing"].includes(made.status)) {
  made = await replicate.predictions.get(made.id);
}
return made.status;
"""
    assert run(program) == scenario
