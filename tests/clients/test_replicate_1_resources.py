"""replicate 1.0.7 for Python: everything that is not a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer, LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Receiver

SETUP = """\
import base64, io, replicate
from replicate.client import Client
client = Client(token, base_url=base_url)
release = dict(model=model, version=version, hardware="gpu-t4", min_instances=0, max_instances=1)
input = {"prompt": "a lighthouse"}
"""
BOTH = pytest.mark.parametrize(
    ("sync", "a"), [("", ""), ("await ", "async_")], ids=["sync", "async"]
)


@pytest.fixture
def run(python_1: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have a `client` of the world."""
    return python_1.caller(SETUP, world)


@BOTH
def test_files_are_kept_until_they_are_deleted(run: Caller, sync: str, a: str) -> None:
    """create, get, list, delete."""
    program = f"""\
made = {sync}client.files.{a}create(io.BytesIO(b"four"), metadata={{"a": "b"}})
got = {sync}client.files.{a}get(made.id)
before = [one.id for one in {sync}client.files.{a}list()]
{sync}client.files.{a}delete(made.id)
after = [one.id for one in {sync}client.files.{a}list()]
return [got.size, got.metadata, before == [made.id], after]
"""
    assert run(program) == [4, {"a": "b"}, True, []]


def test_a_file_handle_is_uploaded_as_an_input(run: Caller, world: LiveWorld, png: str) -> None:
    """The input becomes the address of the file, which is read."""
    program = """\
handle = io.BytesIO(base64.b64decode(png))
return client.run(model, {**input, "input_image": handle}, wait=False)
"""
    assert run(program, png=png).startswith(world.url)
    assert str(world.predictions()[0].input["input_image"]).startswith(
        f"{world.base_url}/v1/files/"
    )


@BOTH
def test_a_deployment_is_released_used_and_deleted(run: Caller, sync: str, a: str) -> None:
    """create, get, update, list, its predictions, and delete of one that was not used."""
    program = f"""\
made = {sync}client.deployments.{a}create(name="mine", **release)
who = f"{{made.owner}}/mine"
better = {sync}client.deployments.{a}update(made.owner, "mine", max_instances=3)
got = {sync}client.deployments.{a}get(who)
one = {sync}client.deployments.predictions.{a}create(deployment=(made.owner, "mine"), input=input)
spare = {sync}client.deployments.{a}create(name="spare", **release)
gone = {sync}client.deployments.{a}delete(spare.owner, "spare")
names = [one.name for one in ({sync}client.deployments.{a}list()).results]
configured = got.current_release.configuration
return [better.current_release.number, configured.max_instances, one.status, gone, names]
"""
    assert run(program) == [2, 3, "starting", True, ["mine"]]


@BOTH
def test_a_training_is_followed_to_its_end(run: Caller, sync: str, a: str) -> None:
    """create, get, list; its output names the version that was made."""
    program = f"""\
{sync}client.models.{a}create("me", "mine", visibility="private", hardware="gpu-t4")
made = {sync}client.trainings.{a}create(
    model=model, version=version, input=input, destination="me/mine"
)
got = made
while got.status in ("starting", "processing"):
    got = {sync}client.trainings.{a}get(made.id)
ids = [one.id for one in ({sync}client.trainings.{a}list()).results]
return [made.status, got.status, ids == [made.id], got.output["version"][:8]]
"""
    assert run(program) == ["starting", "succeeded", True, "me/mine:"]


@BOTH
def test_a_training_is_canceled(run: Caller, sync: str, a: str) -> None:
    """The client sees `canceled`."""
    program = f"""\
{sync}client.models.{a}create("me", "mine", visibility="private", hardware="gpu-t4")
made = {sync}client.trainings.{a}create(
    model=model, version=version, input=input, destination="me/mine"
)
{sync}client.trainings.{a}cancel(made.id)
return ({sync}client.trainings.{a}get(made.id)).status
"""
    assert run(program) == "canceled"


@BOTH
def test_models_are_found_and_read(run: Caller, sync: str, a: str) -> None:
    """get, list, search, and the versions of a model."""
    program = f"""\
got = {sync}client.models.{a}get(model)
page = {sync}client.models.{a}list()
found = {sync}client.models.{a}search("kontext")
owner, name = model.split("/")
return [f"{{got.owner}}/{{got.name}}", len(page.results) > 0, found.results[0].name]
"""
    name, listed, found = run(program)
    assert (name, listed) == ("black-forest-labs/flux-kontext-pro", True)
    assert "kontext" in found


@BOTH
def test_a_model_is_made(run: Caller, sync: str, a: str) -> None:
    """create, then get."""
    program = f"""\
made = {sync}client.models.{a}create("me", "mine", visibility="private", hardware="gpu-t4")
return [made.visibility, ({sync}client.models.{a}get("me/mine")).name]
"""
    assert run(program) == ["private", "mine"]


@BOTH
def test_account_hardware_and_collections_are_read(run: Caller, sync: str, a: str) -> None:
    """Who one is, what there is to run on, and what there is to run."""
    program = f"""\
account = {sync}client.accounts.{a}current()
hardware = {sync}client.hardware.{a}list()
collections = ({sync}client.collections.{a}list()).results
first = {sync}client.collections.{a}get(collections[0].slug)
return [account.username != "", "gpu-t4" in [one.sku for one in hardware], len(first.models) > 0]
"""
    assert run(program) == [True, True, True]


def test_its_verifier_accepts_our_webhooks(
    python_1: Interpreter, server: LiveServer, receiver: Receiver
) -> None:
    """Signed with the secret that the account reads, and with no other."""
    run = python_1.caller(SETUP, server.world("a-token", clock="scaled:1000"))
    run("client.predictions.create(version=version, input=input, webhook=url)", url=receiver.url)
    headers, body = receiver.ended()
    program = """\
from replicate.webhook import Webhooks
secret = client.webhooks.default.secret()
Webhooks.validate(headers=headers, body=body, secret=secret)
"""
    run(program, headers=headers, body=body)
    assert "InvalidSignatureError" in run.raised(program, headers=headers, body=body + " ")
