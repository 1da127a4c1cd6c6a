"""list: pages of a hundred, the newest first, and the ways between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.cursor import Cursor
from mockserver.core.problem import InvalidCursor
from mockserver.core.timeline import Plan, Status, Step
from mockserver.library.catalogue import Catalogue
from mockserver.service import predictions
from mockserver.service.orders import Order
from mockserver.service.predictions import PAGE_SIZE, Page
from mockserver.service.settings import Settings
from mockserver.service.worlds import World, Worlds


HAPPY: Final = Plan((Step(Status.STARTING, 300), Step(Status.PROCESSING)))
ORDER: Final = Order(Catalogue().models()[0], {"prompt": "a lighthouse"})

counts = st.sampled_from((0, 1, 99, 100, 101, 200, 250)) | st.integers(0, 320)


def filled(count: int) -> tuple[World, list[str]]:
    """A world with so many predictions, and their ids, the newest first."""
    world = Worlds(Settings(clock="manual")).named("tester")
    made = [predictions.create(world, ORDER, HAPPY).id for _ in range(count)]
    return world, made[::-1]


def walk(world: World, cursor: Cursor | None = None) -> Iterator[Page]:
    """The page at `cursor`, and all that follow it along `next`."""
    while True:
        page = predictions.page(world, cursor)
        yield page
        if page.next is None:
            return
        cursor = page.next


def listed(*pages: Page) -> list[str]:
    """The ids on these pages, in their order."""
    return [seen.created.id for page in pages for seen in page.results]


@given(counts)
def test_a_walk_along_next_visits_each_exactly_once(count: int) -> None:
    """The newest first, at most a hundred on a page, all pages but the last full."""
    world, newest_first = filled(count)
    pages = list(walk(world))
    assert listed(*pages) == newest_first
    assert {len(page.results) for page in pages[:-1]} <= {PAGE_SIZE}
    assert len(pages[-1].results) <= PAGE_SIZE


@given(counts)
def test_previous_leads_back_the_way_one_came(count: int) -> None:
    """From every page to the one before it, and from the first nowhere."""
    world, _ = filled(count)
    pages = list(walk(world))
    assert pages[0].previous is None
    back = [predictions.page(world, page.previous) for page in pages[1:]]
    assert [listed(page) for page in back] == [listed(page) for page in pages[:-1]]


@given(st.integers(101, 250), st.integers(1, 150))
def test_newcomers_do_not_disturb_a_walk(count: int, newcomers: int) -> None:
    """What is created meanwhile stands before the first page, and shifts no later one."""
    world, newest_first = filled(count)
    first = predictions.page(world)
    late = [predictions.create(world, ORDER, HAPPY).id for _ in range(newcomers)]
    assert listed(first, *walk(world, first.next)) == newest_first
    assert listed(predictions.page(world)) == [*late[::-1], *newest_first][:PAGE_SIZE]


def test_newcomers_stand_before_the_first_page() -> None:
    """The way back from the oldest page leads to the newest prediction."""
    world, newest_first = filled(150)
    oldest = list(walk(world))[-1]
    late = predictions.create(world, ORDER, HAPPY).id
    back = predictions.page(world, oldest.previous)
    assert listed(back) == newest_first[:100]
    assert back.previous is not None
    assert listed(predictions.page(world, back.previous)) == [late]


@pytest.mark.parametrize("newer", [False, True])
def test_a_cursor_beyond_all_predictions_is_invalid(*, newer: bool) -> None:
    """No page of this world can have given it out."""
    world, _ = filled(2)
    predictions.page(world, Cursor(2, newer=newer))
    with pytest.raises(InvalidCursor, match="Invalid cursor"):
        predictions.page(world, Cursor(3, newer=newer))


def test_a_page_shows_all_at_one_instant() -> None:
    """Each prediction as it is now."""
    world, _ = filled(1)
    world.clock.advance(300)
    predictions.create(world, ORDER, HAPPY)
    shown = [(seen.after_ms, seen.moment.status) for seen in predictions.page(world).results]
    assert shown == [(0, Status.STARTING), (300, Status.PROCESSING)]
