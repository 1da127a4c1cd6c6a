"""replicate 1.4.0 for JavaScript: everything that is not a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer, LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Receiver

SETUP = """\
const replicate = new Replicate({ auth: token, baseUrl: base_url });
const input = { prompt: "a lighthouse" };
const [owner, name] = model.split("/");
const release = { model, version, hardware: "gpu-t4", min_instances: 0, max_instances: 1 };
"""


@pytest.fixture
def run(node: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have `replicate`, a client of the world."""
    return node.caller(SETUP, world)


def test_files_are_kept_until_they_are_deleted(run: Caller) -> None:
    """create, get, list, delete."""
    program = """\
const made = await replicate.files.create(Buffer.from("four"), { a: "b" });
const got = await replicate.files.get(made.id);
const before = (await replicate.files.list()).results.map((one) => one.id === made.id);
await replicate.files.delete(made.id);
const after = (await replicate.files.list()).results;
return [got.size, got.metadata, before, after];
"""
    assert run(program) == [4, {"a": "b"}, [True], []]


def test_a_buffer_is_uploaded_as_an_input(run: Caller, world: LiveWorld, png: str) -> None:
    """The input becomes the address of the file, which is read."""
    program = """\
const input_image = Buffer.from(png, "base64");
await replicate.run(model, { input: { ...input, input_image } });
"""
    run(program, png=png)
    assert str(world.predictions()[0].input["input_image"]).startswith(f"{world.base_url}/files/")


def test_a_deployment_is_released_used_and_deleted(run: Caller) -> None:
    """create, get, update, list, its predictions, and delete of one that was not used."""
    program = """\
const made = await replicate.deployments.create({ name: "mine", ...release });
const better = await replicate.deployments.update(made.owner, "mine", { max_instances: 3 });
const got = await replicate.deployments.get(made.owner, "mine");
const one = await replicate.deployments.predictions.create(made.owner, "mine", { input });
await replicate.deployments.create({ name: "spare", ...release });
const gone = await replicate.deployments.delete(made.owner, "spare");
const names = (await replicate.deployments.list()).results.map((one) => one.name);
const configured = got.current_release.configuration;
return [better.current_release.number, configured.max_instances, one.status, gone, names];
"""
    assert run(program) == [2, 3, "starting", True, ["mine"]]


def test_a_training_is_followed_to_its_end(run: Caller) -> None:
    """create, get, list; its output names the version that was made."""
    program = """\
await replicate.models.create("me", "mine", { visibility: "private", hardware: "gpu-t4" });
const options = { input, destination: "me/mine" };
const made = await replicate.trainings.create(owner, name, version, options);
let got = made;
while (["starting", "processing"].includes(got.status)) {
  got = await replicate.trainings.get(made.id);
}
const ids = (await replicate.trainings.list()).results.map((one) => one.id === made.id);
return [made.status, got.status, ids, got.output.version.slice(0, 8)];
"""
    assert run(program) == ["starting", "succeeded", [True], "me/mine:"]


def test_a_training_is_canceled(run: Caller) -> None:
    """The client sees `canceled`."""
    program = """\
await replicate.models.create("me", "mine", { visibility: "private", hardware: "gpu-t4" });
const options = { input, destination: "me/mine" };
const made = await replicate.trainings.create(owner, name, version, options);
await replicate.trainings.cancel(made.id);
return (await replicate.trainings.get(made.id)).status;
"""
    assert run(program) == "canceled"


def test_models_are_found_and_read(run: Caller) -> None:
    """get, list, search, versions, and create."""
    program = """\
const got = await replicate.models.get(owner, name);
const page = await replicate.models.list();
const found = await replicate.models.search("kontext");
const versions = await replicate.models.versions.list(owner, name);
const made = await replicate.models.create("me", "mine", {
  visibility: "private", hardware: "gpu-t4"
});
return [got.name, page.results.length > 0, found.results[0].name, made.visibility];
"""
    name, listed, found, visibility = run(program)
    assert (name, listed, visibility) == ("flux-kontext-pro", True, "private")
    assert "kontext" in found


def test_account_hardware_and_collections_are_read(run: Caller) -> None:
    """Who one is, what there is to run on, and what there is to run."""
    program = """\
const account = await replicate.accounts.current();
const hardware = await replicate.hardware.list();
const collections = (await replicate.collections.list()).results;
const first = await replicate.collections.get(collections[0].slug);
const skus = hardware.map((one) => one.sku);
return [account.username !== "", skus.includes("gpu-t4"), first.models.length > 0];
"""
    assert run(program) == [True, True, True]


def test_its_verifier_accepts_our_webhooks(
    node: Interpreter, server: LiveServer, receiver: Receiver
) -> None:
    """Signed with the secret that the account reads, over the body as it was sent."""
    run = node.caller(SETUP, server.world("a-token", clock="scaled:1000"))
    run("await replicate.predictions.create({ model, input, webhook });", webhook=receiver.url)
    headers, body = receiver.ended()
    program = """\
const { key } = await replicate.webhooks.default.secret.get();
return [await validateWebhook({ headers, body }, key),
  await validateWebhook({ headers, body: body + " " }, key)];
"""
    assert run(program, headers=headers, body=body) == [True, False]
