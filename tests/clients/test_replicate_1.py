"""replicate 1.0.7 for Python, sync and async: nothing of it needs to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer, LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Picture

SETUP = """\
import base64, replicate
from replicate.client import Client
client = Client(token, base_url=base_url)
input = {"prompt": "a lighthouse"}
"""
BOTH = pytest.mark.parametrize(
    ("sync", "a"), [("", ""), ("await ", "async_")], ids=["sync", "async"]
)


@pytest.fixture
def run(python_1: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have a `client` of the world."""
    return python_1.caller(SETUP, world)


def test_it_is_the_published_one(run: Caller) -> None:
    """The version is pinned, so that a failure is ours."""
    assert run("from importlib.metadata import version\nreturn version('replicate')") == "1.0.7"


@pytest.mark.parametrize("address", ["root", "base_url", "base_url + '/'"])
def test_its_address_may_end_in_v1_or_not(run: Caller, address: str) -> None:
    """The client appends `/v1`, whatever is there."""
    assert run(f"return Client(token, base_url={address}).predictions.list().results") == []


@BOTH
def test_run_waits_and_returns_a_file(run: Caller, picture: Picture, sync: str, a: str) -> None:
    """The output is a file object, and what it reads is a picture."""
    data = run(
        f"made = {sync}client.{a}run(model, input)\nreturn base64.b64encode(made.read()).decode()"
    )
    assert picture(data) == ("PNG", 1024, 1024)


@BOTH
def test_run_polls_when_the_wait_runs_out(
    run: Caller, world: LiveWorld, sync: str, a: str
) -> None:
    """An answer `starting` makes the client look again, until the end."""
    world.scenario("slow-boot")
    made = run(f"return str({sync}client.{a}run(model, input, wait=1))")
    assert made.startswith(f"{world.url}/delivery/")
    assert len(world.journal) > 2


@BOTH
def test_a_prediction_is_followed_to_its_end(
    run: Caller, world: LiveWorld, sync: str, a: str
) -> None:
    """create, get, wait, reload and list tell of one prediction."""
    told = run(f"""\
made = {sync}client.models.predictions.{a}create(model, input)
got = {sync}client.predictions.{a}get(made.id)
{sync}got.{a}wait()
{sync}made.{a}reload()
page = {sync}client.predictions.{a}list()
return [made.id, made.status, got.status, made.output, [one.id for one in page.results]]
""")
    (one,) = world.predictions()
    made_id, reloaded, waited, output, listed = told
    assert (made_id, reloaded, waited) == (one.id, "succeeded", "succeeded")
    assert output.startswith(f"{world.url}/delivery/")
    assert listed == [one.id]


@BOTH
def test_a_version_can_be_named(run: Caller, world: LiveWorld, sync: str, a: str) -> None:
    """POST /predictions takes a version and finds its model."""
    made = run(
        f"made = {sync}client.predictions.{a}create(version=version, input=input)\n"
        "return made.model"
    )
    assert made == world.predictions()[0].model


@BOTH
def test_cancel_ends_it(run: Caller, sync: str, a: str) -> None:
    """The client sees `canceled`."""
    assert run(f"""\
made = {sync}client.models.predictions.{a}create(model, input)
{sync}made.{a}cancel()
{sync}made.{a}reload()
return [made.status, made.completed_at is not None]
""") == ["canceled", True]


def test_a_long_list_has_pages(run: Caller) -> None:
    """`replicate.paginate` follows `next` to the end; each prediction comes once."""
    sizes = run("""\
for _ in range(101):
    client.models.predictions.create(model, input)
from replicate.pagination import Page
pages = [client.predictions.list()]
while pages[-1].next:
    pages.append(client.predictions.list(pages[-1].next))
ids = [one.id for page in pages for one in page.results]
return [len(page.results) for page in pages] + [len(set(ids))]
""")
    assert sizes == [100, 1, 101]


def test_stream_yields_events_until_done(python_1: Interpreter, server: LiveServer) -> None:
    """Output comes as an event, the last one is `done`."""
    run = python_1.caller(SETUP, server.world("a-token", clock="scaled:1000"))
    events = run(
        "return [[one.event.value, one.data] for one in client.stream(model, input=input)]"
    )
    assert events[-1] == ["done", "{}"]
    assert [name for name, _ in events].count("output") == 1


def test_stream_async(python_1: Interpreter, server: LiveServer) -> None:
    """The same, asynchronously."""
    run = python_1.caller(SETUP, server.world("a-token", clock="scaled:1000"))
    events = run(
        "return [e.event.value async for e in await client.async_stream(model, input=input)]"
    )
    assert events[-1] == "done"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("Client('undefined', base_url=base_url).predictions.list()", "status: 401"),
        ("Client('null', base_url=base_url).predictions.list()", "status: 401"),
        ("client.predictions.get('abcdefghijklmnopqrstuvwxyz')", "status: 404"),
        ("client.models.predictions.create('black-forest-labs/none', input)", "status: 404"),
        ("client.models.predictions.create(model, {'prompt': 7})", "status: 422"),
        ("client.predictions.create(version='0' * 64, input=input)", "status: 422"),
    ],
)
def test_refusals_are_replicate_errors(run: Caller, program: str, told: str) -> None:
    """The status and the text of the problem reach the user."""
    seen = run.raised(program)
    assert seen.startswith("ReplicateError: ")
    assert told in seen


def test_a_failure_is_a_model_error(run: Caller, world: LiveWorld) -> None:
    """`run` raises what the model said."""
    world.scenario("failed")
    seen = run.raised("client.run(model, input)")
    assert seen.startswith("ModelError: ")
    assert str(world.predictions()[0].error) in seen


def test_aborted_is_a_status_that_it_does_not_know(run: Caller, world: LiveWorld) -> None:
    """The client's own list of statuses ends before `aborted`: it raises on it."""
    world.scenario("aborted")
    seen = run.raised("client.models.predictions.create(model, input).wait()")
    assert seen.startswith("ValidationError: ")
