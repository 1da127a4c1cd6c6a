"""The official clients recorded at one rhythm, and played at others, by every channel.

Both ways: they are given the recorder's address, or call the one that is written into them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.intercept.proxy import intercepting
from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tests.clients.conftest import Interpreter, Receiver

    Words = tuple[str | Path, ...]
    Reality = Callable[[], AbstractContextManager[tuple[Sequence[str], Mapping[str, str]]]]

QUICK: Final = Settings(clock="scaled:10")
"""Upstream: two looks a second of its time are one in 50 ms of ours."""
EACH_5_S: Final = ("--clock", "scaled:100")
"""What makes 5 s of the cassette's time of those."""
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
outputs = [str(event.data) for event in heard if event.event.value == "output"]
logs = "".join(event.data for event in heard if event.event.value == "logs")
print(json.dumps(["succeeded" if heard[-1].event.value == "done" else "", outputs, logs]))
""",
    "read": """\
import hashlib, json, replicate
made, = replicate.run(
    "black-forest-labs/flux-schnell", input={"prompt": "a lighthouse"}, wait=False)
print(json.dumps([made.url, hashlib.sha256(made.read()).hexdigest()]))
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
// Else it downloads each file as soon as it hears of it, which is not on the cassette.
const useFileOutput = false;
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL, useFileOutput });
const input = { prompt: "a lighthouse" };
const outputs = [], logs = []; let last = "";
for await (const event of replicate.stream("black-forest-labs/flux-schnell", { input })) {
  last = event.event;
  if (event.event === "output") outputs.push(String(event.data));
  if (event.event === "logs") logs.push(event.data);
}
console.log(JSON.stringify([last === "done" ? "succeeded" : "", outputs, logs.join("")]));
""",
    "read": """\
import { createHash } from "node:crypto";
import Replicate from "replicate";
const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
const input = { prompt: "a lighthouse" }, wait = { mode: "poll", interval: 50 };
const [made] = await replicate.run("black-forest-labs/flux-schnell", { input, wait });
const bytes = new Uint8Array(await (await made.blob()).arrayBuffer());
const seen = createHash("sha256").update(bytes).digest("hex");
console.log(JSON.stringify([made.url().href, seen]));
""",
}


@contextmanager
def at_an_address() -> Iterator[tuple[Sequence[str], Mapping[str, str]]]:
    """Upstream at an address that the recorder is told, as the program is told the recorder's."""
    with serve(QUICK) as upstream:
        yield ("--upstream", upstream.base_url), {}


@contextmanager
def at_its_own_hosts() -> Iterator[tuple[Sequence[str], Mapping[str, str]]]:
    """Upstream at its own hosts, to which a proxy leads the recorder as it would any program."""
    with intercepting(Fake(QUICK)) as proxy:
        yield (), proxy.environment


REALITIES: Final[Mapping[str, tuple[Sequence[str], Reality]]] = {
    "address": ((), at_an_address),
    "intercepted": (("--intercept",), at_its_own_hosts),
    "intercepted, elsewhere": (("--intercept",), at_an_address),
}
"""How the program is led to us, and where upstream is."""


def run(
    interpreter: Interpreter,
    program: str,
    *ours: str | Path,
    extra: str = "{}",
    poll_s: float = 0.05,
    led: Mapping[str, str] | None = None,
) -> list[object]:
    """What the program prints that one of our commands runs, itself `led` by variables."""
    clean = {name: os.environ[name] for name in os.environ if not name.startswith("REPLICATE_")}
    begun = "const extra =" if "import Replicate" in program else "extra ="
    ran = subprocess.run(
        [sys.executable, "-m", "mockserver", *ours, "--port", "0", "--",
         *interpreter.command, f"{begun} {extra}\n{program}"],
        cwd=interpreter.where,
        env={
            **clean,
            **(led or {}),
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


@pytest.fixture(params=["python_1", "node"])
def client(request: pytest.FixtureRequest) -> tuple[Interpreter, Mapping[str, str]]:
    """An official client, and the programs for it."""
    interpreter: Interpreter = request.getfixturevalue(request.param)
    return interpreter, PYTHON if request.param == "python_1" else NODE


@pytest.mark.slow
@pytest.mark.parametrize("way", REALITIES)
def test_one_recording_serves_every_rhythm_and_channel(
    client: tuple[Interpreter, Mapping[str, str]], way: str, tmp_path: Path, receiver: Receiver
) -> None:
    """Polled twice a second when it was recorded; the same end, whatever its client does later."""
    interpreter, programs = client
    path = tmp_path / "calls.json"
    options, reality = REALITIES[way]
    with reality() as (more, led):
        asked: Words = ("record", path, *options, *more)
        recorded = run(interpreter, programs["poll"], *asked, led=led)
    assert recorded[0] == "succeeded"
    assert TOKEN not in path.read_text(encoding="utf-8")
    assert load(path).jobs[0].ended

    # Upstream is gone by now: whatever is answered comes from the cassette.
    replay: Words = ("replay", path, *options)
    assert run(interpreter, programs["poll"], *replay) == recorded
    assert run(interpreter, programs["poll"], *replay, *EACH_5_S) == recorded
    assert run(interpreter, programs["wait"], *replay) == recorded
    status, outputs, logs = run(interpreter, programs["stream"], *replay)
    assert (status, outputs) == (recorded[0], recorded[1])
    assert str(logs).replace("\n", "") == str(recorded[2]).replace("\n", "")
    extra = json.dumps({"webhook": receiver.url})
    assert run(interpreter, programs["poll"], *replay, extra=extra) == recorded
    _, body = receiver.ended()
    told = json.loads(body)
    assert [told["status"], told["output"], told["logs"]] == recorded


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "host"), [("stream", "stream.replicate.com"), ("read", "replicate.delivery")]
)
def test_hosts_that_answers_lead_to_are_recorded(
    client: tuple[Interpreter, Mapping[str, str]], program: str, host: str, tmp_path: Path
) -> None:
    """Each under its own name, from which it is played, a file as well as a stream."""
    interpreter, programs = client
    path = tmp_path / "calls.json"
    with at_its_own_hosts() as (_, led):
        asked = ("record", path, "--intercept")
        recorded = run(interpreter, programs[program], *asked, led=led)
    assert {one.request.hostname for one in load(path).recorded} == {"api.replicate.com", host}
    assert run(interpreter, programs[program], "replay", path, "--intercept") == recorded
