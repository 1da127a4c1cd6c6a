"""Which predictions a list is asked for: bisected where it can be, and always the same ones."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.cursor import Cursor
from mockserver.core.timeline import Plan, Status, Step
from mockserver.library.catalogue import Catalogue
from mockserver.service import predictions
from mockserver.service.filters import WEB_DAYS_MS, Filter, positions
from mockserver.service.orders import Order
from mockserver.service.settings import Settings
from mockserver.service.worlds import World, Worlds


HAPPY: Final = Plan((Step(Status.STARTING, 300), Step(Status.PROCESSING)))
ORDER: Final = Order(Catalogue().models()[0], {"prompt": "a lighthouse"})
DAY_MS: Final = 86_400_000

gaps = st.lists(st.integers(0, 5), max_size=30)


def world() -> World:
    """An empty one, whose clock is moved by hand."""
    return Worlds(Settings(clock="manual")).named("tester")


def filled(waits_ms: list[int]) -> tuple[World, list[int]]:
    """A world with a prediction after each of these waits, and when they were created."""
    made = world()
    created = []
    for wait_ms in waits_ms:
        made.clock.advance(wait_ms)
        created.append(predictions.create(made, ORDER, HAPPY).at_ms)
    return made, created


@given(gaps, st.none() | st.integers(-3, 160), st.none() | st.integers(-3, 160))
def test_from_the_first_instant_up_to_but_not_including_the_second(
    waits_ms: list[int], after: int | None, before: int | None
) -> None:
    """As a comparison of every instant would find them."""
    made, created = filled(waits_ms)
    begin = made.clock.now_ms() - sum(waits_ms)
    after_ms = None if after is None else begin + after
    before_ms = None if before is None else begin + before
    expected = [
        at
        for at, at_ms in enumerate(created)
        if (after_ms is None or at_ms >= after_ms) and (before_ms is None or at_ms < before_ms)
    ]
    assert list(positions(made, Filter(after_ms, before_ms))) == expected


@given(gaps, st.data())
def test_a_prediction_of_another_time_takes_nothing_from_the_others(
    waits_ms: list[int], data: Any
) -> None:
    """What is given later may be older: then each one is looked at, with the same result."""
    made, created = filled(waits_ms)
    after_ms = made.clock.now_ms() - data.draw(st.integers(0, 160))
    bisected = list(positions(made, Filter(after_ms)))
    made.shelf.streams["x"] = "x"
    assert list(positions(made, Filter(after_ms))) == bisected
    assert len(bisected) == sum(at_ms >= after_ms for at_ms in created)


@given(st.sets(st.integers(0, 249)))
def test_pages_lead_through_what_was_chosen_and_back(chosen: set[int]) -> None:
    """Along `next` each one once, the newest first; along `previous` to where it began."""
    made, among = FULL, sorted(chosen)
    ids = made.store.ids(0, len(made.store))
    page = predictions.page(made, None, among)
    first, seen = page, [one.created.id for one in page.results]
    while page.next is not None:
        before, page = page, predictions.page(made, page.next, among)
        assert predictions.page(made, page.previous, among) == before
        seen += [one.created.id for one in page.results]
    assert seen == [ids[at] for at in reversed(among)]
    assert first.previous is None


FULL: Final = filled([1] * 250)[0]


@pytest.mark.parametrize("newer", [True, False])
def test_a_cursor_outside_of_what_was_chosen_is_no_dead_end(newer: bool) -> None:  # noqa: FBT001 - a column
    """Its page may be empty, but its neighbours are not."""
    among = range(10, 20)
    page = predictions.page(FULL, Cursor(200 if newer else 5, newer=newer), among)
    there = page.next if newer else page.previous
    assert (page.results, len(predictions.page(FULL, there, among).results)) == ((), 10)


def test_nothing_made_here_was_made_on_the_web() -> None:
    """All of it came through the API."""
    assert list(positions(FULL, Filter(web=True))) == []


@pytest.mark.parametrize(("days", "found"), [(13, [0]), (15, [])])
def test_what_the_web_made_is_listed_for_14_days(days: int, found: list[int]) -> None:
    """Source: upstream's OpenAPI document."""
    made, _ = filled([1])
    (prediction_id,) = made.store.ids(0, 1)
    made.shelf.extras[prediction_id] = {"source": "web"}
    made.shelf.streams["x"] = prediction_id
    made.clock.advance(days * DAY_MS)
    assert list(positions(made, Filter(web=True))) == found
    assert WEB_DAYS_MS == 14 * DAY_MS
