"""Addresses: everything that an answer links to can be followed."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.exam import origin
from mockserver.contract.looks import header
from mockserver.contract.probes.addresses import same_place
from mockserver.contract.provider import Control, Provider, create

from .samples import FILL, FILL_INPUT, INPUT, PRO, begin, body, neighbours, now


A_PAGE = 100


def test_the_addresses_of_the_api_are_of_the_gateway(provider: Provider) -> None:
    """Where the same token is of use, and not where upstream is."""
    asked = provider.exchanges
    told = now(provider, begin(provider)).get("urls", {})
    sent = asked[-1].request
    ours = f"{sent.scheme}://{sent.header('host')}"
    seen = {name: origin(told[name]) for name in ("get", "cancel") if name in told}
    expected = dict.fromkeys(seen, ours)
    found = rules.URLS_USABLE.equal("/urls", expected=expected, seen=seen, exchange=asked[-1])
    assert found == []


def test_location_and_urls_name_one_resource(provider: Provider) -> None:
    """Where a create call tells both."""
    made = create(provider, PRO, INPUT)
    location, address = header(made, "location"), body(made).get("urls", {}).get("get")
    if not (location and address):
        pytest.skip(f"{provider.profile.title} tells one of them at most")
    seen = same_place(location, address)
    found = rules.LOCATION_IS_GET.equal("location", expected=True, seen=seen, exchange=made)
    assert found == []


def test_outputs_need_no_token_and_stay_the_same(provider: Provider, control: Control) -> None:
    """They are shown in browsers, which have none, and asked for again."""
    made = create(provider, FILL, FILL_INPUT)
    control.advance(60)
    output = now(provider, body(made)["id"])["output"]
    twice = [
        [provider.ask("GET", address, headers={"Authorization": ""}) for address in output]
        for _ in range(2)
    ]
    first, again = ([(one.status, one.response_body) for one in answers] for answers in twice)
    assert rules.OUTPUT_IS_A_PICTURE.equal("/output", expected=first, seen=again) == []
    assert [status for status, _ in first] == [200] * len(output)


def test_the_next_page_is_where_the_first_one_was(provider: Provider) -> None:
    """`next` leads to the same origin and path, so that a token need not go elsewhere."""
    neighbours(provider.profile)
    for _ in range(A_PAGE + 1):
        begin(provider)
    page = provider.ask("GET", "/predictions")
    sent = page.request
    expected = f"{sent.scheme}://{sent.header('host')}{sent.path}"
    seen = str(body(page)["next"]).partition("?")[0]
    assert rules.URLS_USABLE.equal("/next", expected=expected, seen=seen, exchange=page) == []
