"""Official clients as they are published, each in its own interpreter, against a live fake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from PIL import Image

from mockserver.cli.execute import environment
from mockserver.live import LiveServer, LiveWorld, serve
from tests.listening import served


HERE = Path(__file__).parent
# Given as text, so that imports are looked up where it runs, not where the driver lies.
PYTHON_DRIVER = (HERE / "driver.py").read_text(encoding="utf-8")
NODE_DRIVER = (HERE / "driver.mjs").read_text(encoding="utf-8")

INSTALLED = Path(sys.prefix) / "clients"
"""Where `make clients` puts those that cannot live beside the tools."""

PATIENCE_S = 10

MODEL = "black-forest-labs/flux-kontext-pro"


Picture = Callable[[str], tuple[str, int, int]]
"""The format, width and height of a picture given in base64; raises if it is none."""


class Interpreter:
    """A running interpreter that has a client installed."""

    def __init__(
        self, process: subprocess.Popen[str], command: Sequence[str | Path], where: Path
    ) -> None:
        self.process = process
        self.command = command
        """What runs a program given as text behind it."""
        self.where = where

    def answer(self, program: str, names: Mapping[str, object]) -> dict[str, Any]:
        """What became of `program`, the body of an async function that finds `names`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"program": program, "names": names}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def executed(self, program: str, *options: str) -> str:
        """What `program` prints that `mockserver exec` runs on a clock that each look moves on.

        No variable of a client is set but those that `exec` sets.
        """
        exec_ = [sys.executable, "-m", "mockserver", "exec", "--clock", "poll", *options, "--"]
        clean = {
            name: os.environ[name] for name in os.environ if not name.startswith("REPLICATE_")
        }
        ran = subprocess.run(
            [*exec_, *self.command, program],
            cwd=self.where,
            env={**clean, "REPLICATE_POLL_INTERVAL": "0.001"},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def caller(self, setup: str, world: LiveWorld) -> Caller:
        """Programs that begin with `setup`, and find where and as whom to call."""
        model = world.fake.catalogue.model(MODEL)
        assert model is not None
        names = {
            "root": world.url,
            "base_url": world.base_url,
            "token": world.token,
            "model": MODEL,
            "version": model.version_id,
        }
        return Caller(self, setup, names)


@dataclass(frozen=True)
class Caller:
    """Runs programs against one world."""

    interpreter: Interpreter
    setup: str
    names: Mapping[str, object]

    def __call__(self, program: str, **names: object) -> Any:
        """What the program returns."""
        answer = self.interpreter.answer(self.setup + program, {**self.names, **names})
        assert "raised" not in answer, answer
        return answer["told"]

    def raised(self, program: str, **names: object) -> str:
        """What the program raises: its kind, a colon, and its text."""
        answer = self.interpreter.answer(self.setup + program, {**self.names, **names})
        assert "raised" in answer, answer
        return f"{answer['raised']}: {answer['message']}"


@contextmanager
def interpreter(
    command: Sequence[str | Path], driver: str, where: Path = HERE
) -> Iterator[Interpreter]:
    """An interpreter that runs what it is sent, with no address of ours in its environment."""
    given = environment("http://127.0.0.1:9", "nobody", os.environ)
    clean = {name: os.environ[name] for name in os.environ if not name.startswith("PYTHON")}
    environ = {**clean, **given, "REPLICATE_POLL_INTERVAL": "0.001"}
    with subprocess.Popen(
        [*command, driver],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environ,
        cwd=where,
    ) as process:
        yield Interpreter(process, command, where)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


@pytest.fixture(scope="session")
def python_1() -> Iterator[Interpreter]:
    """Python with replicate 1.0.7, which lives among our tools."""
    with interpreter((sys.executable, "-c"), PYTHON_DRIVER) as running:
        yield running


@pytest.fixture(scope="session")
def python_2() -> Iterator[Interpreter]:
    """Python with replicate 2.0.0b4."""
    folder = INSTALLED / "replicate-2"
    if not (folder / "replicate.stamp").exists():
        pytest.skip("replicate 2.0.0b4 is not installed; `make clients` does it")
    with interpreter((folder / "bin" / "python", "-c"), PYTHON_DRIVER) as running:
        yield running


@pytest.fixture(scope="session")
def node() -> Iterator[Interpreter]:
    """Node with the JavaScript clients."""
    folder = INSTALLED / "js"
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    if not (folder / "npm.stamp").exists():
        pytest.skip("the JavaScript clients are not installed; `make clients` does it")
    command = ("node", "--input-type=module", "--eval")
    with interpreter(command, NODE_DRIVER, folder) as running:
        yield running


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """A fake of Replicate itself."""
    with serve() as running:
        yield running


@pytest.fixture
def world(server: LiveServer) -> LiveWorld:
    """A world whose clock each look moves on."""
    return server.world("a-token", clock="poll")


@pytest.fixture
def picture() -> Picture:
    """Reads a picture from its base64."""

    def read(text: str) -> tuple[str, int, int]:
        image = Image.open(BytesIO(b64decode(text)))
        image.load()
        return str(image.format), *image.size

    return read


@pytest.fixture(scope="session")
def png() -> str:
    """A small picture in base64."""
    made = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "PNG")
    return b64encode(made.getvalue()).decode()


class Receiver:
    """Where webhooks arrive."""

    def __init__(self, root: str, arrived: Queue[tuple[dict[str, str], str]]) -> None:
        self.url = f"{root}/hook"
        self._arrived = arrived

    def ended(self) -> tuple[dict[str, str], str]:
        """Headers and body of the first delivery that tells of an end."""
        while True:
            headers, body = self._arrived.get(timeout=PATIENCE_S)
            if json.loads(body)["completed_at"]:
                return headers, body


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that keeps what is posted to it."""
    arrived: Queue[tuple[dict[str, str], str]] = Queue()

    class Keeping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep the request; answer that all is well."""
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            arrived.put((headers, body))
            self.send_response(200)
            self.end_headers()

    with served(Keeping) as root:
        yield Receiver(root, arrived)
