"""create, get, list, cancel, force: what can be done with predictions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import ids
from mockserver.core.problem import PredictionNotFound
from mockserver.core.timeline import NEXT, Created, Plan, Status, Step
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.ledger import Line, Total
from mockserver.service.orders import Order
from mockserver.service.predictions import Seen
from mockserver.service.settings import Settings
from mockserver.service.worlds import World, Worlds


HAPPY: Final = Plan(
    (Step(Status.STARTING, 300), Step(Status.PROCESSING, 4_900), Step(Status.SUCCEEDED))
)
HOUR_MS: Final = 3_600_000
[PRO] = [one for one in Catalogue().models() if one.name == "flux-kontext-pro"]
ORDER: Final = Order(PRO, {"prompt": "a lighthouse"})

REACHABLE: Final = {
    status: {status} | NEXT[status] | {late for soon in NEXT[status] for late in NEXT[soon]}
    for status in Status
}
"""From each status, what may be seen next: no life has more than two changes."""


def frozen_world(spec: str = "manual") -> World:
    """A new world whose time stands still."""
    return Worlds(Settings(clock=spec)).named("tester")


def advance(world: World, _: str, ms: int) -> int:
    """Let time pass; the same form as the other things that can be done to a prediction."""
    return world.clock.advance(ms)


# create


def test_a_prediction_is_what_was_ordered(world: World, pro: Model) -> None:
    """Model, version, input and webhook are kept as they were sent; keys are sorted."""
    order = Order(pro, {"seed": 3, "prompt": "a"}, "https://example.test/hook", ("completed",))
    made = predictions.create(world, order, HAPPY)
    assert made == Created(
        id=made.id,
        at_ms=world.clock.now_ms(),
        model="black-forest-labs/flux-kontext-pro",
        version=pro.version,
        input=b'{"prompt":"a","seed":3}',
        seed=3,
        plan=HAPPY,
        webhook="https://example.test/hook",
        webhook_events_filter=("completed",),
    )
    assert predictions.look(world, made.id).created == made


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=10))
def test_an_id_carries_its_created_at(pauses_ms: list[int]) -> None:
    """The id and the timestamp are one instant, and no two ids are equal."""
    world = frozen_world()
    made = [
        (world.clock.advance(ms), predictions.create(world, ORDER, HAPPY))[1] for ms in pauses_ms
    ]
    assert [ids.created_ms(one.id) for one in made] == [one.at_ms for one in made]
    assert len({one.id for one in made}) == len(made)


@pytest.mark.parametrize(
    ("chosen", "seed"),
    [(0, 0), (42, 42), (2**63, 0), (2**63 + 5, 5), (-1, 2**63 - 1)],
)
def test_a_chosen_seed_is_used(world: World, chosen: int, seed: int) -> None:
    """As far as 63 bits hold it, so that every store can."""
    made = predictions.create(world, Order(PRO, {"prompt": "a", "seed": chosen}), HAPPY)
    assert made.seed == seed


@pytest.mark.parametrize("chosen", [None, True, 1.0, "7"])
def test_else_the_world_draws_a_seed(world: World, chosen: object) -> None:
    """32 bits, another one for each prediction."""
    order = Order(PRO, {"prompt": "a", "seed": chosen})
    seeds = [predictions.create(world, order, HAPPY).seed for _ in range(2)]
    assert len(set(seeds)) == 2
    assert max(seeds) < 2**32


def test_a_creation_is_entered_into_the_ledger(world: World) -> None:
    """With the price of all the outputs it asks for."""
    made = predictions.create(world, ORDER, replace(HAPPY, outputs=3))
    usd = Decimal("0.04")
    assert list(world.ledger) == [Line(made.id, made.model, made.at_ms, 3, usd)]
    assert world.ledger.totals == {made.model: Total(1, 3, 3 * usd)}


# look


def test_a_look_sees_what_its_instant_shows(world: World) -> None:
    """Nothing advances a prediction but the clock."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(300)
    seen = predictions.look(world, made.id)
    assert (seen.after_ms, seen.moment.status) == (300, Status.PROCESSING)
    assert seen.next_change_ms == made.at_ms + 5_200
    world.clock.advance(4_900)
    seen = predictions.look(world, made.id)
    assert (seen.moment.status, seen.next_change_ms) == (Status.SUCCEEDED, None)


def test_a_prediction_begins_with_starting(world: World) -> None:
    """What a create call tells is the moment of creation, however late it is told."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(60_000)
    begun = predictions.begun(made)
    assert (begun.moment.status, begun.after_ms) == (Status.STARTING, 0)


def test_an_hour_after_the_end_the_data_is_gone(world: World) -> None:
    """The prediction itself is still there."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(5_200 + HOUR_MS - 1)
    assert not predictions.look(world, made.id).data_removed
    world.clock.advance(1)
    assert predictions.look(world, made.id).data_removed


@pytest.mark.parametrize("ask", [predictions.look, predictions.cancel])
def test_an_unknown_id_is_not_found(world: World, ask: Callable[[World, str], Seen]) -> None:
    """Whatever is asked of it."""
    with pytest.raises(PredictionNotFound, match="nobody"):
        ask(world, "nobody")


