"""replicate 2.0.0b4 for Python, sync and async: nothing of it needs to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Picture

SETUP = """\
import base64
from replicate import AsyncReplicate, Replicate
sync = Replicate(bearer_token=token, base_url=base_url)
many = AsyncReplicate(bearer_token=token, base_url=base_url)
input = {"prompt": "a lighthouse"}
owner, _, name = model.partition("/")
"""
BOTH = pytest.mark.parametrize("client", ["sync", "await many"], ids=["sync", "async"])
STRICT = "Replicate(bearer_token=token, base_url=base_url, _strict_response_validation=True)"


@pytest.fixture
def run(python_2: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have two clients of the world: `sync`, and `many` for asyncio."""
    return python_2.caller(SETUP, world)


def test_it_is_the_published_one(run: Caller) -> None:
    """The version is pinned, so that a failure is ours."""
    version = run("from importlib.metadata import version as v\nreturn v('replicate')")
    assert version == "2.0.0b4"


@pytest.mark.parametrize(
    ("client", "read"), [("sync", "made.read()"), ("await many", "await made.read()")]
)
def test_run_waits_and_returns_a_file(
    run: Caller, picture: Picture, client: str, read: str
) -> None:
    """The output is a file object, and what it reads is a picture."""
    data = run(
        f"made = {client}.run(model, input=input)\nreturn base64.b64encode({read}).decode()"
    )
    assert picture(data) == ("PNG", 1024, 1024)


@BOTH
def test_run_polls_when_the_wait_runs_out(run: Caller, world: LiveWorld, client: str) -> None:
    """An answer `starting` makes the client look again, until the end."""
    world.scenario("slow-boot")
    made = run(f"return {client}.run(model, input=input, wait=1)")
    assert made.startswith(f"{world.url}/delivery/")
    assert len(world.journal) > 2


@BOTH
def test_a_prediction_is_followed_to_its_end(run: Caller, world: LiveWorld, client: str) -> None:
    """create, wait, get and list tell of one prediction."""
    program = f"""\
made = {client}.models.predictions.create(model_owner=owner, model_name=name, input=input)
waited = {client}.predictions.wait(made.id)
got = {client}.predictions.get(prediction_id=made.id)
page = {client}.predictions.list()
return [made.status, waited.status, got.output, [one.id for one in page.results]]
"""
    made, waited, output, listed = run(program)
    (one,) = world.predictions()
    assert (made, waited) == ("starting", "succeeded")
    assert output.startswith(f"{world.url}/delivery/")
    assert listed == [one.id]


def test_what_it_gets_holds_every_member_it_wants(run: Caller) -> None:
    """With strict validation on, no answer lacks a member or has one of another type."""
    program = f"""\
strict = {STRICT}
made = strict.predictions.create(version=version, input=input)
got = strict.predictions.wait(made.id)
canceled = strict.predictions.cancel(prediction_id=made.id)
return [got.status, canceled.id == made.id, [one.status for one in strict.predictions.list()]]
"""
    assert run(program) == ["succeeded", True, ["succeeded"]]


@BOTH
def test_cancel_ends_it(run: Caller, client: str) -> None:
    """The client sees `canceled`."""
    program = f"""\
made = {client}.predictions.create(version=version, input=input)
{client}.predictions.cancel(prediction_id=made.id)
return ({client}.predictions.get(prediction_id=made.id)).status
"""
    assert run(program) == "canceled"


def test_cancel_after_sets_a_deadline(run: Caller, world: LiveWorld) -> None:
    """What has not started by then is aborted."""
    world.scenario("stuck-starting")
    program = """\
made = sync.predictions.create(version=version, input=input, cancel_after="5s")
while made.status == "starting":
    made = sync.predictions.get(prediction_id=made.id)
return [made.status, made.deadline is not None]
"""
    assert run(program) == ["aborted", True]


def test_a_long_list_has_pages(run: Caller) -> None:
    """Iterating follows `next` to the end; each prediction comes once."""
    program = """\
for _ in range(101):
    sync.predictions.create(version=version, input=input)
return len({one.id for one in sync.predictions.list()})
"""
    assert run(program) == 101


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (
            "Replicate(bearer_token='undefined', base_url=base_url).predictions.list()",
            "AuthenticationError: Error code: 401",
        ),
        (
            "sync.predictions.get(prediction_id='abcdefghijklmnopqrstuvwxyz')",
            "NotFoundError: Error code: 404",
        ),
        (
            "sync.predictions.create(version=version, input={'prompt': 7})",
            "UnprocessableEntityError: Error code: 422",
        ),
        (
            "sync.predictions.create(version='0' * 64, input=input)",
            "UnprocessableEntityError: Error code: 422",
        ),
        (
            "await AsyncReplicate(bearer_token='null', base_url=base_url).predictions.list()",
            "AuthenticationError: Error code: 401",
        ),
    ],
)
def test_refusals_have_their_own_kinds(run: Caller, program: str, told: str) -> None:
    """The status decides the kind of error."""
    assert run.raised(program).startswith(told)


@BOTH
def test_a_failure_is_a_model_error(run: Caller, world: LiveWorld, client: str) -> None:
    """`run` raises what the model said."""
    world.scenario("failed")
    assert run.raised(f"{client}.run(model, input=input)").startswith("ModelError: ")


@pytest.mark.parametrize("scenario", ["canceled", "aborted"])
def test_what_ends_without_output_is_told_as_such(
    run: Caller, world: LiveWorld, scenario: str
) -> None:
    """The client knows `canceled` and `aborted`."""
    world.scenario(scenario)
    program = """\
made = sync.predictions.create(version=version, input=input)
while made.status in ("starting", "processing"):
    made = sync.predictions.get(prediction_id=made.id)
return made.status
"""
    assert run(program) == scenario
