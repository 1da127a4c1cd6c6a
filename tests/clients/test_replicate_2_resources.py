"""replicate 2.0.0b4 for Python: everything that is not a prediction, strictly validated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.clients.conftest import Caller, Interpreter

SETUP = """\
import base64, io
from replicate import AsyncReplicate, Replicate
sync = Replicate(bearer_token=token, base_url=base_url, _strict_response_validation=True)
many = AsyncReplicate(bearer_token=token, base_url=base_url, _strict_response_validation=True)
owner, _, name = model.partition("/")
which = dict(model_owner=owner, model_name=name, version_id=version)
release = dict(
    model=model, version=version, hardware="gpu-t4", min_instances=0, max_instances=1
)
mine = dict(owner="me", name="mine", visibility="private", hardware="gpu-t4")
input = {"prompt": "a lighthouse"}
"""
BOTH = pytest.mark.parametrize("client", ["sync", "await many"], ids=["sync", "async"])


@pytest.fixture
def run(python_2: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have two strict clients of the world: `sync`, and `many` for asyncio."""
    return python_2.caller(SETUP, world)


@BOTH
def test_files_are_kept_until_they_are_deleted(run: Caller, client: str) -> None:
    """create, get, list, delete."""
    program = f"""\
made = {client}.files.create(content=b"four", filename="four.txt", type="text/plain")
got = {client}.files.get(file_id=made.id)
before = [one.id for one in ({client}.files.list()).results]
{client}.files.delete(file_id=made.id)
after = [one.id for one in ({client}.files.list()).results]
return [got.size, got.content_type, before == [made.id], after]
"""
    assert run(program) == [4, "text/plain", True, []]


def test_a_file_handle_is_uploaded_as_an_input(run: Caller, world: LiveWorld, png: str) -> None:
    """The input becomes the address of the file, which is read."""
    program = """\
handle = io.BytesIO(base64.b64decode(png))
sync.run(model, input={**input, "input_image": handle})
"""
    run(program, png=png)
    assert str(world.predictions()[0].input["input_image"]).startswith(f"{world.base_url}/files/")


@BOTH
def test_a_deployment_is_released_used_and_deleted(run: Caller, client: str) -> None:
    """create, get, update, list, its predictions, and delete of one that was not used."""
    program = f"""\
made = {client}.deployments.create(name="mine", **release)
who = dict(deployment_owner=made.owner, deployment_name="mine")
better = {client}.deployments.update(**who, max_instances=3)
got = {client}.deployments.get(**who)
one = {client}.deployments.predictions.create(**who, input=input)
spare = {client}.deployments.create(name="spare", **release)
{client}.deployments.delete(deployment_owner=made.owner, deployment_name="spare")
names = [one.name for one in ({client}.deployments.list()).results]
configured = got.current_release.configuration
return [better.current_release.number, configured.max_instances, one.status, names]
"""
    assert run(program) == [2, 3, "starting", ["mine"]]


@BOTH
def test_a_training_is_followed_to_its_end(run: Caller, client: str) -> None:
    """create, get, list; its output names the version that was made."""
    program = f"""\
{client}.models.create(**mine)
made = {client}.trainings.create(**which, input=input, destination="me/mine")
got = {client}.trainings.get(training_id=made.id)
while got.status in ("starting", "processing"):
    got = {client}.trainings.get(training_id=made.id)
ids = [one.id for one in ({client}.trainings.list()).results]
return [made.status, got.status, ids == [made.id], got.output.version[:8]]
"""
    assert run(program) == ["starting", "succeeded", True, "me/mine:"]


@BOTH
def test_a_training_is_canceled(run: Caller, client: str) -> None:
    """The client sees `canceled`."""
    program = f"""\
{client}.models.create(**mine)
made = {client}.trainings.create(**which, input=input, destination="me/mine")
{client}.trainings.cancel(training_id=made.id)
return ({client}.trainings.get(training_id=made.id)).status
"""
    assert run(program) == "canceled"


@BOTH
def test_models_are_found_and_read(run: Caller, client: str) -> None:
    """get, list, search, and what belongs to a model."""
    program = f"""\
of = dict(model_owner=owner, model_name=name)
got = {client}.models.get(**of)
page = {client}.models.list()
found = {client}.models.search(body="kontext")
examples = {client}.models.examples.list(**of)
readme = {client}.models.readme.get(**of)
versions = {client}.models.versions.list(**of)
return [f"{{got.owner}}/{{got.name}}", len(page.results) > 0, found.results[0].name]
"""
    name, listed, found = run(program)
    assert (name, listed) == ("black-forest-labs/flux-kontext-pro", True)
    assert "kontext" in found


@BOTH
def test_a_model_is_made_changed_and_deleted(run: Caller, client: str) -> None:
    """create, update, get, delete."""
    program = f"""\
made = {client}.models.create(**mine)
of = dict(model_owner="me", model_name="mine")
{client}.models.update(**of, description="better")
got = {client}.models.get(**of)
{client}.models.delete(**of)
return [made.visibility, got.description]
"""
    assert run(program) == ["private", "better"]


@BOTH
def test_account_hardware_and_collections_are_read(run: Caller, client: str) -> None:
    """Who one is, what there is to run on, what there is to run, and what signs webhooks."""
    program = f"""\
account = {client}.account.get()
hardware = {client}.hardware.list()
collections = ({client}.collections.list()).results
first = {client}.collections.get(collection_slug=collections[0].slug)
secret = {client}.webhooks.default.secret.get()
skus = [one.sku for one in hardware]
return [account.username != "", "gpu-t4" in skus, len(first.models) > 0, secret.key[:6]]
"""
    assert run(program) == [True, True, True, "whsec_"]


@BOTH
def test_a_search_finds_models(run: Caller, client: str) -> None:
    """`search` looks at models, collections and docs at once."""
    found = run(f"return [one.model.name for one in ({client}.search(query='kontext')).models]")
    assert "flux-kontext-pro" in found
