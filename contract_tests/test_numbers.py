"""Numbers: none that a client sends is rounded, cut or written as something else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import rules
from mockserver.contract.provider import create
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import loads, members

from .fake import Accounts
from .samples import INPUT, PRO, begin, body, now


EDGES = (2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64 + 1, -(2**63) - 1, 10**40)
"""Where 32 bits, the floats of JavaScript, and 64 bits end; and far beyond."""


@given(
    number=st.sampled_from(EDGES)
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
)
def test_a_number_comes_back_with_every_digit(
    accounts: Accounts, profile: Gateway, number: float
) -> None:
    """Integers of any size, and floats to their last bit, however deep they stand."""
    provider = accounts.open(profile)
    if not profile.writes("input"):
        pytest.skip(f"{profile.title} does not tell input")
    given_input = {**INPUT, "figures": [{"one": number}]}
    made = create(provider, PRO, given_input)
    told = now(provider, str(body(made)["id"]))
    (seen,) = told["input"]["figures"]
    expected = {"one": (type(number).__name__, number)}
    found = rules.INPUT_ECHOED.equal(
        "/input/figures/0",
        expected=expected,
        seen={name: (type(value).__name__, value) for name, value in seen.items()},
        exchange=made,
    )
    assert found == []


def test_metrics_are_numbers_and_no_texts(accounts: Accounts, profile: Gateway) -> None:
    """In seconds, written so that reading them as decimals loses nothing."""
    provider = accounts.open(profile)
    assert provider.control is not None
    made = begin(provider)
    provider.control.advance(60)
    answer = provider.ask("GET", f"/predictions/{made}")
    told = members(loads(answer.response_body)).get("metrics")
    figures = {name: value for name, value in members(told).items() if name.endswith("_time")}
    seen = {name: _exact(value) for name, value in figures.items()}
    expected = dict.fromkeys(figures, True)
    found = rules.METRICS_ADD_UP.equal("/metrics", expected=expected, seen=seen, exchange=answer)
    assert found == []


def _exact(value: object) -> bool:
    """Whether it is a number with at most nine digits behind the point."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    exponent = Decimal(repr(value)).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -9
