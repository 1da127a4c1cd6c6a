"""The variables that lead a program to the proxy, whatever was set before."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mockserver.intercept.environment import LOOPBACK, environment


AUTHORITY = Path("folder", "ca.pem")


def given(**before: str) -> dict[str, str]:
    """What is set for a program that finds `before` besides."""
    return environment(("api.test", "*.files.test"), 4011, 4012, AUTHORITY, before)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
def test_every_scheme_is_asked_of_the_proxy(name: str) -> None:
    """In both spellings, whatever proxy there was."""
    seen = given(**{name: "socks5://elsewhere.test", name.lower(): "http://elsewhere.test"})
    assert seen[name] == seen[name.lower()] == "http://127.0.0.1:4011"


def test_only_this_machine_is_excepted() -> None:
    """What was excepted before would be a way out."""
    seen = given(NO_PROXY="api.test,*", no_proxy="*")
    assert seen["NO_PROXY"] == seen["no_proxy"] == LOOPBACK == "127.0.0.1,localhost,::1"


def test_every_client_trusts_our_authority_alone() -> None:
    """No bundle holds another, and the folder of more holds nothing else."""
    seen = given(SSL_CERT_FILE="bundle.pem", SSL_CERT_DIR="certificates")
    bundles = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    assert {seen[name] for name in bundles} == {str(AUTHORITY)}
    assert seen["SSL_CERT_DIR"] == "folder"


def test_what_is_loaded_first_finds_the_proxy() -> None:
    """Hosts, and where their ports lead."""
    told = json.loads(given()["MOCKSERVER_INTERCEPTION"])
    assert told == {"hosts": ["api.test", "*.files.test"], "ports": {"443": 4012, "80": 4011}}


def test_what_was_loaded_before_still_is() -> None:
    """Ours comes first in PYTHONPATH, and last among the options of Node."""
    alone, seen = given(), given(PYTHONPATH="mine", NODE_OPTIONS="--no-warnings")
    folder = Path(alone["PYTHONPATH"])
    assert (folder / "sitecustomize.py").is_file()
    assert seen["PYTHONPATH"] == f"{folder}{os.pathsep}mine"
    assert alone["NODE_OPTIONS"] == f'--require "{folder / "node.cjs"}"'
    assert seen["NODE_OPTIONS"] == f"--no-warnings {alone['NODE_OPTIONS']}"


def test_it_can_be_taken_twice() -> None:
    """A program that is led already may lead its own."""
    once = given()
    twice = environment(("b.test",), 1, 2, AUTHORITY, once)
    assert json.loads(twice["MOCKSERVER_INTERCEPTION"])["hosts"] == ["b.test"]
    assert twice["HTTPS_PROXY"] == "http://127.0.0.1:1"
