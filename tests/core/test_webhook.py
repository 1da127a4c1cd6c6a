"""Webhooks as a reader of the timeline: what is told, when, and how often."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockserver.core.readers import ending
from mockserver.core.timeline import (
    Beat,
    CancelAsked,
    Created,
    Moment,
    Plan,
    Status,
    Step,
    in_force,
    timeline,
)
from mockserver.core.webhook import (
    ALIAS_EVENTS,
    THROTTLE_MS,
    HookEvent,
    attempts_ms,
    hooks,
)


ALL = tuple(HookEvent)
FILTERS = st.lists(st.sampled_from(HookEvent), unique=True)
LIVES = st.builds(
    timeline,
    st.from_type(Created),
    st.lists(st.from_type(CancelAsked), max_size=2),
)


def lived(*beats: Beat, outputs: int = 3, lasts_ms: int = 5_000) -> tuple[Moment, ...]:
    """The moments of a success that began at once and had these beats."""
    steps = (
        Step(Status.STARTING, 0),
        Step(Status.PROCESSING, lasts_ms, beats),
        Step(Status.SUCCEEDED),
    )
    return Plan(steps, outputs).moments


def told(moments: tuple[Moment, ...], *wanted: str) -> list[tuple[str, int]]:
    """Events and instants."""
    return [(hook.event, hook.after_ms) for hook in hooks(moments, wanted)]


@given(LIVES, FILTERS)
def test_the_end_is_told_exactly_once_and_last(
    moments: tuple[Moment, ...], wanted: list[HookEvent]
) -> None:
    """Whoever wants `completed` gets it where there is an end, and nothing after it."""
    events = [hook.event for hook in hooks(moments, wanted)]
    expected = ending(moments) is not None and (not wanted or HookEvent.COMPLETED in wanted)
    assert events.count(HookEvent.COMPLETED) == expected
    assert HookEvent.COMPLETED not in events[:-1]


@given(LIVES, FILTERS)
def test_only_what_is_wanted_is_told(moments: tuple[Moment, ...], wanted: list[HookEvent]) -> None:
    """Without a filter: outputs and the end."""
    events = {hook.event for hook in hooks(moments, wanted)}
    assert events <= set(wanted or (HookEvent.OUTPUT, HookEvent.COMPLETED))


@given(LIVES)
def test_the_beginning_is_told_first(moments: tuple[Moment, ...]) -> None:
    """Once, with the status `starting` or whatever follows in the same instant."""
    first, *others = hooks(moments, ALL)
    assert (first.event, first.after_ms) == (HookEvent.START, 0)
    assert HookEvent.START not in {hook.event for hook in others}


@given(LIVES, FILTERS, st.sampled_from([HookEvent.OUTPUT, HookEvent.LOGS]))
def test_the_throttle_is_respected(
    moments: tuple[Moment, ...], wanted: list[HookEvent], event: HookEvent
) -> None:
    """`output` and `logs` come at most once in 500 ms, each for itself."""
    instants = [hook.after_ms for hook in hooks(moments, wanted) if hook.event is event]
    assert all(after - before >= THROTTLE_MS for before, after in pairwise(instants))


@given(LIVES, FILTERS)
def test_a_hook_shows_what_a_look_would(
    moments: tuple[Moment, ...], wanted: list[HookEvent]
) -> None:
    """In order, each with the moment in force at its instant."""
    found = hooks(moments, wanted)
    assert all(hook.moment == in_force(moments, hook.after_ms) for hook in found)
    assert sorted(hook.after_ms for hook in found) == [hook.after_ms for hook in found]


@given(LIVES)
def test_no_output_is_lost(moments: tuple[Moment, ...]) -> None:
    """Where outputs only grow, the last body shows them all."""
    counts = [moment.outputs for moment in moments]
    assume(counts == sorted(counts))
    shown = [0, *(hook.moment.outputs for hook in hooks(moments))]
    assert shown[-1] == counts[-1]


@given(LIVES, FILTERS, st.integers(0, 20_000))
def test_what_was_told_stays_told(
    moments: tuple[Moment, ...], wanted: list[HookEvent], after_ms: int
) -> None:
    """A cancel changes nothing that was told before it."""
    plan_end = ending(moments)
    cut = (*(one for one in moments if one.after_ms < after_ms),)
    changed = (
        moments
        if not cut or (plan_end is not None and plan_end.after_ms <= after_ms)
        else (*cut, Moment(after_ms, Status.CANCELED, cut[-1].logs, cut[-1].outputs))
    )
    before = [hook for hook in hooks(moments, wanted) if hook.after_ms < after_ms]
    assert [hook for hook in hooks(changed, wanted) if hook.after_ms < after_ms] == before


def test_news_is_held_back_and_the_last_state_wins() -> None:
    """Three outputs within 500 ms make two webhooks, and the second shows the third output."""
    moments = lived(Beat(100, outputs=1), Beat(200, outputs=2), Beat(300, outputs=3))
    found = hooks(moments, (HookEvent.OUTPUT,))
    assert [(hook.after_ms, hook.moment.outputs) for hook in found] == [(100, 1), (600, 3)]


def test_outputs_and_logs_are_held_back_each_for_itself() -> None:
    """A log line does not delay an output."""
    moments = lived(Beat(100, "one\n"), Beat(200, outputs=1), outputs=1)
    assert told(moments, *ALL) == [
        ("start", 0),
        ("logs", 100),
        ("output", 200),
        ("completed", 5_000),
    ]


def test_what_appears_at_the_end_is_told_by_the_end() -> None:
    """The usual picture: its output comes with success, so that there is one webhook."""
    assert told(lived()) == [("completed", 5_000)]
    assert told(lived(), "output") == [("output", 5_000)]


def test_what_was_held_back_until_the_end_is_told_by_it() -> None:
    """Nothing follows `completed`."""
    moments = lived(Beat(4_700, "one\n"), Beat(4_900, "two\n"))
    assert told(moments, "logs", "completed") == [("logs", 4_700), ("completed", 5_000)]
    assert told(moments, "logs") == [("logs", 4_700), ("logs", 5_200)]


def test_the_old_name_of_the_webhook_means_the_end() -> None:
    """`webhook_completed` is told nothing else."""
    assert told(lived(Beat(1, "log\n", 1)), *ALIAS_EVENTS) == [("completed", 5_000)]


@pytest.mark.parametrize("event", ["start", "output", "logs"])
def test_what_is_not_the_end_is_tried_once(event: str) -> None:
    """Source: replicate.com/docs/topics/webhooks/receive-webhook."""
    assert attempts_ms(event, 7) == (7,)


def test_the_end_is_tried_again_for_about_a_minute() -> None:
    """Each wait is twice as long as the one before."""
    tried = attempts_ms("completed", 1_000)
    waits = [after - before for before, after in pairwise(tried)]
    assert all(after == 2 * before for before, after in pairwise(waits))
    assert 55_000 <= tried[-1] - tried[0] <= 65_000
