"""A provider for each suite, judged once more when the test is over: every answer counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from mockserver.contract.finding import Finding, told
from mockserver.contract.provider import Control, Provider
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway

from .fake import Accounts, Judge


settings.register_profile(
    "contract", max_examples=50, derandomize=True, deadline=None, database=None
)
if settings.get_current_profile_name() == "default":
    # Nobody chose how hard to look: the same examples in every run, and nothing is written.
    settings.load_profile("contract")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The models, gateways and scenarios there are."""
    return Catalogue()


@pytest.fixture(scope="session")
def accounts(catalogue: Catalogue) -> Iterator[Accounts]:
    """Opens accounts at the one fake of this run."""
    accounts = Accounts(catalogue)
    yield accounts
    accounts.close()


@pytest.fixture(scope="session")
def judge(catalogue: Catalogue) -> Judge:
    """Judges everything that a provider said."""
    return Judge(catalogue)


@pytest.fixture(scope="session", params=Catalogue().gateway_names())
def profile(request: pytest.FixtureRequest, catalogue: Catalogue) -> Gateway:
    """Each gateway in turn."""
    return catalogue.gateway(request.param)


@pytest.fixture
def provider(accounts: Accounts, judge: Judge, profile: Gateway) -> Iterator[Provider]:
    """A new account; whatever a test looks at, the rules of life and form hold for all of it."""
    provider = accounts.open(profile)
    yield provider
    assert judge(provider) == []


@pytest.fixture
def control(provider: Provider) -> Control:
    """The hands on the provider's time; without them a test is skipped."""
    if provider.control is None:
        pytest.skip(f"{provider.profile.title} runs in its own time")
    return provider.control


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """`assert findings == []` tells each finding in full."""
    findings = [one for one in left if isinstance(one, Finding)] if isinstance(left, list) else []
    return told(findings) if op == "==" and right == [] and findings else None
