"""Limits: who asks too often, or has no credit, is told so, and when to come back."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.looks import header
from mockserver.contract.provider import Provider, create
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway

from .fake import Accounts
from .samples import INPUT, PRO, body


def once_too_often(provider: Provider) -> Interaction:
    """The answer to the second create call at once of an account that may make one."""
    create(provider, PRO, INPUT)
    return create(provider, PRO, INPUT)


@pytest.mark.parametrize(
    ("account", "kind"),
    [("r8_lowcredit", "throttled_reduced"), ("r8_nopayment", "throttled_unpaid")],
)
def test_who_asks_too_often_is_refused(
    accounts: Accounts, profile: Gateway, account: str, kind: str
) -> None:
    """With the status of the profile, and nothing is created."""
    provider = accounts.open(profile, account)
    refused = once_too_often(provider)
    listed = body(provider.ask("GET", "/predictions"))["results"]
    expected = (profile.errors.kinds[kind].status, False, 1)
    seen = (refused.status, "id" in body(refused), len(listed))
    found = rules.REFUSED_AS_PROFILED.equal("", expected=expected, seen=seen, exchange=refused)
    assert found == []


def test_who_comes_back_in_time_is_let_in(accounts: Accounts, profile: Gateway) -> None:
    """After as many seconds as Retry-After says; a second before, it is refused again."""
    provider = accounts.open(profile, "r8_lowcredit")
    told = header(once_too_often(provider), "retry-after")
    if not told:
        pytest.skip(f"{profile.title} does not tell when to come back")
    assert provider.control is not None
    provider.control.advance(int(told) - 1)
    early = create(provider, PRO, INPUT)
    provider.control.advance(1)
    later = create(provider, PRO, INPUT)
    refused = profile.errors.kinds["throttled_reduced"].status
    expected = (refused, profile.create.status)
    seen = (early.status, later.status)
    found = rules.REFUSED_AS_PROFILED.equal("", expected=expected, seen=seen, exchange=later)
    assert found == []


def test_who_has_no_credit_creates_nothing(accounts: Accounts, profile: Gateway) -> None:
    """And may still look at what there is."""
    provider = accounts.open(profile, "r8_nocredit")
    refused = create(provider, PRO, INPUT)
    listed = provider.ask("GET", "/predictions")
    expected = (profile.errors.kinds["insufficient_credit"].status, 0)
    seen = (refused.status, len(body(listed)["results"]))
    found = rules.REFUSED_AS_PROFILED.equal("", expected=expected, seen=seen, exchange=refused)
    assert found == []
