"""The fake as a provider: in this process, without a socket, its time in the suites' hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import httpx

from mockserver.contract.conformance import Conformance
from mockserver.contract.finding import Finding
from mockserver.contract.oracle import judged
from mockserver.contract.provider import HttpProvider, Provider
from mockserver.contract.reading import read
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.library.openapi import served_document
from mockserver.mount import FakeTransport
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


CONTROL_URL = "http://127.0.0.1/__mock__"


@dataclass(frozen=True, slots=True)
class FakeControl:
    """The control API of the fake, for one account."""

    client: httpx.Client
    token: str

    def advance(self, seconds: float) -> None:
        """Move the time of the account on."""
        self.client.put(
            f"{CONTROL_URL}/clock",
            json={"action": "advance", "seconds": seconds},
            headers={"Authorization": f"Bearer {self.token}"},
        ).raise_for_status()

    def choosing(self, scenario: str) -> Mapping[str, str]:
        """The headers that make a create call begin `scenario`."""
        return {"X-Mock-Scenario": scenario}


class Accounts:
    """Opens accounts at one fake: each is a provider of its own, spoken to as the documents do."""

    def __init__(self, catalogue: Catalogue) -> None:
        front = Front(Fake(Settings(clock="manual"), catalogue))
        self._client = httpx.Client(transport=FakeTransport(front))
        self._numbers = count(1)

    def open(self, profile: Gateway, kind: str = "contract") -> HttpProvider:
        """A new account at the gateway `profile`, under the gateway's own host.

        `kind` begins its token: some beginnings stand for accounts in need.
        """
        token = f"{kind}-{next(self._numbers)}"
        return HttpProvider(
            profile=profile,
            base_url=f"https://{profile.hosts[0]}{profile.base_path}",
            token=token,
            client=self._client,
            control=FakeControl(self._client, token),
        )

    def close(self) -> None:
        """Let go of the fake."""
        self._client.close()


@dataclass(frozen=True)
class Judge:
    """Finds what is wrong with everything that a provider said."""

    catalogue: Catalogue
    _documents: dict[str, Conformance] = field(default_factory=dict)

    def __call__(self, provider: Provider) -> list[Finding]:
        """What the oracle and the provider's own OpenAPI document find."""
        profile, exchanges = provider.profile, provider.exchanges
        told = judged(read(profile, exchange) for exchange in exchanges)
        return [*told, *self._conformance(profile).judged(exchanges)]

    def _conformance(self, profile: Gateway) -> Conformance:
        known = self._documents.get(profile.name)
        if known is None:
            document = served_document(self.catalogue, profile)
            known = self._documents[profile.name] = Conformance(document, profile.base_path)
        return known
