"""What every store of events must do. A new store is one more line in `STORES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.timeline import (
    CancelAsked,
    Created,
    Forced,
    Intervention,
    Plan,
    Status,
    Step,
)
from mockserver.service.store.memory import MemoryStore
from mockserver.service.store.protocol import Store


STORES: Final[list[Callable[[], Store]]] = [MemoryStore]

each_store = pytest.mark.parametrize("make", STORES)

PLANS: Final = (
    Plan((Step(Status.STARTING),)),
    Plan((Step(Status.STARTING, 300), Step(Status.PROCESSING))),
    Plan((Step(Status.STARTING, 300), Step(Status.FAILED)), outputs=2, error="why"),
)
INT64: Final = st.integers(-(2**63), 2**63 - 1)

names = st.text("abc", min_size=1, max_size=3)
creations = st.builds(
    Created,
    id=st.text("0123456789abcdef", min_size=1, max_size=26),
    at_ms=INT64,
    model=names,
    version=names,
    input=st.binary(max_size=40),
    seed=INT64,
    plan=st.sampled_from(PLANS),
    deadline_ms=st.none() | st.integers(0, 2**63 - 1),
    webhook=st.none() | names,
    webhook_events_filter=st.lists(names, max_size=3).map(tuple),
)
several = st.lists(creations, max_size=12, unique_by=lambda made: made.id)
interventions = st.lists(
    st.builds(CancelAsked, INT64) | st.builds(Forced, st.sampled_from(Status), INT64), max_size=4
)
MADE: Final = Created("one", 1, "owner/name", "hidden", b"{}", 7, PLANS[0])


@each_store
@given(several)
def test_what_was_put_in_comes_out_equal(make: Callable[[], Store], told: list[Created]) -> None:
    """Every field of every prediction survives."""
    store = make()
    for made in told:
        store.append(made.id, made)
    assert [store.events(made.id) for made in told] == [(made, ()) for made in told]


@each_store
@given(several, st.integers(-5, 15), st.integers(-5, 15))
def test_positions_count_creations(
    make: Callable[[], Store], told: list[Created], first: int, last: int
) -> None:
    """From 0, oldest first; positions that do not exist are empty, not an error."""
    store = make()
    for made in told:
        store.append(made.id, made)
    ids = [made.id for made in told]
    assert len(store) == len(ids)
    assert store.ids(0, len(ids)) == ids
    assert store.ids(first, last) == [
        one for place, one in enumerate(ids) if first <= place < last
    ]


@each_store
@given(st.integers(0, 700), st.lists(st.tuples(st.integers(-9, 709), st.integers(-9, 709))))
def test_positions_hold_for_many_predictions(
    make: Callable[[], Store], count: int, ranges: list[tuple[int, int]]
) -> None:
    """However a store keeps its ids, any range of them is a slice of all."""
    store = make()
    ids = [f"id-{place}" for place in range(count)]
    for one in ids:
        store.append(one, replace(MADE, id=one))
    assert len(store) == count
    assert [store.ids(first, last) for first, last in ranges] == [
        ids[max(first, 0) : max(last, 0)] for first, last in ranges
    ]


@each_store
@given(interventions, interventions)
def test_events_keep_the_order_they_were_added_in(
    make: Callable[[], Store], mine: list[Intervention], others: list[Intervention]
) -> None:
    """Each prediction has its own; how they were mixed does not matter."""
    store = make()
    store.append("one", MADE)
    store.append("two", replace(MADE, id="two"))
    for event in mine:
        store.append("one", event)
    for event in others:
        store.append("two", event)
    assert store.events("one") == (MADE, tuple(mine))
    assert store.events("two")[1] == tuple(others)
    assert store.ids(0, 9) == ["one", "two"]


@each_store
@given(several, several, interventions)
def test_a_copy_is_added_to_apart(
    make: Callable[[], Store],
    told: list[Created],
    later: list[Created],
    more: list[Intervention],
) -> None:
    """It begins with the same events, at the same positions; neither sees what the other gets."""
    store = make()
    for made in told:
        store.append(made.id, made)
    other = store.copy()
    known = {made.id for made in told}
    for each in (store, other):
        for made in later:
            if made.id not in known:
                each.append(made.id, made if each is store else replace(made, seed=0))
    for event in more if told else ():
        other.append(told[0].id, event)
    new = [made for made in later if made.id not in known]
    for each, own in ((store, new), (other, [replace(made, seed=0) for made in new])):
        assert each.ids(0, len(each)) == [made.id for made in (*told, *own)]
        assert [each.events(made.id) for made in own] == [(made, ()) for made in own]
    if told:
        assert store.events(told[0].id) == (told[0], ())
        assert other.events(told[0].id) == (told[0], tuple(more))


@each_store
def test_a_prediction_begins_once(make: Callable[[], Store]) -> None:
    """A second `Created` is refused and changes nothing."""
    store = make()
    store.append("one", MADE)
    with pytest.raises(KeyError, match="one exists already"):
        store.append("one", replace(MADE, seed=8))
    assert store.events("one") == (MADE, ())
    assert len(store) == 1


@each_store
def test_nothing_happens_to_what_was_never_begun(make: Callable[[], Store]) -> None:
    """Unknown ids are told apart from predictions to which nothing happened."""
    store = make()
    with pytest.raises(KeyError):
        store.append("one", CancelAsked(1))
    with pytest.raises(KeyError):
        store.events("one")
    assert len(store) == 0
