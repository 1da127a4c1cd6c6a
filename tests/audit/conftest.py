"""Clients that are tried: the good one, and those with a bug."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from examples.reference_client import PredictionError, ReferenceClient
from mockserver.audit.api import Api
from mockserver.audit.inprocess import Client, Trial, audited
from mockserver.contract.consumer.cases import DEFAULT, cases
from mockserver.contract.consumer.result import Result
from mockserver.examine import given_to, model_called
from mockserver.library.catalogue import Catalogue


Audit = Callable[..., list[Result]]


def by(client: type[ReferenceClient]) -> Client:
    """How a reference client, or one with a bug, is run."""

    def run(api: Api, model: str, given: Any) -> list[bytes]:
        return client(api.base_url, api.token, api.transport).run(model, given)

    return run


async def by_async(api: Api, model: str, given: Any) -> list[bytes]:
    """How the reference client is run in an event loop."""
    return await ReferenceClient(api.base_url, api.token, api.transport).run_async(model, given)


@pytest.fixture(scope="session")
def trial() -> Trial:
    """The good client."""
    catalogue = Catalogue()
    model = model_called(catalogue, "black-forest-labs/flux-schnell")
    return Trial(by(ReferenceClient), model, given_to(model), catalogue, errors=(PredictionError,))


@pytest.fixture(scope="session")
def audit(trial: Trial) -> Audit:
    """What the cases of some suites come to for a client."""

    def audit(client: Client, suites: Sequence[str] = DEFAULT) -> list[Result]:
        tried = replace(trial, client=client)
        return [audited(tried, case) for case in cases(suites)]

    return audit
