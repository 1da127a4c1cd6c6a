"""A prediction is its events; what they imply is its timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from mockserver.core.timeline import (
    NEXT,
    TERMINAL,
    Beat,
    CancelAsked,
    Created,
    Forced,
    Intervention,
    Moment,
    Plan,
    Status,
    Step,
    in_force,
    timeline,
)


S: Final = Status
HAPPY: Final = Plan(
    steps=(
        Step(S.STARTING, 300),
        Step(S.PROCESSING, 4_900, (Beat(0, "Using seed\n"), Beat(2_000, "half\n", outputs=1))),
        Step(S.SUCCEEDED),
    ),
    outputs=2,
)
MADE: Final = Created(
    id="m5kqz2m6tdrma0crasq8dr1gbc",
    at_ms=1_000_000,
    model="black-forest-labs/flux-kontext-pro",
    version="hidden",
    input=b'{"prompt":"a lighthouse"}',
    seed=7,
    plan=HAPPY,
)


def at(after_ms: int) -> int:
    """World time `after_ms` after `MADE` was created."""
    return MADE.at_ms + after_ms


def status(made: Created, events: tuple[Intervention, ...], after_ms: int) -> Status:
    """The status that a look `after_ms` after creation sees."""
    return in_force(timeline(made, events), after_ms).status


# The table


def test_terminal_is_what_nothing_follows() -> None:
    """Four statuses are final, and they are those without a successor."""
    assert frozenset({S.SUCCEEDED, S.FAILED, S.CANCELED, S.ABORTED}) == TERMINAL


def test_the_table_speaks_of_every_status() -> None:
    """A status that is missing from the table could never be left."""
    assert set(NEXT) == set(Status)


def test_only_what_never_ran_is_aborted() -> None:
    """Aborted means that it ended before it ran, and so costs nothing."""
    assert [before for before, following in NEXT.items() if S.ABORTED in following] == [S.STARTING]


# The clock of a life


@pytest.mark.parametrize(
    ("after_ms", "seen"),
    [
        (-1_000, S.STARTING),
        (0, S.STARTING),
        (299, S.STARTING),
        (300, S.PROCESSING),
        (5_199, S.PROCESSING),
        (5_200, S.SUCCEEDED),
        (10**12, S.SUCCEEDED),
    ],
)
def test_a_step_begins_at_its_millisecond(after_ms: int, seen: Status) -> None:
    """Boundaries are exact; before its creation a prediction is seen as it began."""
    assert status(MADE, (), after_ms) is seen


@pytest.mark.parametrize(
    ("after_ms", "logs", "outputs"),
    [
        (299, "", 0),
        (300, "Using seed\n", 0),
        (2_299, "Using seed\n", 0),
        (2_300, "Using seed\nhalf\n", 1),
        (5_200, "Using seed\nhalf\n", 2),
    ],
)
def test_beats_count_from_the_beginning_of_their_step(
    after_ms: int, logs: str, outputs: int
) -> None:
    """Logs grow and outputs appear while a step lasts."""
    seen = in_force(timeline(MADE), after_ms)
    assert (seen.logs, seen.outputs) == (logs, outputs)


def test_of_moments_at_one_instant_the_last_is_seen() -> None:
    """A scenario without any delay has succeeded before anybody can look."""
    plan = Plan((Step(S.STARTING, 0), Step(S.PROCESSING, 0), Step(S.SUCCEEDED)))
    assert status(replace(MADE, plan=plan), (), 0) is S.SUCCEEDED


# Cancel


@pytest.mark.parametrize("after_ms", [-5, 0, 299, 300, 5_199])
def test_a_cancel_ends_what_has_not_ended(after_ms: int) -> None:
    """From the instant of the cancel on, the prediction is canceled for good."""
    moments = timeline(MADE, [CancelAsked(at(after_ms))])
    assert (moments[-1].status, moments[-1].after_ms) == (S.CANCELED, max(0, after_ms))


def test_a_cancel_comes_after_what_happened_at_its_instant() -> None:
    """Who listens hears that it began to run, and then that it was canceled."""
    moments = timeline(MADE, [CancelAsked(at(300))])
    assert [moment.status for moment in moments] == [
        S.STARTING,
        S.PROCESSING,
        S.PROCESSING,
        S.CANCELED,
    ]


def test_a_cancel_keeps_what_was_made_so_far() -> None:
    """Logs, outputs and the start stay; no error is told."""
    last = timeline(MADE, [CancelAsked(at(2_500))])[-1]
    assert last == Moment(2_500, S.CANCELED, "Using seed\nhalf\n", 1, None, 300)


def test_cancel_after_success_changes_nothing() -> None:
    """A prediction that has ended stays as it ended."""
    assert timeline(MADE, [CancelAsked(at(5_200))]) == timeline(MADE)


@pytest.mark.parametrize(
    ("events", "last"),
    [
        ((CancelAsked(at(100)), Forced(S.FAILED, at(100))), S.CANCELED),
        ((Forced(S.FAILED, at(100)), CancelAsked(at(100))), S.FAILED),
    ],
)
def test_of_two_ends_at_one_instant_the_first_counts(
    events: tuple[Intervention, ...], last: Status
) -> None:
    """Where instants do not decide, the order does in which the events were added."""
    assert timeline(MADE, events)[-1].status is last


# The deadline


@pytest.mark.parametrize(
    ("deadline_ms", "last"),
    [
        (0, S.ABORTED),
        (299, S.ABORTED),
        (300, S.CANCELED),
        (5_199, S.CANCELED),
        (5_200, S.SUCCEEDED),
    ],
)
def test_a_deadline_aborts_what_never_ran_and_cancels_what_runs(
    deadline_ms: int, last: Status
) -> None:
    """Aborted costs nothing, so only what never ran may be; what has ended stays."""
    assert timeline(replace(MADE, deadline_ms=deadline_ms))[-1].status is last


def test_a_cancel_before_the_deadline_comes_first() -> None:
    """The earlier end counts, though the deadline was known from the beginning."""
    made = replace(MADE, deadline_ms=200)
    assert timeline(made, [CancelAsked(at(100))])[-1].status is S.CANCELED


def test_a_deadline_ends_what_was_forced_to_run() -> None:
    """Forcing an early start does not lift the deadline."""
    made = replace(MADE, deadline_ms=200)
    last = timeline(made, [Forced(S.PROCESSING, at(100))])[-1]
    assert (last.status, last.after_ms) == (S.CANCELED, 200)


# Force


@pytest.mark.parametrize(
    ("after_ms", "wanted", "way"),
    [
        (100, S.PROCESSING, [S.STARTING, S.PROCESSING]),
        (100, S.SUCCEEDED, [S.STARTING, S.PROCESSING, S.SUCCEEDED]),
        (100, S.FAILED, [S.STARTING, S.FAILED]),
        (100, S.CANCELED, [S.STARTING, S.CANCELED]),
        (100, S.ABORTED, [S.STARTING, S.ABORTED]),
    ],
)
def test_forcing_takes_the_shortest_legal_way(
    after_ms: int, wanted: Status, way: list[Status]
) -> None:
    """A status that may not follow at once is reached by way of `processing`, in no time."""
    moments = timeline(MADE, [Forced(wanted, at(after_ms))])
    assert [moment.status for moment in moments] == way
    assert {moment.after_ms for moment in moments[1:]} == {after_ms}


@pytest.mark.parametrize(
    ("after_ms", "wanted"),
    [
        (100, S.STARTING),
        (1_000, S.STARTING),
        (1_000, S.PROCESSING),
        (1_000, S.ABORTED),
        (6_000, S.FAILED),
    ],
)
def test_forcing_what_is_not_legal_changes_nothing(after_ms: int, wanted: Status) -> None:
    """The prediction lives on as planned; it is not left hanging where it was."""
    assert timeline(MADE, [Forced(wanted, at(after_ms))]) == timeline(MADE)


def test_a_forced_start_waits_for_the_next_hand() -> None:
    """Who takes a prediction into their own hands also decides how it goes on."""
    events = (Forced(S.PROCESSING, at(100)), Forced(S.SUCCEEDED, at(9_000)))
    assert status(MADE, events, 8_999) is S.PROCESSING
    assert status(MADE, events, 9_000) is S.SUCCEEDED


@pytest.mark.parametrize(("error", "told"), [("disk full", "disk full"), (None, "planned")])
def test_a_forced_failure_says_why(error: str | None, told: str) -> None:
    """The reason given by hand, else the plan's own."""
    made = replace(MADE, plan=replace(HAPPY, error="planned"))
    assert timeline(made, [Forced(S.FAILED, at(1_000), error)])[-1].error == told


