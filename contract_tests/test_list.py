"""GET /predictions: pages of 100, or of as many as the profile says, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from mockserver.contract import rules
from mockserver.contract.provider import Provider, look
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway
from mockserver.library.manners import Paging

from .fake import Accounts
from .samples import begin, body, neighbours


def page_size(profile: Gateway) -> int:
    """How many predictions a page has where nobody says how many."""
    return profile.paging.default if profile.paging else 100


def test_a_new_account_has_an_empty_list(provider: Provider) -> None:
    """It has one page, without neighbours."""
    page = provider.ask("GET", "/predictions")
    expected: object = {"next": None, "previous": None, "results": []}
    found = rules.LIST_NEWEST_FIRST.equal("", expected=expected, seen=body(page), exchange=page)
    assert found == []


def test_the_newest_comes_first(provider: Provider) -> None:
    """The last prediction created is the first one listed."""
    made = [begin(provider) for _ in range(3)]
    page = provider.ask("GET", "/predictions")
    found = rules.LIST_NEWEST_FIRST.equal(
        "/results", expected=made[::-1], seen=_ids(page), exchange=page
    )
    assert found == []


def test_the_pages_hold_every_prediction_once(provider: Provider) -> None:
    """Following `next` to the end finds all of them, 100 to a page."""
    size = page_size(provider.profile)
    made = [begin(provider) for _ in range(2 * size + 1)][::-1]
    pages = list(_following(provider, "next"))
    expected = [made[:size], made[size:-1], made[-1:]]
    seen = [_ids(page) for page in pages]
    found = rules.LIST_NEWEST_FIRST.equal("/results", expected=expected, seen=seen)
    assert found == []


def test_previous_leads_back(provider: Provider) -> None:
    """From the last page `previous` leads to the first one, by the same pages."""
    neighbours(provider.profile)
    for _ in range(2 * page_size(provider.profile)):
        begin(provider)
    first, last = _following(provider, "next")
    back = provider.ask("GET", body(last)["previous"])
    seen = (_ids(back), body(back)["previous"], body(first)["previous"])
    expected: object = (_ids(first), None, None)
    found = rules.NEIGHBOURS_LEAD_BACK.equal(
        "/previous", expected=expected, seen=seen, exchange=last
    )
    assert found == []


def test_what_is_created_meanwhile_moves_no_page(provider: Provider) -> None:
    """A page that was named stays the page it was."""
    if provider.profile.paging:
        pytest.skip(f"{provider.profile.title} counts from the newest, so every page moves")
    for _ in range(page_size(provider.profile) + 1):
        begin(provider)
    page = body(provider.ask("GET", "/predictions"))["next"]
    before = _ids(provider.ask("GET", page))
    begin(provider)
    after = provider.ask("GET", page)
    found = rules.LIST_NEWEST_FIRST.equal(
        "/results", expected=before, seen=_ids(after), exchange=after
    )
    assert found == []


def test_an_account_sees_its_own_only(accounts: Accounts, profile: Gateway) -> None:
    """What one account made, another can neither list nor look at."""
    mine, theirs = accounts.open(profile), accounts.open(profile)
    made = begin(mine)
    looked, listed = look(theirs, made), theirs.ask("GET", "/predictions")
    expected: object = (profile.errors.kinds["not_found"].status, [])
    seen = (looked.status, _ids(listed))
    assert rules.ACCOUNTS_ISOLATED.equal("", expected=expected, seen=seen, exchange=looked) == []


def _ids(page: Interaction) -> list[str]:
    return [one["id"] for one in body(page)["results"]]


def _following(provider: Provider, direction: str) -> Iterator[Interaction]:
    """The first page, and all that `direction` leads to; or by number, where none is told."""
    paging = provider.profile.paging
    if paging and not paging.told(direction):
        yield from _counted(provider, paging)
        return
    address: str | None = "/predictions"
    while address:
        page = provider.ask("GET", address)
        yield page
        address = body(page)[direction]


def _counted(provider: Provider, paging: Paging) -> Iterator[Interaction]:
    """The pages by their numbers, up to the first that is not full."""
    for number in count(paging.least):
        page = provider.ask("GET", f"/predictions?{paging.at}={number}")
        yield page
        if len(_ids(page)) < paging.default:
            return
