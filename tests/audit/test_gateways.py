"""A client is judged alike, whatever its gateway calls things and wherever its paths lead."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest

from mockserver.audit.api import Api
from mockserver.audit.inprocess import Client, Trial, audited
from mockserver.contract.consumer.cases import LIVES, cases
from mockserver.contract.consumer.result import Result
from mockserver.library.catalogue import Catalogue


Given = Any

LIKE_UPSTREAM: Final = [one.name for one in Catalogue().gateways() if not one.wrapped]


class Refused(Exception):
    """What the clients of this page raise."""


def opened(api: Api) -> httpx.Client:
    """An HTTP client that signs whatever it asks."""
    return httpx.Client(headers={"Authorization": f"Bearer {api.token}"})


def told(answer: httpx.Response) -> dict[str, Any]:
    """The prediction in an envelope. Raises `Refused`."""
    if answer.status_code != 200:
        raise Refused(answer.status_code, answer.text)
    return dict(answer.json()["data"])


def created(http: httpx.Client, api: Api, model: str, given: Given) -> dict[str, Any]:
    """A new prediction, by a flat body."""
    return told(http.post(f"{api.base_url}/{model}", json=dict(given)))


def ended(http: httpx.Client, made: dict[str, Any]) -> list[bytes]:
    """What is made of it in the end, without the token. Raises `Refused`."""
    seen = made
    while seen["status"] in ("created", "processing"):
        time.sleep(1)  # noqa: TID251 - virtual time
        seen = told(http.get(made["urls"]["get"]))
    if seen["status"] != "completed":
        raise Refused(seen["status"], seen["error"])
    return [httpx.get(address).content for address in seen["outputs"]]


def of_wavespeed(api: Api, model: str, given: Given) -> list[bytes]:
    """Speaks WaveSpeedAI's own API, and nothing of upstream's."""
    with opened(api) as http:
        return ended(http, created(http, api, model, given))


def twice(api: Api, model: str, given: Given) -> list[bytes]:
    """The same, and creates once more where the answer is lost."""
    with opened(api) as http:
        try:
            made = created(http, api, model, given)
        except httpx.TransportError:
            made = created(http, api, model, given)
        return ended(http, made)


def ended_early(api: Api, model: str, given: Given) -> list[bytes]:
    """The same, and takes the answer to its create call for the end."""
    with opened(api) as http:
        made = created(http, api, model, given)
        return [httpx.get(one).content for one in made.get("outputs") or ()]


def results(trial: Trial, client: Client, *suites: str) -> list[Result]:
    """What the cases come to for a client of WaveSpeedAI."""
    tried = replace(trial, client=client, gateway="wavespeed", errors=(Refused, httpx.HTTPError))
    return [audited(tried, case) for case in cases(suites)]


def codes(found: list[Result]) -> set[str]:
    """The codes of all that was found."""
    return {one.code for result in found for one in result.findings}


@pytest.mark.parametrize("gateway", LIKE_UPSTREAM)
def test_the_reference_client_is_good_at_every_gateway_like_upstream(
    trial: Trial, gateway: str
) -> None:
    """Its base URL and its token are all that changes."""
    tried = replace(trial, gateway=gateway)
    assert codes([audited(tried, case) for case in cases((LIVES, "smoke"))]) == set()


def test_a_client_of_another_api_is_seen_as_what_it_is(trial: Trial) -> None:
    """What it asks is known by the paths of its gateway, and what it was told by its names."""
    (result,) = results(trial, of_wavespeed, "happy")
    assert result.findings == ()
    assert result.conduct is not None
    first, *looks = [call for call in result.conduct.calls if call.operation != "output"]
    assert (first.operation, first.told.status) == ("create", "starting")
    assert {call.operation for call in looks} == {"get"}
    assert looks[-1].told.ended
    assert result.conduct.outputs == 2


@pytest.mark.parametrize(
    ("client", "case", "code"),
    [(twice, "net.reset_before;on=create;phase=after", "C101"), (ended_early, "happy", "C107")],
)
def test_its_bugs_are_found_as_anywhere(
    trial: Trial, client: Client, case: str, code: str
) -> None:
    """By the same codes."""
    assert code in codes(results(trial, client, case))
    assert codes(results(trial, of_wavespeed, case)) == set()
