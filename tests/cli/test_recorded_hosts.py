"""`record` and `replay` with `--intercept`: a program calls its own hosts, as it is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.intercept.proxy import Interception, intercepting
from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


Command = Callable[..., Result]

TOKEN = "r8_5kR8wN3xV6bM1tQ9zL4cY7pJ2jD0sG2fA6eU"
QUICK = Settings(clock="scaled:50", tokens=frozenset({TOKEN}))

ASKS = """\
import json, os, urllib.request
assert "REPLICATE_BASE_URL" not in os.environ, os.environ["REPLICATE_BASE_URL"]
headers = {"Authorization": "Bearer " + os.environ.get("REPLICATE_API_TOKEN", ""),
           "Content-Type": "application/json"}
def ask(url, data=None):
    return urllib.request.urlopen(urllib.request.Request(url, data, headers)).read()
body = json.dumps({"input": {"prompt": "a lighthouse"}}).encode()
base = "https://api.replicate.com/v1"
made = json.loads(ask(base + "/models/black-forest-labs/flux-schnell/predictions", body))
while made["status"] in ("starting", "processing"):
    made = json.loads(ask(made["urls"]["get"]))
made["files"] = [ask(url)[:4].hex() for url in made["output"] if url.startswith("https:")]
open("seen", "w").write(json.dumps(made))
"""
GETS = """\
import urllib.request
urllib.request.urlopen("https://HOST/x").read()
"""
LISTENS = """\
import http.server, json, os, urllib.request
came = []
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        came.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()
receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
hook = f"http://127.0.0.1:{receiver.server_port}/hook"
told = {"webhook": hook, "webhook_events_filter": ["completed"], "input": {"prompt": "a ship"}}
urllib.request.urlopen(urllib.request.Request(
    "https://api.replicate.com/v1/models/black-forest-labs/flux-schnell/predictions",
    json.dumps(told).encode(),
    {"Authorization": "Bearer " + os.environ["REPLICATE_API_TOKEN"],
     "Content-Type": "application/json"}))
