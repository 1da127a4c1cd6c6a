"""What interpreters load first: they lead the program, and leave it as it was otherwise."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.intercept import preload


if TYPE_CHECKING:
    from mockserver.intercept.proxy import Interception
    from tests.intercept.conftest import Run

pytestmark = pytest.mark.slow
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")

FOLDER = Path(preload.__file__).parent
UNLED = "import socket; print(socket.getaddrinfo.__module__)"


def test_what_python_would_have_loaded_is_loaded(python: Run, tmp_path: Path) -> None:
    """Another `sitecustomize` further behind runs too, once."""
    (tmp_path / "sitecustomize.py").write_text("print('mine')")
    path = f"{FOLDER}:{tmp_path}"
    assert python(UNLED, PYTHONPATH=path) == "mine\n_mockserver_redirect\n"


def test_python_is_left_alone_where_nobody_is_intercepted(python: Run) -> None:
    """The folder alone leads nowhere."""
    assert python(UNLED, MOCKSERVER_INTERCEPTION="") == "socket\n"


def test_a_program_cannot_stumble_over_our_modules(python: Run) -> None:
    """Nothing of ours can be imported by a name that a program may have of its own."""
    program = """\
for name in ("redirect", "environment", "proxy", "preload"):
    try:
        __import__(name)
    except ImportError:
        print("none", end=" ")
"""
    assert python(program, PYTHONPATH=str(FOLDER)) == "none none none none "


@pytest.mark.skipif(importlib.util.find_spec("uvloop") is None, reason="uvloop is not installed")
def test_uvloop_is_not_there_for_the_program(python: Run) -> None:
    """Its connections would go past `socket`; who can do without it is told that it is missing."""
    program = """\
import importlib.util
print(importlib.util.find_spec("uvloop"))
try:
    import uvloop
except ImportError as missing:
    print(type(missing).__name__)
"""
    assert python(program) == "None\nModuleNotFoundError\n"


ASKS = """\
const dns = require("node:dns"), http = require("node:http"), https = require("node:https");
const net = require("node:net");
const looked = [];
const lookup = dns.lookup;
dns.lookup = (host, ...rest) => { looked.push(host); return lookup(host, ...rest); };

const headers = { authorization: "Bearer a-token" };
const get = (by, url) => new Promise((done) => by.get(url, { headers }, (answer) => {
  answer.resume();
  answer.on("end", () => done(answer.statusCode));
}).on("error", (error) => done(error.message)));
const fetched = (url) => fetch(url, { headers }).then((answer) => answer.status,
  (error) => error.cause.message);
const dialled = (port, host) => new Promise((done) => net.connect(port, host)
  .on("error", (error) => done(`${error.code} ${error.message}`)));

(async () => {
  const own = http.createServer((_, answer) => answer.end()).listen(0);
  await new Promise((listens) => own.once("listening", listens));
  const { port } = own.address();
  console.log(
    await fetched("https://api.replicate.com/v1/predictions"),
    await fetched("http://API.replicate.com/v1/predictions"),
    await fetched("https://a.replicate.delivery/xezq/a/b.png"),
    await get(https, "https://api.replicate.com/v1/predictions"),
    await get(http, "http://api.replicate.com/v1/predictions"),
    await fetched(`http://127.0.0.1:${port}/`),
    await get(http, `http://localhost:${port}/`),
  );
  for (const url of ["https://elsewhere.test/", "https://192.0.2.1/", "https://[2001:db8::1]/"])
    console.log(await fetched(url));
  console.log(await get(https, "https://a.b.replicate.delivery/"));
  console.log(await get(http, "http://elsewhere.test/"));
  console.log(await dialled(5432, "db.test"));
  console.log(await dialled(22, "api.replicate.com"));
  console.log("looked up", ...new Set(looked.filter((host) => !net.isIP(host))));
  own.close();
})();
"""


@needs_node
def test_node_is_led_whatever_makes_its_connections(run: Run, proxy: Interception) -> None:
    """`fetch`, `https`, `http` and `net`; no name of another host is looked up."""
    said = run("node", "--eval", ASKS, NODE_USE_ENV_PROXY="").splitlines()
    nobody = "is not intercepted: nothing was sent there"
    ports = "is intercepted on ports 443 and 80, not on 22"
    assert said == [
        "200 200 404 200 200 200 200",
        f"mockserver: elsewhere.test {nobody}",
        f"mockserver: 192.0.2.1 {nobody}",
        f"mockserver: [2001:db8::1] {nobody}",
        f"mockserver: a.b.replicate.delivery {nobody}",
        f"mockserver: elsewhere.test {nobody}",
        f"ECONNREFUSED mockserver: db.test {nobody}",
        f"ECONNREFUSED mockserver: api.replicate.com {ports}: nothing was sent there",
        "looked up localhost",
    ]
    assert len(proxy.turned) == 7


@needs_node
def test_node_is_left_alone_where_nobody_is_intercepted(run: Run) -> None:
    """The module alone leads nowhere, to 127.0.0.1 least of all."""
    program = """\
const { Socket } = require("node:net");
console.log(Socket.prototype.connect.toString().includes("LOOPBACK"));
"""
    assert run("node", "-e", program) == "true\n"
    assert run("node", "-e", program, MOCKSERVER_INTERCEPTION="") == "false\n"


@needs_node
def test_a_folder_with_a_space_is_no_obstacle(run: Run, tmp_path: Path) -> None:
    """Node splits its options at spaces, unless they are quoted."""
    folder = tmp_path / "two words"
    folder.mkdir()
    shutil.copy(FOLDER / "node.cjs", folder)
    options = f'--require "{folder / "node.cjs"}"'
    program = "fetch('https://api.replicate.com/').then((answer) => console.log(answer.status))"
    assert run("node", "-e", program, NODE_OPTIONS=options, NODE_USE_ENV_PROXY="") == "200\n"


def test_it_is_read_by_the_oldest_python_that_programs_have() -> None:
    """3.8: no syntax in these two files is younger."""
    import ast

    for path in (FOLDER / "sitecustomize.py", FOLDER.parent / "redirect.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    assert sys.version_info >= (3, 11)
