"""Every kind of output, as each official client hands it to its user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveServer
    from tests.clients.conftest import Caller

PYTHON_1 = "from replicate.client import Client\nclient = Client(token, base_url=base_url)\n"
PYTHON_2 = (
    "from replicate import Replicate\nclient = Replicate(bearer_token=token, base_url=base_url)\n"
)
NODE = "const client = new Replicate({ auth: token, baseUrl: base_url });\n"

LLAMA = "meta/meta-llama-3-8b-instruct"
HELLO = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"
MUSIC = "671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb"

RUN = {
    "python_1": "return client.run(ref, input=given)",
    "python_2": "return client.run(ref, input=given)",
    "node": "return await client.run(ref, { input: given });",
}
HEX = {
    "python_1": "made = client.run(ref, input=given)\n"
    "return [one.read().hex() for one in (made if isinstance(made, list) else [made])]",
    "python_2": "made = client.run(ref, input=given)\n"
    "return [one.read().hex() for one in (made if isinstance(made, list) else [made])]",
    "node": "const hex = async (one) =>"
    ' Buffer.from(await (await one.blob()).arrayBuffer()).toString("hex");\n'
    "return await Promise.all([await client.run(ref, { input: given })].flat().map(hex));",
}
STREAM = {
    "python_1": "events = client.stream(ref, input=given)\n"
    "return [one.data for one in events if one.event.value == 'output']",
    "node": "const chunks = [];\n"
    "for await (const { event, data } of client.stream(ref, { input: given }))\n"
    '  if (event === "output") chunks.push(data);\n'
    "return chunks;",
}


@pytest.fixture(params=["python_1", "python_2", "node"])
def client(request: pytest.FixtureRequest) -> str:
    """Which client it is."""
    return str(request.param)


@pytest.fixture
def run(request: pytest.FixtureRequest, server: LiveServer, client: str) -> Caller:
    """Runs programs that have a `client` of a fast world."""
    setup = {"python_1": PYTHON_1, "python_2": PYTHON_2, "node": NODE}[client]
    world = server.world("a-token", clock="scaled:1000")
    caller: Caller = request.getfixturevalue(client).caller(setup, world)
    return caller


def test_a_text_in_chunks_is_a_list(run: Caller, client: str) -> None:
    """What a language model writes."""
    chunks = run(RUN[client], ref=LLAMA, given={"prompt": "tell"})
    assert len(chunks) > 5
    assert all(isinstance(chunk, str) for chunk in chunks)


def test_a_text_is_a_text(run: Caller, client: str) -> None:
    """Of a model that is named by its version, whose schema the client reads."""
    told = run(RUN[client], ref=f"replicate/hello-world:{HELLO}", given={"text": "you"})
    assert told == "hello you"


@pytest.mark.parametrize(
    ("ref", "given", "begins"),
    [
        (
            "black-forest-labs/flux-schnell",
            {"prompt": "x", "num_outputs": 2},
            [b"RIFF", b"RIFF"],
        ),
        ("minimax/video-01", {"prompt": "x"}, [b"\0\0\0 ftyp"]),
        (f"meta/musicgen:{MUSIC}", {"prompt": "x"}, [b"RIFF"]),
    ],
    ids=["pictures", "video", "sound"],
)
def test_files_are_file_objects(
    run: Caller, client: str, ref: str, given: dict[str, object], begins: list[bytes]
) -> None:
    """One or more; what they read is what it says it is."""
    read = [bytes.fromhex(one) for one in run(HEX[client], ref=ref, given=given)]
    assert [one[: len(begin)] for one, begin in zip(read, begins, strict=True)] == begins


@pytest.mark.parametrize("client", STREAM)
def test_a_stream_of_text_is_the_output_in_pieces(run: Caller, client: str) -> None:
    """Each event is a piece; together they are what `run` returns."""
    pieces = run(STREAM[client], ref=LLAMA, given={"prompt": "tell", "seed": 1})
    whole = run(RUN[client], ref=LLAMA, given={"prompt": "tell", "seed": 1})
    assert "".join(pieces) == "".join(whole)


@pytest.mark.parametrize("client", ["node"])
def test_a_stream_of_files_yields_file_objects(run: Caller) -> None:
    """The client decides by the path of the stream, which begins with `/v1/files/`."""
    seen = run("""\
for await (const { event, data } of client.stream(model, { input: { prompt: "x" } }))
  if (event === "output") return [typeof data, String(data).startsWith(root)];
""")
    assert seen == ["object", True]
