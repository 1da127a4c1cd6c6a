"""A gateway that nobody here wrote: nginx, set up as somebody would who resells an API."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.contract import rules, rules_gateway
from mockserver.contract.finding import Finding


if TYPE_CHECKING:
    from mockserver.live import LiveServer
    from tests.contract.conftest import Examine, Keys

CONFIGURATION: Final = Path(__file__).with_name("nginx.conf")
NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
LOOKS: Final = 500
URLS: Final = ("cancel", "get", "stream", "web")

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed (Debian: nginx-light)"
)


@contextmanager
def running(folder: Path, port: int, lines: list[str], **settings: str) -> Iterator[str]:
    """The base URL of a gateway that nginx is, set up by these lines."""
    written, text = folder / "nginx.conf", "\n".join(lines)
    for name, value in {"folder": str(folder), "port": str(port), **settings}.items():
        text = text.replace(f"{{{name}}}", value)
    written.write_text(text, encoding="utf-8")
    words = [str(NGINX), "-p", str(folder), "-e", str(folder / "errors"), "-c", str(written)]
    with subprocess.Popen(words) as process:
        try:
            wait_for(process, port)
            yield f"http://127.0.0.1:{port}/replicate/v1"
        finally:
            process.terminate()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it listens."""
    for _ in range(LOOKS):
        assert process.poll() is None, "nginx did not start"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        Event().wait(0.01)
    raise AssertionError("nginx does not listen")


Found = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def finding(
    tmp_path_factory: pytest.TempPathFactory,
    upstream: LiveServer,
    both_ends: Examine,
    keys: Keys,
    free_port: Callable[[], int],
) -> Found:
    """What an exam of it finds that sees both ends; of these cases, without these settings."""
    told = {"clients_key": keys[0], "own_key": keys[1], "upstream": upstream.url}

    def run(*cases: str, without: tuple[str, ...] = ()) -> list[Finding]:
        text = CONFIGURATION.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.strip().startswith(without)]
        folder = tmp_path_factory.mktemp("nginx")
        with running(folder, free_port(), lines, **told) as url:
            results = both_ends(url, *cases)
        return [one for result in results for one in result.findings]

    return run


@pytest.fixture(scope="module")
def found(finding: Found) -> list[Finding]:
    """What a whole exam finds."""
    return finding(without=("#",))


def test_it_is_found_to_be_what_it_is_and_nothing_else(found: list[Finding]) -> None:
    """Bodies lead to upstream, Location does not, and failures are pages."""
    assert {(one.code, one.at) for one in found} == {
        (rules.URLS_USABLE.code, "/urls/get"),
        *((rules_gateway.UPSTREAM_UNSEEN.code, f"/urls/{name}") for name in URLS),
        (rules_gateway.UPSTREAM_UNSEEN.code, "/output/0"),
        (rules_gateway.REWRITTEN_ALL.code, "location"),
        (rules_gateway.FAILURE_IS_JSON.code, "content-type"),
    }


def test_its_page_is_told_with_its_status(found: list[Finding]) -> None:
    """A finding says what was seen: nginx answers for an upstream that broke the connection."""
    (page,) = {one.seen for one in found if one.code == rules_gateway.FAILURE_IS_JSON.code}
    assert page == "502 text/html"


def test_what_it_is_not_told_to_drop_reaches_upstream(finding: Found) -> None:
    """nginx hands on every header, the client's cookies among them."""
    careless = finding("carried", without=("proxy_set_header Cookie", "proxy_set_header X-Api"))
    leaks = {one.seen for one in careless if one.code == rules_gateway.KEY_STAYS_HERE.code}
    assert leaks == {"Cookie in cookie", "X-Api-Key in x-api-key"}