receiver.handle_request()
open("seen", "w").write(json.dumps({**json.loads(came[0]), "hook": hook}))
"""
KEEPS = """\
import os, pathlib
trusted = pathlib.Path(os.environ["SSL_CERT_FILE"]).parent
data = [(one.name, one.read_text()) for one in trusted.iterdir()]
pathlib.Path("seen").write_text(repr(data))
"""


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment, as users have it, and no address."""
    for name in [name for name in os.environ if name.startswith("REPLICATE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REPLICATE_API_TOKEN", TOKEN)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def reality(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real hosts, as this process meets them: behind a proxy, and a fake."""
    with intercepting(Fake(QUICK)) as proxy:
        led_to(proxy, monkeypatch)
        yield


def led_to(proxy: Interception, patch: pytest.MonkeyPatch) -> None:
    """Let this process find the variables that lead programs to `proxy`."""
    for name, value in proxy.environment.items():
        patch.setenv(name, value)


def recorded(command: Command, *more: str, program: str = ASKS) -> Result:
    """What `record --intercept` says of one run of the program."""
    ran = ("--", sys.executable, "-c", program)
    return command("record", "calls.json", "--port", "0", "--intercept", *more, *ran)


def replayed(command: Command, program: str = ASKS) -> Result:
    """What `replay --intercept` says of one run of the program."""
    ran = ("--", sys.executable, "-c", program)
    return command("replay", "calls.json", "--port", "0", "--intercept", *ran)


def seen(folder: Path) -> dict[str, object]:
    """What the program has seen."""
    found: dict[str, object] = json.loads((folder / "seen").read_text(encoding="utf-8"))
    return found


@pytest.mark.usefixtures("reality")
def test_each_host_is_asked_itself(command: Command, folder: Path) -> None:
    """Its answer is the genuine one, and on the cassette it is whom the program called."""
    told = recorded(command)
    assert told.exit_code == 0, told.stderr
    assert "records https://api.replicate.com/v1 into calls.json" in told.stderr
    made = seen(folder)
    urls, files = made["urls"], made["files"]
    assert isinstance(urls, dict)
    assert urls["get"] == f"https://api.replicate.com/v1/predictions/{made['id']}"
    assert files == [b"RIFF".hex()]
    asked = {one.request.url[:26] for one in load(folder / "calls.json").recorded}
    assert asked == {"https://api.replicate.com/", "https://replicate.delivery"}


@pytest.mark.usefixtures("reality")
def test_the_program_sees_the_same_again(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte, every address: nothing is led anywhere but by the proxy."""
    recorded(command)
    first = seen(folder)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    told = replayed(command)
    assert told.exit_code == 0, told.stderr
    assert seen(folder) == first


def test_the_fake_is_recorded_in_their_place(command: Command, folder: Path) -> None:
    """Under `exec --intercept`, a recorder is a program whose hosts are hard-coded itself."""
    ours = (sys.executable, "-m", "mockserver")
    record = (*ours, "record", "calls.json", "--port", "0", "--intercept")
    fake = ("exec", "--intercept", "--clock", "scaled:50")
    told = command(*fake, "--", *record, "--", sys.executable, "-c", ASKS)
    assert told.exit_code == 0, told.stderr
    first = seen(folder)
    assert replayed(command).exit_code == 0
    assert seen(folder) == first


def test_upstream_says_where_the_gateways_own_host_is(command: Command, folder: Path) -> None:
    """The cassette has its real address; the program is led back to the one it called."""
    with serve(QUICK) as upstream:
        told = recorded(command, "--upstream", upstream.base_url)
        there = upstream.url
    assert told.exit_code == 0, told.stderr
    first = seen(folder)
    urls = first["urls"]
    assert isinstance(urls, dict)
    assert urls["get"] == f"https://api.replicate.com/v1/predictions/{first['id']}"
    asked = load(folder / "calls.json").recorded
    assert all(one.request.url.startswith(there) for one in asked)
    told = replayed(command)
    assert told.exit_code == 0, told.stderr
    assert seen(folder) == first


def test_webhooks_of_such_an_upstream_come_by(command: Command, folder: Path) -> None:
    """It reaches the recorder, which tells the program; and the program is told on replay."""
    with serve(QUICK) as upstream:
        told = recorded(command, "--upstream", upstream.base_url, program=LISTENS)
    assert told.exit_code == 0, told.stderr
    first = seen(folder)
    assert first["status"] == "succeeded"
    assert [one.request.url for one in load(folder / "calls.json").hooks] == [first["hook"]]
    assert replayed(command, program=LISTENS).exit_code == 0
    assert seen(folder)["output"] == first["output"]


@pytest.mark.usefixtures("reality")
def test_no_secret_is_on_the_disk_nor_the_key_of_the_authority(
    command: Command, folder: Path
) -> None:
    """What the program trusts is a certificate alone; a canary stops the writing: exit code 4."""
    told = recorded(command, program=f"{ASKS}\n{KEEPS.replace('seen', 'trusted')}")
    assert told.exit_code == 0, told.stderr
    trusted = (folder / "trusted").read_text(encoding="utf-8")
    assert "BEGIN CERTIFICATE" in trusted
    for path in folder.iterdir():
        data = path.read_bytes()
        assert (path.name, TOKEN.encode() in data) == (path.name, False)
        assert (path.name, b"PRIVATE KEY" in data) == (path.name, False)
    before = (folder / "calls.json").read_bytes()
    told = recorded(command, "--mode", "rewrite", "--canary", "a lighthouse")
    assert told.exit_code == 4
    assert (folder / "calls.json").read_bytes() == before


@pytest.mark.parametrize("sub", [recorded, replayed])
@pytest.mark.usefixtures("reality")
def test_whoever_is_not_the_gateways_is_not_reached(
    command: Command, sub: Callable[..., Result]
) -> None:
    """Another gateway neither: a cassette is of one. The exit code stays the program's."""
    recorded(command)
    for host in ("elsewhere.test", "aiapi.winfull.top"):
        program = GETS.replace("HOST", host)
        told = sub(command, program=program)
        assert told.exit_code == 1
        said = f"mockserver: {host} is not intercepted: nothing was sent there"
        assert said in told.stderr.splitlines()


@pytest.mark.usefixtures("reality")
def test_what_is_not_on_the_cassette_is_told(command: Command) -> None:
    """Exit code 1, also where the program makes nothing of the refusal."""
    recorded(command)
    other = ASKS.replace("a lighthouse", "a ship")
    told = replayed(command, program=f"try:\n  exec({other!r})\nexcept OSError:\n  pass")
    assert told.exit_code == 1
    assert "/input/prompt: recorded 'a lighthouse', asked 'a ship'" in told.stderr


@pytest.mark.usefixtures("reality")
def test_what_is_new_is_recorded_behind_what_is_played(command: Command, folder: Path) -> None:
    """The modes are those of `record` without a proxy."""
    recorded(command)
    first = seen(folder)
    both = f"{ASKS}\nos.replace('seen', 'again')\n{ASKS.replace('a lighthouse', 'a ship')}"
    told = recorded(command, "--mode", "new_episodes", program=both)
    assert told.exit_code == 0, told.stderr
    assert json.loads((folder / "again").read_text(encoding="utf-8")) == first
    assert len(load(folder / "calls.json").jobs) == 2


@pytest.mark.parametrize(
    "named",
    [
        ("--intercept-host", "*.files.example"),
        ("--upstream", "https://a.files.example/replicate/v1", "--gateway", "new-api"),
    ],
)
def test_another_host_can_be_named(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...]
) -> None:
    """One that no profile knows, of files or of a gateway; it is recorded and played as others."""

    def files(request: Request) -> Reply:
        return Reply(200, (("content-type", "text/plain"),), request.hostname.encode())

    program = GETS.replace("HOST", "a.files.example")
    with intercepting({"a.files.example": files}) as proxy:
        led_to(proxy, monkeypatch)
        told = recorded(command, *named, program=program)
    assert told.exit_code == 0, told.stderr
    (one,) = load(folder / "calls.json").recorded
    assert one.request.url == "https://a.files.example/x"
    assert one.seen.response_body == b"a.files.example"
    told = replayed(command, program=program)
    assert told.exit_code == 0, told.stderr


@pytest.mark.parametrize("host", ["https://files.example", "Files.example", "files.example:8443"])
def test_a_host_that_is_none_is_told(command: Command, host: str) -> None:
    """Before anything listens."""
    told = recorded(command, "--intercept-host", host)
    assert told.exit_code == 2
    assert "--intercept-host: expected a host in lower case" in told.stderr


@pytest.mark.usefixtures("reality")
def test_what_is_served_tells_what_programs_need(command: Command, folder: Path) -> None:
    """As one document for programs, as lines to paste for people."""
    recorded(command)
    first = seen(folder)
    words = ("replay", "calls.json", "--port", "0", "--intercept", "--json")
    with subprocess.Popen(
        [sys.executable, "-m", "mockserver", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as served:
        assert served.stdout is not None
        told = json.loads(served.stdout.readline())
        environ = {**os.environ, **told["environment"]}
        subprocess.run([sys.executable, "-c", ASKS], env=environ, check=True)
        served.send_signal(signal.SIGTERM)
        _, said = served.communicate(timeout=20)
    assert served.returncode == 0
    assert seen(folder) == first
    assert f"export HTTPS_PROXY={told['proxy']}" in said
