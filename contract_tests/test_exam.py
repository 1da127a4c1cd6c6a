"""The exam of `mockserver check`, for every provider there is: our fakes, recordings, one alive.

A recording is a file that `mockserver check --evidence FILE` wrote: name a folder of them with
MOCKSERVER_CHECK_EVIDENCE. A gateway that is alive is named by MOCKSERVER_CHECK_URL,
MOCKSERVER_CHECK_GATEWAY and MOCKSERVER_CHECK_TOKEN; MOCKSERVER_CHECK_SPEND=yes lets it cost money.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mockserver import GatewayContract
from mockserver.contract.keeping import evidence_of
from mockserver.contract.run import CASES, judged
from mockserver.library.catalogue import Catalogue


CATALOGUE = Catalogue()


def recordings(folder: str) -> list[Path]:
    """The recordings of the folder that somebody named; one that holds none is a mistake."""
    found = sorted(Path(folder).glob("*.json")) if folder else []
    if folder and not found:
        raise ValueError(f"MOCKSERVER_CHECK_EVIDENCE: {folder!r} is no folder with *.json in it")
    return found


def fakes() -> dict[str, type[GatewayContract]]:
    """A class of tests for our fake of each gateway."""
    named = {
        name: f"TestFakeOf{name.title().replace('-', '')}" for name in CATALOGUE.gateway_names()
    }
    return {
        title: type(title, (GatewayContract,), {"gateway": name}) for name, title in named.items()
    }


globals().update(fakes())


@pytest.mark.skipif(not os.environ.get("MOCKSERVER_CHECK_URL"), reason="no MOCKSERVER_CHECK_URL")
class TestAlive(GatewayContract):
    """The gateway that the environment names."""

    base_url = os.environ.get("MOCKSERVER_CHECK_URL", "")
    gateway = os.environ.get("MOCKSERVER_CHECK_GATEWAY", "replicate")
    token = os.environ.get("MOCKSERVER_CHECK_TOKEN", "a-token")
    may_spend = os.environ.get("MOCKSERVER_CHECK_SPEND") == "yes"


@pytest.mark.parametrize(
    "recording",
    recordings(os.environ.get("MOCKSERVER_CHECK_EVIDENCE", "")),
    ids=lambda path: path.stem,
)
def test_recordings_keep_the_contract(recording: Path) -> None:
    """What was seen of a gateway once is judged by the rules of today."""
    results = [
        judged(name, it) for name, it in evidence_of(recording.read_bytes(), CATALOGUE).items()
    ]
    assert {result.case.name for result in results} <= {case.name for case in CASES}
    assert [finding for result in results for finding in result.findings] == []
