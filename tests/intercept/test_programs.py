"""Published programs and clients run behind the proxy as they are, and meet nobody else."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.intercept.proxy import Interception
    from tests.intercept.conftest import Run

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

MODEL = "black-forest-labs/flux-kontext-pro"
NO_PROXIES = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), "")

AUDIT = """\
import atexit, sys
met = set()
def note(event, its):
    if event == "socket.connect" and isinstance(its[1], tuple):
        met.add(its[1][0])
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and its[0][-1:].isalpha():
        met.add(its[0])
sys.addaudithook(note)
atexit.register(lambda: print("met", *sorted(str(one) for one in met)))
"""
"""What names a program looks up and what it dials, as the interpreter itself tells."""

ASKS = """\
import CLIENT as client
root = "https://api.replicate.com/v1/"
headers = {"Authorization": "Bearer a-token"}
order = {"input": {"prompt": "a lighthouse"}}
made = client.post(root + "models/MODEL/predictions", json=order, headers=headers).json()
while not made.get("completed_at"):
    made = client.get(made["urls"]["get"], headers=headers).json()
print(made["output"][:28], client.get(made["output"]).content[1:4])
for url in ("https://api.openai.com/v1/models", "https://10.0.0.1/"):
    try:
        client.get(url)
    except Exception as refused:
        print("nothing was sent there" in str(refused))
""".replace("MODEL", MODEL)

RUN = """\
import replicate
made = replicate.run("MODEL", input={"prompt": "a lighthouse"}, wait=False)
print(made.url[:28], made.read()[1:4])
""".replace("MODEL", MODEL)

ASYNC = """\
import asyncio, replicate
async def main():
    made = await replicate.async_run("MODEL", input={"prompt": "a lighthouse"}, wait=False)
    print(made.url[:28], (await made.aread())[1:4])
asyncio.run(main())
""".replace("MODEL", MODEL)

PICTURE = "https://replicate.delivery/x b'PNG'\n"


@pytest.mark.slow
@pytest.mark.parametrize("library", ["httpx", "requests"])
def test_clients_that_obey_the_variables_need_no_change(python: Run, library: str) -> None:
    """They resolve and dial nothing but the proxy."""
    said = python(AUDIT + ASKS.replace("CLIENT", library))
    assert said == f"{PICTURE}True\nTrue\nmet 127.0.0.1\n"


@pytest.mark.slow
@pytest.mark.parametrize("library", ["httpx", "requests"])
def test_clients_that_obey_no_variable_need_none(python: Run, library: str) -> None:
    """They are led by what Python loads first, and meet nobody but this machine."""
    said = python(AUDIT + ASKS.replace("CLIENT", library), **NO_PROXIES)
    told, _, met = said.rpartition("met ")
    assert told == f"{PICTURE}True\nTrue\n"
    assert [one for one in met.split() if not one.startswith("127.")] == []


@pytest.mark.slow
@pytest.mark.parametrize("program", [RUN, ASYNC], ids=["sync", "async"])
def test_the_official_client_needs_no_change(python: Run, program: str) -> None:
    """replicate 1.0.7 with its own base URL; it obeys no proxy variable."""
    told, _, met = python(AUDIT + program).rpartition("met ")
    assert told == PICTURE
    assert [one for one in met.split() if not one.startswith("127.")] == []


@needs_curl
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_curl_needs_no_change(run: Run, scheme: str) -> None:
    """By its variables, with and without TLS."""
    address = f"{scheme}://api.replicate.com/v1/openapi.json"
    assert run("curl", "--silent", "--fail", address).startswith("{")


@needs_curl
def test_curl_meets_nobody_else(run: Run, proxy: Interception) -> None:
    """Its exit code is that of a refused tunnel; a socket that it was to meet stays unmet."""
    with socket.create_server(("127.0.0.2", 0)) as elsewhere:
        address = f"https://127.0.0.2:{elsewhere.getsockname()[1]}/"
        assert run("sh", "-c", f"curl --silent {address}; echo $?") == "56\n"
        elsewhere.settimeout(0)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert proxy.turned[0].status == 403


def test_one_authority_is_trusted(run: Run) -> None:
    """Ours, in the bundle of every client."""
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    counts = "; ".join(f'grep -c "BEGIN CERT" "${name}"' for name in names)
    assert run("sh", "-c", counts) == "1\n" * len(names)


@pytest.mark.slow
def test_a_program_that_is_led_nowhere_else_trusts_nobody_else(python: Run) -> None:
    """What Python trusts by default is our authority alone."""
    program = """\
import ssl
context = ssl.create_default_context()
print(*(one["issuer"][0][0][1] for one in context.get_ca_certs()))
print(len(__import__("os").listdir(ssl.get_default_verify_paths().capath)))
"""
    assert python(program) == "mockserver, for tests only\n1\n"