def test_a_prediction_of_another_account_is_not_found() -> None:
    """It cannot be told from one that never was."""
    worlds = Worlds(Settings(clock="manual"))
    made = predictions.create(worlds.named("mine"), ORDER, HAPPY)
    with pytest.raises(PredictionNotFound):
        predictions.look(worlds.named("other"), made.id)


def test_each_look_moves_a_poll_clock_to_the_next_change() -> None:
    """So that a client that polls sees every status, however fast it polls."""
    world = frozen_world("poll")
    made = predictions.create(world, ORDER, HAPPY)
    looks = [predictions.look(world, made.id) for _ in range(3)]
    assert [(seen.after_ms, seen.moment.status) for seen in looks] == [
        (300, Status.PROCESSING),
        (5_200, Status.SUCCEEDED),
        (5_200, Status.SUCCEEDED),
    ]


def test_only_a_look_moves_a_poll_clock() -> None:
    """Not creating, listing, canceling or forcing, and no look at a given instant."""
    world = frozen_world("poll")
    made, other = (predictions.create(world, ORDER, HAPPY) for _ in range(2))
    predictions.page(world)
    predictions.look(world, made.id, now_ms=made.at_ms)
    predictions.cancel(world, made.id)
    predictions.force(world, other.id, Status.PROCESSING)
    assert world.clock.now_ms() == made.at_ms


# cancel and force


def test_a_canceled_prediction_is_canceled_at_once(world: World) -> None:
    """The answer says so, and so does every later look."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(1_000)
    assert predictions.cancel(world, made.id).moment.status is Status.CANCELED
    world.clock.advance(10_000)
    seen = predictions.look(world, made.id)
    assert (seen.moment.status, seen.moment.after_ms) == (Status.CANCELED, 1_000)


def test_cancel_after_success_changes_nothing(world: World) -> None:
    """A prediction that has ended stays as it ended, and nothing is written down."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(5_200)
    assert predictions.cancel(world, made.id).moment.status is Status.SUCCEEDED
    assert world.store.events(made.id) == (made, ())


def test_a_second_cancel_changes_nothing(world: World) -> None:
    """Clients cancel twice; the first one counts."""
    made = predictions.create(world, ORDER, HAPPY)
    first = predictions.cancel(world, made.id)
    world.clock.advance(1_000)
    assert predictions.cancel(world, made.id).moments == first.moments


@pytest.mark.parametrize("wanted", sorted(NEXT[Status.STARTING] | {Status.SUCCEEDED}))
def test_a_forced_status_is_taken_at_once(world: World, wanted: Status) -> None:
    """So that a test needs no clock."""
    made = predictions.create(world, ORDER, HAPPY)
    assert predictions.force(world, made.id, wanted, "why").moment.status is wanted


def test_a_forced_failure_says_why(world: World) -> None:
    """In the words of the test."""
    made = predictions.create(world, ORDER, HAPPY)
    assert predictions.force(world, made.id, Status.FAILED, "why").moment.error == "why"


def test_a_forced_failure_without_words_has_a_reason(world: World) -> None:
    """That of its plan, or the usual one: no failure goes without."""
    told = replace(HAPPY, error="out of memory")
    made, failing = (predictions.create(world, ORDER, plan) for plan in (HAPPY, told))
    force = partial(predictions.force, status=Status.FAILED)
    assert force(world, made.id).moment.error == predictions.INTERRUPTED
    assert force(world, failing.id).moment.error == "out of memory"


def test_forcing_what_is_not_legal_changes_nothing(world: World) -> None:
    """The prediction goes on as planned."""
    made = predictions.create(world, ORDER, HAPPY)
    world.clock.advance(300)
    assert predictions.force(world, made.id, Status.ABORTED).moment.status is Status.PROCESSING
    world.clock.advance(4_900)
    assert predictions.look(world, made.id).moment.status is Status.SUCCEEDED


actions = st.one_of(
    st.builds(partial, st.just(advance), ms=st.integers(0, 6_000)),
    st.builds(partial, st.just(predictions.force), status=st.sampled_from(Status)),
    st.just(predictions.cancel),
)


@given(st.sampled_from(("manual", "poll")), st.lists(actions, max_size=10))
def test_who_polls_sees_only_what_the_table_allows(
    spec: str, done: list[Callable[[World, str], object]]
) -> None:
    """Whatever hands do in between: each status seen can be reached from the one before."""
    world = frozen_world(spec)
    made = predictions.create(world, ORDER, HAPPY)
    looks = [(action(world, made.id), predictions.look(world, made.id))[1] for action in done]
    statuses = [Status.STARTING, *(seen.moment.status for seen in looks)]
    assert all(after in REACHABLE[before] for before, after in pairwise(statuses))


@pytest.mark.parametrize("status", list(Status))
def test_whoever_waits_for_it_is_woken(world: World, status: Status) -> None:
    """By an intervention into this prediction, and no other."""
    made, other = (predictions.create(world, ORDER, HAPPY) for _ in range(2))
    woken: list[str] = []
    world.bell.subscribe(made.id, lambda: woken.append("this"))
    world.bell.subscribe(other.id, lambda: woken.append("other"))
    predictions.force(world, made.id, status)
    predictions.cancel(world, made.id)
    assert woken == ["this", "this"]
