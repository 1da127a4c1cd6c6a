"""A budget: what an exam may spend is counted before it is spent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.budget import MOST_PREDICTIONS, Budget, Spent


PRICES = st.decimals("0", "10", places=3)


def taken(budget: Budget, *prices: Decimal) -> int:
    """How many of these predictions the budget allows, one after the other."""
    try:
        for price in prices:
            budget.take(price)
    except Spent:
        pass
    return budget.asked


@given(most=st.integers(0, 10), prices=st.lists(PRICES, max_size=12))
def test_no_more_are_asked_than_may_be(most: int, prices: list[Decimal]) -> None:
    """However little they cost."""
    assert taken(Budget(most), *prices) == min(most, len(prices))


@given(most_usd=PRICES, prices=st.lists(PRICES, max_size=12))
def test_no_more_is_spent_than_may_be(most_usd: Decimal, prices: list[Decimal]) -> None:
    """However few they are; what was refused is not counted."""
    budget = Budget(None, most_usd)
    count = taken(budget, *prices)
    assert budget.usd == sum(prices[:count]) <= most_usd
    assert count == len(prices) or budget.usd + prices[count] > most_usd


def test_five_is_all_unless_somebody_says_otherwise() -> None:
    """A whole exam makes so many."""
    assert taken(Budget(), *[Decimal(1)] * 9) == MOST_PREDICTIONS


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (Budget(0), "0 of 0 predictions are used up; --max-predictions allows more"),
        (
            Budget(None, Decimal("0.5")),
            "another 1 USD would make 1, and 0.5 are allowed; --max-cost allows more",
        ),
    ],
    ids=["predictions", "dollars"],
)
def test_a_refusal_says_which_bound_and_the_way_out(budget: Budget, says: str) -> None:
    """So nobody has to look for the option."""
    with pytest.raises(Spent) as refused:
        budget.take(Decimal(1))
    assert str(refused.value) == says
