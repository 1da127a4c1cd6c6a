"""The model allows what the core's timeline says, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.fuzzing.model import ANY, Account, Known, Span
from mockserver.contract.strategies import advances_ms
from mockserver.core.timeline import CancelAsked, Created, Plan, Status, in_force, timeline
from mockserver.library.catalogue import Catalogue
from mockserver.library.scenarios import plan


CATALOGUE = Catalogue()
MODEL = next(model for model in CATALOGUE.models() if model.name == "flux-kontext-pro")
PLANS = [plan(scenario, MODEL, 1) for scenario in CATALOGUE.scenarios()]
BORN_MS = 1_000_000


def at(after_ms: int) -> Span:
    """The very instant so long after creation."""
    return Span(BORN_MS + after_ms, BORN_MS + after_ms)


def seen(made: Plan, look_ms: int, cancel_ms: int | None) -> Status:
    """The status that the core tells."""
    created = Created("id", BORN_MS, "a/b", "v", b"{}", 0, made)
    asked = () if cancel_ms is None else (CancelAsked(BORN_MS + cancel_ms),)
    return in_force(timeline(created, asked), look_ms).status


@given(
    made=st.sampled_from(PLANS),
    cancel_ms=st.none() | advances_ms(),
    more_ms=advances_ms(),
)
def test_a_known_instant_has_one_status(made: Plan, cancel_ms: int | None, more_ms: int) -> None:
    """Canceled or not: that of the core's timeline."""
    one = Known("id", at(0), made.moments, None if cancel_ms is None else at(cancel_ms))
    look_ms = (cancel_ms or 0) + more_ms
    assert one.possible(at(look_ms)) == {seen(made, look_ms, cancel_ms)}


@given(
    made=st.sampled_from(PLANS),
    late_ms=st.integers(0, 3_000),
    cancel_ms=st.none() | st.integers(0, 20_000),
    more_ms=advances_ms(),
    where=st.floats(0, 1),
)
def test_whenever_it_was_it_is_allowed(
    made: Plan, late_ms: int, cancel_ms: int | None, more_ms: int, where: float
) -> None:
    """A call that took `late_ms` made it somewhere in between: the true status is among them."""
    begun_ms = round(late_ms * where)
    canceled = None if cancel_ms is None else Span(BORN_MS + cancel_ms, BORN_MS + cancel_ms)
    one = Known(
        "id", Span(BORN_MS - begun_ms, BORN_MS - begun_ms + late_ms), made.moments, canceled
    )
    look_ms = (cancel_ms or 0) + more_ms
    assert seen(made, look_ms, cancel_ms) in one.possible(at(look_ms))


def test_without_a_plan_everything_may_be() -> None:
    """Nobody chose how it goes."""
    assert Known("id", at(0), None).possible(at(10)) == ANY


def test_the_first_cancel_counts() -> None:
    """A later one finds it canceled."""
    account = Account()
    account.created("id", at(0), None)
    account.cancel(0, at(5))
    account.cancel(0, at(9))
    assert account.made[0].canceled == at(5)


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        (Span(10, 20), Span(0, 5), Span(5, 20)),
        (Span(10, 20), Span(15, 30), Span(0, 5)),
        (Span(1, 2), Span(8, 9), Span(0, 0)),
    ],
)
def test_a_distance_is_never_negative(later: Span, earlier: Span, expected: Span) -> None:
    """What comes before is no time before."""
    assert later.since(earlier) == expected
