"""Tokens that mean an answer: what an official client makes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.clients.conftest import Caller

SETUP = {
    "python_1": "from replicate.client import Client\n",
    "python_2": "from replicate import Replicate\n",
    "node": "",
}
CREATE = {
    "python_1": "Client(account, base_url=base_url)"
    ".models.predictions.create(model, {'prompt': 'x'})",
    "python_2": "Replicate(bearer_token=account, base_url=base_url)"
    ".predictions.create(version=version, input={'prompt': 'x'})",
    "node": "await new Replicate({ auth: account, baseUrl: base_url })"
    '.predictions.create({ model, input: { prompt: "x" } })',
}
TOLD = {
    "python_1": "status: {}",
    "python_2": "Error code: {}",
    "node": "failed with status {}",
}


@pytest.fixture(params=SETUP)
def client(request: pytest.FixtureRequest) -> str:
    """Which client it is."""
    return str(request.param)


@pytest.fixture
def run(request: pytest.FixtureRequest, world: LiveWorld, client: str) -> Caller:
    """Runs programs in the client's interpreter."""
    caller: Caller = request.getfixturevalue(client).caller(SETUP[client], world)
    return caller


@pytest.mark.parametrize(
    ("account", "status"),
    [
        ("r8_invalid", 401),
        ("r8_nocredit", 402),
        ("r8_forbidden", 403),
        ("undefined", 401),
        ("null", 401),
    ],
)
def test_a_token_decides_the_answer(run: Caller, client: str, account: str, status: int) -> None:
    """Clients that cannot set headers meet each refusal by the token they are given."""
    assert TOLD[client].format(status) in run.raised(CREATE[client], account=account)
