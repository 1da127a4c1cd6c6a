"""`faults`, and `--fault` where a fake is started."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mockserver.cli.fault_options import asked_faults
from mockserver.library.faults import catalogue


CREATES = """\
import os, sys, urllib.error, urllib.request
url = os.environ["REPLICATE_BASE_URL"] + "/models/black-forest-labs/flux-schnell/predictions"
headers = {"Authorization": "Bearer x", "Content-Type": "application/json", **dict([sys.argv[1:]])}
asked = urllib.request.Request(url, b'{"input": {"prompt": "a hat"}}', headers)
try:
    seen = urllib.request.urlopen(asked).status
except urllib.error.HTTPError as refused:
    seen = refused.code
open("seen", "w").write(str(seen))
"""


def test_a_person_gets_a_table(command: Callable[..., Result]) -> None:
    """Each fault in one line, its name first."""
    rows = command("faults").stdout.splitlines()
    assert rows[0].split(None, 1)[0] == "FAULT"
    assert set(catalogue.kinds()) <= {row.split(";")[0].split()[0] for row in rows[1:]}


def test_a_family_is_a_shorter_table(command: Callable[..., Result]) -> None:
    """By its name, with or without what stands for all of it."""
    told = command("faults", "gw").stdout
    assert told == command("faults", "gw.*").stdout
    assert {row.split(".")[0] for row in told.splitlines()[1:]} == {"gw"}


def test_one_fault_is_told_whole(command: Callable[..., Result]) -> None:
    """What it is, where it strikes, what can be said of it."""
    told = command("faults", "gw.quota_exhausted").stdout
    assert "strikes   create, before the request took effect" in told
    assert "status    403, 429 (default: 403)" in told
    assert "tests     K10" in told


def test_the_names_of_other_tools_are_understood(command: Callable[..., Result]) -> None:
    """WireMock's and Toxiproxy's, whatever their case."""
    told = command("faults", "CONNECTION_RESET_BY_PEER").stdout
    assert told.startswith("net.reset_before\n")


def test_programs_get_json(command: Callable[..., Result]) -> None:
    """One document, an object for each fault."""
    told = json.loads(command("faults", "gw.create_200", "--json").stdout)
    assert [(one["name"], one["on"]) for one in told] == [("gw.create_200", ["create"])]


def test_an_unknown_name_ends_with_2(command: Callable[..., Result]) -> None:
    """And the nearest known one."""
    seen = command("faults", "gw.create_20")
    assert seen.exit_code == 2
    assert "Did you mean 'gw.create_200'?" in seen.output


@pytest.mark.parametrize(
    ("options", "header", "status"),
    [
        ((), (), "201"),
        (("--fault", "gw.create_200"), (), "200"),
        (("--fault", "gw.no_channel;times=1", "--fault", "gw.create_200"), (), "503"),
        ((), ("X-Mock-Fault", "gw.create_200"), "200"),
        (("--asked-faults", "off"), ("X-Mock-Fault", "gw.create_200"), "201"),
    ],
)
def test_a_fake_is_started_with_faults(
    command: Callable[..., Result],
    folder: Path,
    options: tuple[str, ...],
    header: tuple[str, ...],
    status: str,
) -> None:
    """By a flag, which may be given again; and requests may ask for them unless told otherwise."""
    sent = header or ("Accept", "*/*")
    seen = command("exec", *options, "--", sys.executable, "-c", CREATES, *sent)
    assert (seen.exit_code, (folder / "seen").read_text()) == (0, status)


def test_an_unknown_fault_ends_the_start(command: Callable[..., Result]) -> None:
    """Before anything listens."""
    seen = command("exec", "--fault", "gw.nothing", "--", sys.executable, "-c", CREATES)
    assert seen.exit_code == 2
    assert "no fault is named 'gw.nothing'" in seen.output


@pytest.mark.parametrize(
    ("word", "host", "heard"),
    [
        ("auto", "127.0.0.1", True),
        ("auto", "localhost", True),
        ("auto", "::1", True),
        ("auto", "::", False),
        ("auto", "192.0.2.7", False),
        ("on", "::", True),
        ("off", "127.0.0.1", False),
    ],
)
def test_strangers_ask_for_no_faults(word: str, host: str, heard: bool) -> None:  # noqa: FBT001 - a column
    """By default requests may ask where only this machine can send them."""
    assert asked_faults(word, host) is heard