# Plans that cannot be


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((), "begins with starting, not with no step at all"),
        ((Step(S.PROCESSING),), "begins with starting, not with processing"),
        (
            (Step(S.STARTING, 1), Step(S.SUCCEEDED)),
            r"succeeded cannot follow starting \(legal: aborted, canceled, failed, processing\)",
        ),
        (
            (Step(S.STARTING, 1), Step(S.FAILED, 1), Step(S.CANCELED)),
            r"canceled cannot follow failed \(legal: nothing: it is final\)",
        ),
        (
            (Step(S.STARTING), Step(S.PROCESSING)),
            "processing never comes: starting lasts for ever",
        ),
        (
            (Step(S.STARTING, 9, (Beat(5), Beat(4))),),
            "a beat at 4 ms cannot follow one at 5 ms",
        ),
        (
            (Step(S.STARTING, None, (Beat(-1),)),),
            "a beat at -1 ms cannot follow one at 0 ms",
        ),
        (
            (Step(S.STARTING, 9, (Beat(10),)), Step(S.PROCESSING)),
            "starting lasts 9 ms, but needs 10 ms",
        ),
        (
            (Step(S.STARTING, -1), Step(S.PROCESSING)),
            "starting lasts -1 ms, but needs 0 ms",
        ),
    ],
)
def test_a_plan_that_breaks_the_table_or_time_is_refused(
    steps: tuple[Step, ...], reason: str
) -> None:
    """The message says what was seen and what would be legal."""
    with pytest.raises(ValueError, match=reason):
        Plan(steps)
