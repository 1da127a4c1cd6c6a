"""Logical requests: what was meant once, however often it was sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.json_text import dumps_sorted
from mockserver.library.models import Model
from mockserver.service import predictions, submissions
from mockserver.service.fake import Fake
from mockserver.service.ledger import Ledger, Line
from mockserver.service.ledger_requests import (
    KEPT_SUBMISSIONS,
    WINDOW_MS,
    Balance,
    Submission,
    Tallies,
)
from mockserver.service.orders import Order
from mockserver.service.worlds import World


PRICE = Decimal("0.04")
Arrival = tuple[int, str, int | None]
"""When it came, what was meant, and how many outputs it made; None: it created nothing."""

arrivals = st.lists(
    st.tuples(
        st.integers(0, 2 * WINDOW_MS), st.sampled_from("abc"), st.none() | st.integers(0, 3)
    ),
    max_size=20,
).map(lambda told: sorted(told, key=lambda one: one[0]))


def written(told: list[Arrival]) -> Ledger:
    """The ledger of these arrivals, the n-th of which creates the prediction `n`."""
    ledger = Ledger()
    for number, (at_ms, meant, outputs) in enumerate(told):
        if outputs is None:
            ledger.attempted(meant.encode(), "a/one", at_ms)
        else:
            ledger.enter(Line(str(number), "a/one", at_ms, outputs, PRICE), meant.encode())
    return ledger


def grouped(told: list[Arrival]) -> list[list[tuple[int, Arrival]]]:
    """The same arrivals by what was meant, in the plainest way."""
    groups: list[list[tuple[int, Arrival]]] = []
    for number, one in enumerate(told):
        same = (group for group in groups if group[0][1][1] == one[1])
        near = [group for group in same if one[0] - group[0][1][0] < WINDOW_MS]
        if near:
            near[-1].append((number, one))
        else:
            groups.append([(number, one)])
    return groups


@given(arrivals)
def test_what_is_sent_again_in_time_is_one_request(told: list[Arrival]) -> None:
    """Each belongs to the first of its kind within the ten minutes before, or begins one."""
    seen = [
        [(one.at_ms, one.prediction_id) for one in request.submissions]
        for request in written(told).requests
    ]
    assert seen == [
        [(one[0], None if one[2] is None else str(number)) for number, one in group]
        for group in grouped(told)
    ]


def test_ten_minutes_later_the_same_is_meant_anew() -> None:
    """Counted from the first submission, not from the last."""
    told: list[Arrival] = [(at_ms, "a", 1) for at_ms in (0, WINDOW_MS - 1, WINDOW_MS)]
    assert [one.submitted for one in written(told).requests] == [2, 1]


@given(arrivals)
def test_all_but_the_first_prediction_is_waste(told: list[Arrival]) -> None:
    """What created nothing costs nothing, and is not the first."""
    for request, group in zip(written(told).requests, grouped(told), strict=True):
        made = [outputs for _, (_, _, outputs) in group if outputs is not None]
        assert (request.submitted, request.jobs) == (len(group), len(made))
        assert request.usd == sum(made) * PRICE
        assert request.usd_wasted == sum(made[1:]) * PRICE


@given(arrivals)
def test_the_balance_is_the_sum_of_all_requests(told: list[Arrival]) -> None:
    """Submissions are requests and duplicates; jobs are those that created something."""
    ledger = written(told)
    requests = ledger.requests
    assert ledger.balance == Balance(
        submissions=len(told),
        requests=len(requests),
        jobs=sum(one.jobs for one in requests),
        usd=sum((one.usd for one in requests), Decimal(0)),
        usd_wasted=sum((one.usd_wasted for one in requests), Decimal(0)),
    )
    assert ledger.balance.duplicates == sum(one.duplicates for one in requests)
    assert ledger.duplicates == tuple(one for one in requests if one.submitted > 1)


@given(arrivals, st.integers(0, 3))
def test_a_corrected_request_is_one_that_was_right_at_once(
    told: list[Arrival], outputs: int
) -> None:
    """What is canceled in time is no waste any more."""
    corrected = written(told)
    for number, (_, _, before) in enumerate(told):
        if before is not None:
            corrected.correct(str(number), "a/one", outputs - before)
    right = written([(at, meant, None if n is None else outputs) for at, meant, n in told])
    assert corrected.requests == right.requests
    assert corrected.balance == right.balance


@given(arrivals, arrivals)
def test_a_copy_goes_its_own_way(before: list[Arrival], after: list[Arrival]) -> None:
    """What is written into a ledger does not stand in its copy, and the other way round."""
    ledger = written(before)
    told = list(ledger), ledger.requests, ledger.balance, ledger.totals
    other = ledger.copy()
    for place, (at_ms, meant, outputs) in enumerate(after):
        other.enter(Line(f"x{place}", "a/one", at_ms, outputs or 0, PRICE), meant.encode())
    for line in list(other):
        other.correct(line.prediction_id, line.model, 1)
    assert (list(ledger), ledger.requests, ledger.balance, ledger.totals) == told


def test_old_requests_are_forgotten_and_counted() -> None:
    """Memory is bounded, numbers are not; what was forgotten is not recognized."""
    tallies = Tallies(kept=2)
    for key in (b"a", b"b", b"c", b"a"):
        tallies.submitted(key, "a/one", 0)
    assert [tally.key for tally in tallies] == [b"c", b"a"]
    assert (tallies.requests, tallies.submissions) == (4, 4)


def test_what_pushes_out_an_old_request_leaves_its_namesake() -> None:
    """The same was meant anew since, and is recognized."""
    tallies = Tallies(kept=2)
    for key, at_ms in ((b"a", 0), (b"a", WINDOW_MS), (b"b", WINDOW_MS), (b"a", WINDOW_MS + 1)):
        tallies.submitted(key, "a/one", at_ms)
    assert [(tally.key, tally.submitted) for tally in tallies] == [(b"a", 2), (b"b", 1)]


def test_a_request_tells_its_first_submissions_and_counts_all() -> None:
    """Who sends the same a million times does not fill the memory."""
    count = KEPT_SUBMISSIONS + 5
    (request,) = written([(0, "a", 1)] * count).requests
    assert len(request.submissions) == len(request.prediction_ids) == KEPT_SUBMISSIONS
    assert (request.submitted, request.jobs, request.usd) == (count, count, count * PRICE)


# What is the same


def key(order: Order) -> bytes:
    """What the submissions of `order` share."""
    return submissions.request_key(order, dumps_sorted(order.input))


def test_the_order_of_keys_does_not_count(pro: Model) -> None:
    """Two bodies that say the same are the same."""
    one, other = ({"prompt": "a", "seed": 1}, {"seed": 1, "prompt": "a"})
    assert key(Order(pro, one)) == key(Order(pro, other))


@pytest.mark.parametrize(
    "change",
    [
        {"input": {"prompt": "another"}},
        {"deployment": "acme/hats"},
        {"webhook": "http://127.0.0.1/hook"},
        {"webhook_events_filter": ("start",)},
    ],
)
def test_another_body_or_path_is_another_request(order: Order, change: dict[str, object]) -> None:
    """Input, deployment, webhook and its events count."""
    assert key(replace(order, **change)) != key(order)  # type: ignore[arg-type]


def test_another_model_or_version_is_another_request(order: Order) -> None:
    """The path counts, or what the body names."""
    models = (
        order.model,
        replace(order.model, name="other"),
        replace(order.model, version="1" * 64),
    )
    assert len({key(replace(order, model=model)) for model in models}) == len(models)


# In a world


def test_a_reply_that_got_lost_shows_as_a_duplicate(
    fake: Fake, world: World, order: Order
) -> None:
    """Lost before there was a job: an attempt. Lost after: a job that is paid for twice."""
    submissions.attempted(world, order)
    world.clock.advance(2_000)
    first = fake.create(world, order)
    world.clock.advance(2_000)
    second = fake.create(world, order)
    (request,) = world.ledger.duplicates
    begun_ms = request.first_ms
    assert request.submissions == (
        Submission(begun_ms),
        Submission(begun_ms + 2_000, first.id),
        Submission(begun_ms + 4_000, second.id),
    )
    assert (request.duplicates, request.jobs) == (2, 2)
    price = order.model.price_usd_per_output
    assert (request.usd, request.usd_wasted) == (2 * price, price)


def test_what_was_only_attempted_has_no_price(world: World, order: Order) -> None:
    """Not even if nothing of its model was ever created."""
    submissions.attempted(world, order)
    (request,) = world.ledger.requests
    assert (request.jobs, request.prediction_ids) == (0, ())
    assert request.usd == request.usd_wasted == 0
    assert world.ledger.totals == {}


def test_a_duplicate_that_is_canceled_in_time_is_no_waste(
    fake: Fake, world: World, order: Order
) -> None:
    """Who notices pays nothing."""
    fake.create(world, order)
    predictions.cancel(world, fake.create(world, order).id)
    assert world.ledger.balance.duplicates == 1
    assert world.ledger.balance.usd_wasted == 0
