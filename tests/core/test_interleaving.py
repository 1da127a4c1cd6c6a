"""The laws of interleaving: as many orders as the formula says, each legal, none twice."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.interleaving import Chains, Orders, count, interleaving, nearer


@st.composite
def chained(draw: st.DrawFn) -> Chains[str]:
    """A few short chains, whose parts all differ."""
    lengths = draw(st.lists(st.integers(0, 3), max_size=3))
    return tuple(
        tuple(f"{name}{place}" for place in range(length))
        for name, length in zip("abc", lengths, strict=False)
    )


def legal(order: tuple[str, ...], chains: Chains[str]) -> bool:
    """Whether an order tells every part once, and each chain in its order."""
    parts = [part for chain in chains for part in chain]
    within = all(
        tuple(part for part in order if part in chain) == chain for chain in map(tuple, chains)
    )
    return Counter(order) == Counter(parts) and within


@given(chains=chained())
def test_there_are_as_many_orders_as_the_closed_form_says(chains: Chains[str]) -> None:
    """All parts in any order, of which those that differ within a chain are one."""
    every = [interleaving(chains, number) for number in range(count(chains))]
    parts = [part for chain in chains for part in chain]
    if len(parts) <= 6:
        assert set(every) == {order for order in permutations(parts) if legal(order, chains)}
    within = 1
    for chain in chains:
        within *= factorial(len(chain))
    assert len(every) * within == factorial(len(parts))


@given(chains=chained())
def test_every_order_is_legal_and_none_comes_twice(chains: Chains[str]) -> None:
    """A number stands for one order, and each order has one number."""
    every = [interleaving(chains, number) for number in range(count(chains))]
    assert all(legal(order, chains) for order in every)
    assert len(set(every)) == len(every)


@given(chains=chained(), beyond=st.integers(0, 5))
def test_no_order_lies_beyond_the_last(chains: Chains[str], beyond: int) -> None:
    """Nor before the first."""
    for number in (count(chains) + beyond, -1 - beyond):
        with pytest.raises(IndexError, match=f"there are {count(chains)} orders"):
            interleaving(chains, number)


def test_what_comes_again_is_one_chain() -> None:
    """Two equal copies have no order between them."""
    assert sorted(interleaving((("a", "a"), ("b",)), number) for number in range(3)) == [
        ("a", "a", "b"),
        ("a", "b", "a"),
        ("b", "a", "a"),
    ]


def test_sets_of_chains_come_one_after_the_other() -> None:
    """The orders of the first, then those of the second; together they are numbered."""
    every = Orders(((("a",), ("b",)), (("a",),)))
    assert every.count == 3
    assert [every.order(number) for number in every.numbers(9, 0)] == [
        ("a", "b"),
        ("b", "a"),
        ("a",),
    ]
    with pytest.raises(IndexError, match="there are 3 orders"):
        every.order(3)


@given(seed=st.integers(0, 1000), most=st.integers(0, 40))
def test_of_too_many_some_are_drawn_and_none_twice(seed: int, most: int) -> None:
    """As many as are wanted, the same for the same seed, out of more than any list could hold."""
    chains = tuple((f"{number}",) for number in range(30))
    every = Orders((chains,))
    drawn = list(every.numbers(most, seed))
    assert every.count == factorial(30)
    assert len(set(drawn)) == len(drawn) == most
    assert drawn == list(every.numbers(most, seed))
    assert all(legal(every.order(number), chains) for number in drawn)


def test_another_seed_draws_others() -> None:
    """So that runs can look further."""
    every = Orders((tuple((f"{number}",) for number in range(30)),))
    assert list(every.numbers(5, 1)) != list(every.numbers(5, 2))


@given(chains=chained(), data=st.data())
def test_a_nearer_order_is_legal_and_less_out_of_order(
    chains: Chains[str], data: st.DataObject
) -> None:
    """One pair fewer stands wrongly; whoever goes on this way comes to the natural order."""
    natural = interleaving(chains, data.draw(st.integers(0, count(chains) - 1)))
    order = interleaving(chains, data.draw(st.integers(0, count(chains) - 1)))
    for one in nearer(order, natural):
        assert legal(one, chains)
        assert wrong_pairs(one, natural) == wrong_pairs(order, natural) - 1
    assert (order == natural) == (not list(nearer(order, natural)))


def wrong_pairs(order: tuple[str, ...], natural: tuple[str, ...]) -> int:
    """How many pairs stand in the other order."""
    places = [natural.index(part) for part in order]
    return sum(before > after for at, before in enumerate(places) for after in places[at:])
