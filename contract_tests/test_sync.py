"""`Prefer: wait`: how long a create call is held, and what it answers then."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.looks import header
from mockserver.contract.provider import Control, Provider, create
from mockserver.core.interaction import Interaction
from mockserver.core.timeline import TERMINAL

from .samples import INPUT, PRO, body


APPLIED = "preference-applied"


@pytest.fixture
def waiting(provider: Provider) -> Provider:
    """A provider that can hold a create call, as far as anybody knows."""
    if not provider.profile.has("sync"):
        pytest.skip(f"{provider.profile.title} has no sync")
    return provider


def held(provider: Provider, control: Control, prefer: str, scenario: str) -> Interaction:
    """A create call that asks to wait."""
    headers = {**control.choosing(scenario), "Prefer": prefer}
    return create(provider, PRO, INPUT, headers=headers)


@pytest.mark.parametrize("prefer", ["", "respond-async", "wait=0", "wait=soon", "return=minimal"])
def test_who_does_not_ask_to_wait_is_answered_at_once(
    provider: Provider, control: Control, prefer: str
) -> None:
    """Also where what is asked cannot be understood: such a preference is ignored (RFC 7240)."""
    made = held(provider, control, prefer, "happy")
    expected = (provider.profile.create.status, "starting", "")
    seen = (made.status, body(made)["status"], header(made, APPLIED))
    assert rules.BORN_STARTING.equal("", expected=expected, seen=seen, exchange=made) == []


def test_a_wait_brings_the_output(waiting: Provider, control: Control) -> None:
    """And says that it was honoured, or that the prediction has ended."""
    made = held(waiting, control, "wait", "happy")
    told = waiting.ask("GET", f"/predictions/{body(made)['id']}")
    honoured = header(made, APPLIED) == "wait" or body(made).get("status") in TERMINAL
    # Some gateways answer a create call with less than a look.
    shown = body(made) if "output" in body(made) else body(told)
    found = rules.WAIT_HONOURED.equal(
        APPLIED, expected=(True, True), seen=(honoured, bool(shown["output"])), exchange=made
    )
    assert found == []


@pytest.mark.parametrize("scenario", ["stuck-starting", "stuck-processing"])
def test_a_wait_that_runs_out_says_starting(
    waiting: Provider, control: Control, scenario: str
) -> None:
    """Published clients take anything else for an end."""
    made = held(waiting, control, "wait=1", scenario)
    # Upstream's document and what was recorded of it differ in the status code.
    told = made.status in (waiting.profile.create.status, waiting.profile.waited_out_status)
    expected = (True, "starting", None)
    seen = (told, body(made)["status"], body(made).get("output"))
    found = rules.WAIT_RUN_OUT_IS_STARTING.equal("", expected=expected, seen=seen, exchange=made)
    assert found == []
