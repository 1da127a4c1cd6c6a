"""How a client in this process can end, and how that is told."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest

from mockserver.audit import virtual
from mockserver.audit.api import Api
from mockserver.audit.inprocess import Client, Trial, met
from mockserver.contract.consumer.cases import cases
from mockserver.contract.consumer.conduct import Conduct, How
from mockserver.contract.consumer.judge import findings


Given = Mapping[str, object]


def ran(trial: Trial, client: Client, case: str = "happy") -> Conduct:
    """What a client does in a case, all errors of its own that are not Python's."""
    (chosen,) = cases((case,))
    return met(replace(trial, client=client, errors=()), chosen)


def asked(api: Api, model: str, given: Given) -> httpx.Response:
    """A create call by an HTTP client that knows nothing of any transport."""
    headers = {"Authorization": f"Bearer {api.token}"}
    url = f"{api.base_url}/models/{model}/predictions"
    return httpx.post(url, json={"input": dict(given)}, headers=headers)


def test_an_async_client_that_waits_for_ever_hangs(trial: Trial) -> None:
    """It is ended, its loop is closed, and its missing deadline is found."""

    async def waits(api: Api, model: str, given: Given) -> None:
        """Sleeps again and again."""
        asked(api, model, given)
        for _ in range(10_000):
            await asyncio.sleep(60)

    seen = ran(trial, waits)
    assert seen.end.how is How.HUNG
    assert "C106" in {one.code for one in findings(seen)}


def test_a_client_that_waits_for_nothing_hangs(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no timer runs, no virtual time passes: real time ends it."""
    monkeypatch.setattr(virtual, "REAL_LIMIT_S", 0.2)

    async def waits(_api: Api, _model: str, _given: Given) -> None:
        """Waits for what never comes."""
        await asyncio.Event().wait()

    assert ran(trial, waits).end.how is How.HUNG


def test_a_client_that_never_pauses_hangs_as_well(trial: Trial) -> None:
    """Calls take time too, so that a loop without a pause comes to its end."""

    def hurries(api: Api, model: str, given: Given) -> None:
        url = asked(api, model, given).json()["urls"]["get"]
        with httpx.Client(headers={"Authorization": f"Bearer {api.token}"}) as http:
            while True:
                http.get(url)

    seen = met(replace(trial, client=hurries, deadline_s=1.0), cases(("stuck-starting",))[0])
    assert seen.end.how is How.HUNG
    assert len(seen.calls) > 1_000


def test_a_client_that_exits_has_raised(trial: Trial) -> None:
    """`sys.exit` ends the client, and not the tests."""
    end = ran(trial, lambda *_: sys.exit("no key")).end
    assert (end.how, end.error, end.own, end.said) == (
        How.RAISED,
        "SystemExit",
        False,
        "no key",
    )


def test_a_client_finds_its_variables_while_it_runs(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that official clients read; afterwards they are as before."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", "the user's own")
    seen: list[tuple[str, str]] = []

    def looks(api: Api, _model: str, _given: Given) -> None:
        seen.append((os.environ["REPLICATE_BASE_URL"], os.environ["REPLICATE_API_TOKEN"]))
        assert dict(api.env).items() <= dict(os.environ).items()

    conduct = ran(trial, looks)
    assert seen == [(conduct.base_url, conduct.token)]
    assert os.environ["REPLICATE_API_TOKEN"] == "the user's own"


def test_an_error_tells_all_that_it_holds(trial: Trial) -> None:
    """Its text, its attributes, and the text of a response among them."""

    def raises(api: Api, model: str, given: Given) -> None:
        asked(replace(api, token=""), model, given).raise_for_status()

    end = ran(trial, raises).end
    assert (end.error, end.own) == ("httpx.HTTPStatusError", True)
    assert "401" in end.said
    assert "authentication" in end.said
