"""`--https`: a server that its clients can trust, and how they are told to."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import certifi
import httpx
import pytest
from click.testing import CliRunner, Result

from mockserver.cli import https
from mockserver.cli.https import Trust, names, trusted
from mockserver.cli.main import app
from mockserver.cli.output import Failure
from mockserver.library.catalogue import Catalogue
from mockserver.service.settings import Settings
from mockserver.web import tls


ASKS = """\
import os, urllib.request
root = os.environ["MOCKSERVER_URL"]
assert root.startswith("https://"), root
open("seen", "wb").write(urllib.request.urlopen(root + "/__mock__/health").read())
"""
VARIABLES = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"}


@pytest.fixture
def trust() -> Trust:
    """Files that somebody else has made."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return Trust(context, Path("ca.pem"), Path("bundle.pem"))


def test_a_program_under_exec_trusts_its_fake(
    command: Callable[..., Result], folder: Path
) -> None:
    """It needs no change: the variables it is given lead to the certificate."""
    seen = command("exec", "--https", "--", sys.executable, "-c", ASKS)
    assert seen.exit_code == 0, seen.stderr
    assert json.loads((folder / "seen").read_text()) == {"status": "ok"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_under_exec_trusts_it_too(command: Callable[..., Result]) -> None:
    """By CURL_CA_BUNDLE."""
    ask = 'curl --silent --fail --output seen "$MOCKSERVER_URL/__mock__/health"'
    assert command("exec", "--https", "--", "sh", "-c", ask).exit_code == 0


@pytest.mark.slow
def test_serve_tells_where_the_authority_lies() -> None:
    """In the machine line and in lines to paste; the file is there while the server is."""
    program = [sys.executable, "-m", "mockserver", "serve", "--https", "--port", "0", "--json"]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        trusting = ssl.create_default_context(cafile=told["ca"])
        status = httpx.get(f"{told['url']}/__mock__/health", verify=trusting).status_code
        server.terminate()
        _, banner = server.communicate(timeout=10)
    assert status == 200
    assert told["url"].startswith("https://")
    assert f"NODE_EXTRA_CA_CERTS={told['ca']}" in banner
    assert not Path(told["ca"]).exists()


def test_the_settings_file_says_it_with_true(folder: Path) -> None:
    """`https = true`; anything but true and false is refused."""
    (folder / "mockserver.toml").write_text("https = true\n")
    seen = CliRunner().invoke(app, ["exec", "--", sys.executable, "-c", ASKS])
    (folder / "mockserver.toml").write_text('https = "yes"\n')
    refused = CliRunner().invoke(app, ["exec", "--", "true"])
    assert seen.exit_code == 0, seen.stderr
    assert "https: expected true or false, seen 'yes'" in refused.stderr


def test_each_kind_of_program_finds_its_variable(trust: Trust) -> None:
    """Node adds to what it trusts; the others read one file, which holds it all."""
    assert trust.environment.keys() == VARIABLES
    assert trust.environment["NODE_EXTRA_CA_CERTS"] == "ca.pem"
    assert {trust.environment[name] for name in VARIABLES - {"NODE_EXTRA_CA_CERTS"}} == {
        "bundle.pem"
    }


def test_the_lines_to_paste_set_these_variables(trust: Trust) -> None:
    """One line for Python, one for Node, one for curl."""
    pasted = " ".join(trust.lines())
    assert all(f" {name}={value}" in pasted for name, value in trust.environment.items())
    assert "curl --cacert ca.pem" in pasted


@pytest.mark.parametrize("before", [{}, {"SSL_CERT_FILE": certifi.where()}])
def test_what_was_trusted_before_is_trusted_still(before: dict[str, str]) -> None:
    """The bundle ends with our authority; neither file is for other users, nor holds a key."""
    with trusted((), before) as trust:
        bundle, authority = trust.bundle.read_bytes(), trust.authority.read_bytes()
        modes = [path.stat().st_mode & 0o777 for path in (trust.bundle, trust.authority)]
        kept = os.listdir(trust.bundle.parent)  # noqa: PTH208 - names alone
    assert bundle == Path(certifi.where()).read_bytes() + b"\n" + authority
    assert b"PRIVATE KEY" not in bundle
    assert modes == [0o600, 0o600]
    assert sorted(kept) == ["bundle.pem", "ca.pem"]
    assert not trust.authority.exists()


def test_a_bundle_that_is_not_there_is_told() -> None:
    """The variable that names it is named."""
    with pytest.raises(Failure, match="SSL_CERT_FILE"), trusted((), {"SSL_CERT_FILE": "missing"}):
        pass


def test_a_missing_package_is_told_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, command: Callable[..., Result]
) -> None:
    """`--https` needs an extra: exit code 2, and the line that installs it."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    seen = command("exec", "--https", "--", "true")
    assert seen.exit_code == 2
    assert "pip install 'mockserver[https]'" in seen.stderr


def test_without_the_flag_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """No certificate, and no package is needed for one."""
    monkeypatch.delattr(tls, "throw_away")
    made = https.spoken(wanted=False, settings=Settings(), host="", data=Catalogue())
    with made as trust:
        assert trust is None


def test_it_answers_to_every_name_it_is_given() -> None:
    """Where it listens, how it is reached, who is let in, and whom it pretends to be."""
    settings = Settings(
        public_url="https://fake.test:8443/x", allowed_hosts=frozenset({"fake.internal"})
    )
    seen = set(names(settings, "fake.local", Catalogue()))
    expected = {"fake.local", "fake.test", "fake.internal", "api.replicate.com"}
    assert seen >= expected
