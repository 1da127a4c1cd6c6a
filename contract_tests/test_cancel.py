"""POST /predictions/{id}/cancel."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.provider import Control, Provider, cancel

from .samples import CANCEL, begin, body, needs, now


@pytest.fixture(autouse=True)
def _cancels(provider: Provider) -> None:
    """Where nothing can be canceled, there is nothing to say."""
    needs(provider.profile, *CANCEL)


@pytest.mark.parametrize("after_s", [0, 0.1, 1, 5.199], ids=["at-once", "booting", "run", "late"])
def test_what_has_not_ended_is_canceled_at_once(
    provider: Provider, control: Control, after_s: float
) -> None:
    """The answer of the cancel call, and every later look, says canceled."""
    made = begin(provider)
    control.advance(after_s)
    asked = cancel(provider, made)
    control.advance(60)
    seen = [body(asked).get("status"), now(provider, made).get("status")]
    expected = ["canceled", "canceled"]
    found = rules.ENDED_IS_FINAL.equal("/status", expected=expected, seen=seen, exchange=asked)
    assert found == []


@pytest.mark.parametrize("scenario", ["instant", "failed", "aborted"])
def test_what_has_ended_stays_as_it_ended(
    provider: Provider, control: Control, scenario: str
) -> None:
    """Canceling what has ended is no error and changes nothing."""
    made = begin(provider, headers=control.choosing(scenario))
    control.advance(60)
    expected = now(provider, made)
    asked = cancel(provider, made)
    found = rules.ENDED_IS_FINAL.equal(
        "", expected=expected, seen=now(provider, made), exchange=asked
    )
    assert found == []


def test_canceling_twice_is_canceling_once(provider: Provider, control: Control) -> None:
    """The second call finds what the first one left."""
    made = begin(provider)
    expected = body(cancel(provider, made))
    control.advance(1)
    again = cancel(provider, made)
    assert (
        rules.ENDED_IS_FINAL.equal("", expected=expected, seen=body(again), exchange=again) == []
    )


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[", b"\xff"], ids=repr)
def test_a_body_is_neither_needed_nor_read(provider: Provider, content: bytes | None) -> None:
    """Real clients send a JSON content type with an empty body."""
    made = begin(provider)
    headers = {"Content-Type": "application/json"}
    asked = provider.ask("POST", f"/predictions/{made}/cancel", content=content, headers=headers)
    expected = provider.profile.cancel.status
    found = rules.STATUS_AS_PROFILED.equal(
        "", expected=expected, seen=asked.status, exchange=asked
    )
    assert found == []


def test_what_never_ran_has_no_figures(provider: Provider) -> None:
    """Canceled while starting: it was never started, so there is nothing to measure or pay."""
    made = begin(provider)
    cancel(provider, made)
    told = now(provider, made)
    seen = [told.get(name) for name in ("started_at", "output")] + [told.get("metrics") or None]
    assert rules.METRICS_ADD_UP.equal("/metrics", expected=[None] * 3, seen=seen) == []
