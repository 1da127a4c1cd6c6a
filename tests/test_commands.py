"""What the documents tell a person to type works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.cassettes.keeping import ready
from mockserver.library.cassettes.written import written
from mockserver.live import serve
from tests.recording import polled


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.live import LiveServer


pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:mockserver|make) [^`]+)`")
CLIENT = (ROOT / "examples" / "reference_client.py").read_text(encoding="utf-8")
COG = '{"components": {"schemas": {"Input": {}, "Output": {"type": "string", "format": "uri"}}}}'
PAGE = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8").split("````")[1]
LIFE = polled([500] * 3)
CASSETTE = written(ready(LIFE.cassette, LIFE.profile))
PROGRAM = """\
import os
led = "MOCKSERVER_INTERCEPTION" in os.environ
assert led or os.environ["REPLICATE_BASE_URL"].endswith("/v1")
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "MOCKSERVER_PORT": "0"}
ADDRESS = "http://127.0.0.1:4010"
TIMEOUT_S = 60


def commands(document: Path) -> Iterator[str]:
    """The command lines of its console blocks and of its running text."""
    text = document.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            yield line.removeprefix("$ ").partition(" # ")[0].strip()
    yield from INLINE.findall(text)


ALL = sorted({line for document in DOCUMENTS for line in commands(document) if line})
OURS = [line for line in ALL if line.startswith("mockserver ")]
CURLS = [line for line in ALL if line.startswith("curl ")]
MAKES = [line for line in ALL if re.match(r"(\w+=\S+ )?make ", line)]
CLONES = [line for line in ALL if line.startswith("git clone ")]


def test_every_documented_command_is_of_a_known_sort() -> None:
    """So that none can be written down that nothing tries."""
    assert sorted({*OURS, *CURLS, *MAKES, *CLONES}) == ALL


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """The fake that the documents take to be running."""
    with serve() as running:
        yield running


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("line", CURLS)
def test_curl_lines_succeed(server: LiveServer, line: str) -> None:
    """Pasted as they stand, only the address is that of this server."""
    words = shlex.split(line.replace(ADDRESS, server.url))
    ran = subprocess.run(
        [*words, "--silent", "--fail-with-body"], capture_output=True, check=False, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.startswith("{")


@pytest.mark.parametrize("line", OURS)
def test_our_own_commands_run(line: str, tmp_path: Path) -> None:
    """Each ends well; what would serve for ever is told to stop once it listens."""
    (tmp_path / "my_program.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "my_client.py").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "painter.json").write_text(COG, encoding="utf-8")
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    if "derived" in line:
        derive = ("-m", "mockserver", "schemas", "derive", "page.md")
        subprocess.run([sys.executable, *derive], cwd=tmp_path, check=True, env=ENVIRONMENT)
    (tmp_path / "calls.json").write_bytes(CASSETTE)
    words = [sys.executable, "-m", *shlex.split(line.replace("python ", f"{sys.executable} "))]
    with subprocess.Popen(
        words, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
    ) as ran:
        if words[3] == "serve":
            assert ran.stderr is not None
            assert "listens on" in ran.stderr.readline()
            ran.terminate()
        _, told = ran.communicate(timeout=TIMEOUT_S)
    assert ran.returncode == 0, told


@pytest.mark.parametrize("line", MAKES)
def test_make_knows_the_target(line: str) -> None:
    """Named in the Makefile; running them all is the work of CI."""
    target = shlex.split(line[line.index("make ") :])[1]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
