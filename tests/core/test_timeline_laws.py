"""What is true of every life, whatever is planned, asked or forced."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from hypothesis import assume, given
from hypothesis import strategies as st

from mockserver.core.timeline import (
    NEXT,
    CancelAsked,
    Created,
    Forced,
    Intervention,
    Moment,
    Status,
    in_force,
    timeline,
)


S: Final = Status

intervention: Final = st.from_type(CancelAsked) | st.from_type(Forced)
interventions: Final = st.lists(intervention, max_size=4)
created: Final = st.from_type(Created)


@given(created, interventions)
def test_a_life_begins_with_starting(made: Created, events: list[Intervention]) -> None:
    """The first moment is `starting`, at the instant of creation, and nothing is there yet."""
    first = timeline(made, events)[0]
    assert first == Moment(0, S.STARTING)


@given(created, interventions)
def test_moments_stand_in_order(made: Created, events: list[Intervention]) -> None:
    """No moment is earlier than the one before it."""
    moments = timeline(made, events)
    assert all(before.after_ms <= after.after_ms for before, after in pairwise(moments))


@given(created, interventions)
def test_every_change_of_status_stands_in_the_table(
    made: Created, events: list[Intervention]
) -> None:
    """Whatever is planned, asked or forced: only the table decides what follows what."""
    statuses = [moment.status for moment in timeline(made, events)]
    changes = {(before, after) for before, after in pairwise(statuses) if before is not after}
    assert changes <= {(before, after) for before in NEXT for after in NEXT[before]}


@given(created, interventions, intervention)
def test_what_has_ended_stays_as_it_ended(
    made: Created, events: list[Intervention], late: Intervention
) -> None:
    """Nothing that happens after the end changes anything."""
    moments = timeline(made, events)
    assume(moments[-1].ended)
    after_end = replace(late, at_ms=late.at_ms + moments[-1].after_ms + 1_000)
    assert timeline(made, [*events, after_end]) == moments


@given(created, interventions, intervention)
def test_nothing_rewrites_the_past(
    made: Created, events: list[Intervention], late: Intervention
) -> None:
    """What a look has seen stays seen: an intervention changes only its own instant and later."""
    latest = replace(late, at_ms=max([late.at_ms, *(event.at_ms for event in events)]))
    now_ms = latest.at_ms - made.at_ms
    before = timeline(made, events)
    after = timeline(made, [*events, latest])
    assert [moment for moment in after if moment.after_ms < now_ms] == [
        moment for moment in before if moment.after_ms < now_ms
    ]


@given(
    created,
    st.lists(intervention, max_size=4, unique_by=lambda event: event.at_ms).flatmap(
        lambda events: st.tuples(st.just(events), st.permutations(events))
    ),
)
def test_the_order_in_which_events_are_told_does_not_matter(
    made: Created, events: tuple[list[Intervention], list[Intervention]]
) -> None:
    """Instants order events; only events of one instant keep the order they were added in."""
    assert timeline(made, events[0]) == timeline(made, events[1])


@given(created, interventions)
def test_logs_only_grow(made: Created, events: list[Intervention]) -> None:
    """Text that was printed is never taken back."""
    moments = timeline(made, events)
    assert all(after.logs.startswith(before.logs) for before, after in pairwise(moments))


@given(created, interventions)
def test_an_error_belongs_to_a_failure(made: Created, events: list[Intervention]) -> None:
    """Only what failed says why."""
    moments = timeline(made, events)
    assert {moment.status for moment in moments if moment.error is not None} <= {S.FAILED}


@given(created, interventions)
def test_a_start_is_told_once_it_ran(made: Created, events: list[Intervention]) -> None:
    """`started_after_ms` is the instant of the first `processing`, from then on."""
    moments = timeline(made, events)
    ran = [moment.after_ms for moment in moments if moment.status is S.PROCESSING]
    told = {moment.started_after_ms for moment in moments} - {None}
    assert told == set(ran[:1])


@given(created, interventions)
def test_success_shows_every_output(made: Created, events: list[Intervention]) -> None:
    """However a prediction came to succeed, all of its outputs are there."""
    shown = {one.outputs for one in timeline(made, events) if one.status is S.SUCCEEDED}
    assert shown <= {made.plan.outputs}


@given(created)
def test_untouched_predictions_share_the_moments_of_their_plan(made: Created) -> None:
    """A million predictions nobody touched have one timeline in memory."""
    assert timeline(replace(made, deadline_ms=None)) is made.plan.moments


@given(created, interventions, st.integers(0, 30_000))
def test_nothing_outlives_its_deadline(
    made: Created, events: list[Intervention], deadline_ms: int
) -> None:
    """Whatever else happens, at the deadline it has ended."""
    moments = timeline(replace(made, deadline_ms=deadline_ms), events)
    assert in_force(moments, deadline_ms).ended
