"""What was created in a world, and what it would have cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.timeline import Status
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.fake import Fake
from mockserver.service.ledger import KEPT_LINES, Ledger, Line, Total
from mockserver.service.orders import Order
from mockserver.service.worlds import World


PRICES = {"a/one": Decimal("0.1"), "a/two": Decimal("0.04")}

lines = st.lists(
    st.builds(
        lambda number, model, outputs: Line(str(number), model, 0, outputs, PRICES[model]),
        number=st.integers(0, 99),
        model=st.sampled_from(tuple(PRICES)),
        outputs=st.integers(0, 4),
    ),
    max_size=20,
    unique_by=lambda line: line.prediction_id,
)


@given(lines, st.integers(0, 5))
def test_totals_count_forgotten_lines_too(entered: list[Line], kept: int) -> None:
    """Lines are bounded, money is not lost."""
    ledger = Ledger(kept)
    for line in entered:
        ledger.enter(line)
    assert list(ledger) == entered[max(0, len(entered) - kept) :]
    assert sum(total.predictions for total in ledger.totals.values()) == len(entered)
    assert sum(total.usd for total in ledger.totals.values()) == sum(one.usd for one in entered)


@given(lines, st.integers(0, 5), st.integers(0, 4))
def test_a_corrected_ledger_is_one_that_was_right_at_once(
    entered: list[Line], kept: int, outputs: int
) -> None:
    """Totals and kept lines are those of predictions that ended so from the beginning."""
    corrected, right = Ledger(kept), Ledger(kept)
    for line in entered:
        corrected.enter(line)
        right.enter(replace(line, outputs=outputs))
    for line in entered:
        corrected.correct(line.prediction_id, line.model, outputs - line.outputs)
    assert list(corrected) == list(right)
    assert corrected.totals == right.totals


def test_what_was_never_entered_is_not_corrected() -> None:
    """A prediction that somebody brought along has no price here."""
    ledger = Ledger()
    ledger.correct("id", "a/one", 1)
    assert (list(ledger), ledger.totals) == ([], {})


def test_each_model_has_its_total() -> None:
    """Predictions, outputs and dollars; three times 0.1 is exactly 0.3."""
    ledger = Ledger()
    for number in range(3):
        ledger.enter(Line(str(number), "a/one", 0, 1, PRICES["a/one"]))
    ledger.enter(Line("4", "a/two", 0, 2, PRICES["a/two"]))
    assert ledger.totals == {
        "a/one": Total(3, 3, Decimal("0.3")),
        "a/two": Total(1, 2, Decimal("0.08")),
    }


def test_who_reads_the_totals_cannot_change_them() -> None:
    """They are told, not lent."""
    ledger = Ledger()
    ledger.totals["a/one"] = Total(1)
    assert ledger.totals == {}


def test_a_ledger_is_bounded_if_nothing_else_is_said() -> None:
    """A fake that runs for weeks does not fill the memory."""
    ledger = Ledger()
    for number in range(KEPT_LINES + 1):
        ledger.enter(Line(str(number), "a/one", 0, 1, Decimal(0)))
    assert len(list(ledger)) == KEPT_LINES


@pytest.mark.parametrize(
    ("scenario", "deadline_ms", "outputs"),
    [
        ("happy", None, 3),
        ("happy", 5_000, 0),
        ("failed", None, 0),
        ("nsfw", None, 0),
        ("canceled", None, 0),
        ("aborted", None, 0),
        ("stuck-starting", 5_000, 0),
        ("stuck-processing", None, 0),
    ],
)
def test_only_outputs_that_are_made_cost_something(
    fake: Fake, fill: Model, scenario: str, deadline_ms: int | None, outputs: int
) -> None:
    """Aborted is free, as is what failed, and what a deadline ended before there was an output.

    Source: replicate.com/docs, lifecycle and billing; models here have a price per output.
    """
    world = fake.worlds.named("tester")
    order = Order(fill, {"prompt": "x", "num_outputs": 3}, deadline_ms=deadline_ms)
    fake.create(world, order, scenario)
    assert world.ledger.totals == {
        fill.full_name: Total(1, outputs, outputs * fill.price_usd_per_output)
    }


def test_a_cancel_in_time_takes_the_cost_back(fake: Fake, world: World, order: Order) -> None:
    """What was never made is not paid for; a second cancel changes nothing."""
    made = fake.create(world, order)
    predictions.cancel(world, made.id)
    predictions.cancel(world, made.id)
    assert world.ledger.totals == {made.model: Total(1, 0, Decimal(0))}


def test_a_cancel_too_late_costs_as_before(fake: Fake, world: World, order: Order) -> None:
    """What has ended stays as it ended."""
    made = fake.create(world, order)
    world.clock.advance(60_000)
    predictions.cancel(world, made.id)
    assert world.ledger.totals == {made.model: Total(1, 1, order.model.price_usd_per_output)}


def test_a_forced_success_costs(fake: Fake, world: World, order: Order) -> None:
    """Also where the plan was to fail."""
    made = fake.create(world, order, "failed")
    predictions.force(world, made.id, Status.SUCCEEDED)
    assert world.ledger.totals == {made.model: Total(1, 1, order.model.price_usd_per_output)}
