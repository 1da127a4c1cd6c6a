"""replicate 1.0.7 for Python uploads files, and gives its models what a program has open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer, LiveWorld
    from tests.clients.conftest import Caller, Interpreter, Picture

SETUP = """\
import base64, io, pathlib, replicate, tempfile
from PIL import Image
from replicate.client import Client
client = Client(token, base_url=base_url)
folder = pathlib.Path(tempfile.mkdtemp())
Image.new("RGB", (640, 320), "red").save(folder / "wide.png")
"""
BOTH = pytest.mark.parametrize(
    ("sync", "a"), [("", ""), ("await ", "async_")], ids=["sync", "async"]
)


@pytest.fixture
def run(python_1: Interpreter, world: LiveWorld) -> Caller:
    """Runs programs that have a `client` of the world, and a picture in a `folder`."""
    return python_1.caller(SETUP, world)


@BOTH
def test_a_file_is_uploaded_found_and_deleted(run: Caller, sync: str, a: str) -> None:
    """create, get, list and delete tell of one file; its name is that on the disk."""
    told = run(f"""\
made = {sync}client.files.{a}create(folder / "wide.png", metadata={{"n": 1}})
got = {sync}client.files.{a}get(made.id)
listed = {sync}client.files.{a}list()
gone = {sync}client.files.{a}delete(made.id)
left = {sync}client.files.{a}list()
return [got == made, [one.id for one in listed] == [made.id], gone, left,
        made.name, made.content_type, made.metadata]
""")
    assert told == [True, True, True, [], "wide.png", "image/png", {"n": 1}]


def test_an_empty_file_without_a_name_is_a_file(run: Caller) -> None:
    """The client calls it `file`."""
    told = run("made = client.files.create(io.BytesIO())\nreturn [made.name, made.size]")
    assert told == ["file", 0]


def test_an_unknown_file_is_told_as_upstream_does(run: Caller) -> None:
    """As the client's own error."""
    assert "File not found" in run.raised("client.files.get('x')")


@BOTH
def test_an_open_file_becomes_an_input(
    run: Caller, world: LiveWorld, picture: Picture, sync: str, a: str
) -> None:
    """The client uploads it and sends its address; the picture that is made has its shape."""
    data = run(f"""\
with open(folder / "wide.png", "rb") as file:
    input = {{"prompt": "a hat", "input_image": file}}
    made = {sync}client.{a}run(model, input)
return base64.b64encode(made.read()).decode()
""")
    _, width, height = picture(data)
    assert width > 1.5 * height
    assert "/v1/files/" in str(world.predictions()[0].input["input_image"])


def test_accounts_are_apart(run: Caller, server: LiveServer) -> None:
    """What one token uploaded, another does not find."""
    made = run("return client.files.create(folder / 'wide.png').id")
    other = server.world("another-token")
    assert "File not found" in run.raised(
        "Client(other, base_url=base_url).files.get(made)", made=made, other=other.token
    )
