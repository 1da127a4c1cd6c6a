"""The official clients recorded at one rhythm, and played at others, by every channel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.settings import Settings


if TYPE_CHECKING:
    from tests.clients.conftest import Interpreter, Receiver

TOKEN: Final = "r8_7mN2qX9vB4kT1wW8zR5cY3hL6jD0sG2pA4eUf"

PYTHON: Final = {
    "poll": """\
import json, os, replicate
made = replicate.predictions.create(
    model="black-forest-labs/flux-schnell", input={"prompt": "a lighthouse"}, **extra)
made.wait()
print(json.dumps([made.status, made.output, made.logs]))
""",
    "wait": """\
import json, replicate
made = replicate.models.predictions.create(
    "black-forest-labs/flux-schnell", input={"prompt": "a lighthouse"}, wait=True)
print(json.dumps([made.status, made.output, made.logs]))
""",
    "stream": """\
import json, replicate
heard = list(replicate.stream("black-forest-labs/flux-schnell", input={"prompt": "a lighthouse"}))
outputs = [event.data for event in heard if event.event.value == "output"]
logs = "".join(event.data for event in heard if event.event.value == "logs")
print(json.dumps(["succeeded" if heard[-1].event.value == "done" else "", outputs, logs]))
""",
}
NODE: Final = {
    "poll": """\
import Replicate from "replicate";
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
let made = await replicate.predictions.create({
  model: "black-forest-labs/flux-schnell", input: { prompt: "a lighthouse" }, ...extra });
const interval = 1000 * Number(process.env.REPLICATE_POLL_INTERVAL);
made = await replicate.wait(made, { interval });
console.log(JSON.stringify([made.status, made.output, made.logs]));
""",
    "wait": """\
import Replicate from "replicate";
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
const made = await replicate.predictions.create({
  model: "black-forest-labs/flux-schnell", input: { prompt: "a lighthouse" }, wait: 60 });
console.log(JSON.stringify([made.status, made.output, made.logs]));
""",
    "stream": """\
import Replicate from "replicate";
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
const input = { prompt: "a lighthouse" };
const outputs = [], logs = []; let last = "";
for await (const event of replicate.stream("black-forest-labs/flux-schnell", { input })) {
  last = event.event;
  if (event.event === "output") outputs.push(String(event.data));
  if (event.event === "logs") logs.push(event.data);
}
console.log(JSON.stringify([last === "done" ? "succeeded" : "", outputs, logs.join("")]));
""",
}


def run(
    interpreter: Interpreter,
    program: str,
    *ours: str | Path,
    extra: str = "{}",
    poll_s: float = 0.5,
) -> list[object]:
    """What the program prints that one of our commands runs."""
    begun = "const extra =" if "import Replicate" in program else "extra ="
    ran = subprocess.run(
        [sys.executable, "-m", "mockserver", *ours, "--port", "0", "--",
         *interpreter.command, f"{begun} {extra}\n{program}"],
        cwd=interpreter.where,
        env={
            **os.environ,
            "CI": "",
            "REPLICATE_API_TOKEN": TOKEN,
            "REPLICATE_POLL_INTERVAL": str(poll_s),
        },
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told: list[object] = json.loads(ran.stdout)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("client", ["python_1", "node"])
def test_one_recording_serves_every_rhythm_and_channel(
    client: str, request: pytest.FixtureRequest, tmp_path: Path, receiver: Receiver
) -> None:
    """Polled twice a second when it was recorded; the same end, whatever its client does later."""
    interpreter: Interpreter = request.getfixturevalue(client)
    programs = PYTHON if client == "python_1" else NODE
    path = tmp_path / "calls.json"
    with serve(Settings()) as upstream:
        recorded = run(
            interpreter, programs["poll"], "record", path, "--upstream", upstream.base_url
        )
    assert recorded[0] == "succeeded"
    assert TOKEN not in path.read_text(encoding="utf-8")
    assert load(path).jobs[0].ended

    # Upstream is gone by now: whatever is answered comes from the cassette.
    assert run(interpreter, programs["poll"], "replay", path, poll_s=0.05) == recorded
    assert run(interpreter, programs["wait"], "replay", path) == recorded
    status, outputs, logs = run(interpreter, programs["stream"], "replay", path)
    assert (status, outputs) == (recorded[0], recorded[1])
    assert str(logs).replace("\n", "") == str(recorded[2]).replace("\n", "")
    extra = json.dumps({"webhook": receiver.url})
    assert run(interpreter, programs["poll"], "replay", path, extra=extra) == recorded
    _, body = receiver.ended()
    told = json.loads(body)
    assert [told["status"], told["output"], told["logs"]] == recorded


@pytest.mark.slow
def test_a_rhythm_of_five_seconds_sees_the_end_at_once(
    python_1: Interpreter, tmp_path: Path
) -> None:
    """Who looks rarely finds it ended; nothing has to be played in between."""
    path = tmp_path / "calls.json"
    with serve(Settings()) as upstream:
        asked = ("record", path, "--upstream", upstream.base_url)
        recorded = run(python_1, PYTHON["poll"], *asked, poll_s=0.05)
    assert run(python_1, PYTHON["poll"], "replay", path, poll_s=5) == recorded
