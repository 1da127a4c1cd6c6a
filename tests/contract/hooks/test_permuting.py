"""The delivery permuter: every legal order, and an app that must end the same."""

from __future__ import annotations

from itertools import combinations
from math import factorial, prod
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.receiver import Inbox
from mockserver.contract.hooks.app import App
from mockserver.contract.hooks.cases import load_cases
from mockserver.contract.hooks.permuting import Wanted, orders, permuted, spelled, told
from mockserver.contract.hooks.reaching import CalledReceiver
from mockserver.contract.hooks.story import Job, Via
from tests.contract.hooks.receivers import (
    SECRET,
    Constant,
    Dropping,
    Forgetful,
    LastWins,
    trial_of,
    tried,
)


if TYPE_CHECKING:
    from pathlib import Path

    from mockserver.contract.hooks.run import Trial
    from mockserver.contract.hooks.story import Story
    from mockserver.stories import Teller

HEARD: Final = ("created", "start", "logs", "poll", "completed", "poll-2")
ALL: Final = 1_000_000


def test_an_app_hears_of_each_event_once_and_of_what_it_can_be_told(story: Story) -> None:
    """In the order in which it happened."""
    assert told(tried(Inbox(SECRET), story)) == HEARD
    assert told(trial_of(Constant(200), story)) == ("start", "logs", "completed")


@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize("lost", [0, 1, 3])
def test_there_are_as_many_orders_as_the_closed_form_says(
    story: Story, copies: int, lost: int
) -> None:
    """Own calls are one chain of three; a webhook is one of `copies`; whichever may get lost."""

    def form(hooks: int) -> int:
        return factorial(3 + copies * hooks) // prod([factorial(3), *[factorial(copies)] * hooks])

    every = orders(story, HEARD, Wanted(copies, lost))
    assert every.count == sum(
        form(3 - gone) for gone in range(lost + 1) for _ in combinations("abc", gone)
    )


@given(data=st.data())
def test_every_order_is_legal(story: Story, data: st.DataObject) -> None:
    """Own calls in their turn, and every copy of what is not lost."""
    wanted = Wanted(data.draw(st.integers(1, 2)), data.draw(st.integers(0, 3)))
    every = orders(story, HEARD, wanted)
    order = every.order(data.draw(st.integers(0, every.count - 1)))
    own = [name for name in order if story.part(name).via is not Via.HOOK]
    hooks = [name for name in order if story.part(name).via is Via.HOOK]
    assert own == ["created", "poll", "poll-2"]
    assert {hooks.count(name) for name in set(hooks)} <= {wanted.copies}
    assert len({"start", "logs", "completed"} - set(hooks)) <= wanted.lost


def test_the_end_is_lost_only_where_a_look_tells_it(story: Story) -> None:
    """An app that nobody tells cannot know."""
    hooks = ("start", "completed")
    every = orders(story, hooks, Wanted(lost=2))
    assert [every.order(number) for number in range(every.count)] == [
        ("start", "completed"),
        ("completed", "start"),
        ("completed",),
    ]


@pytest.mark.parametrize("scenario", ["happy", "failed", "canceled", "aborted"])
def test_a_good_app_ends_the_same_in_every_order(teller: Teller, scenario: str) -> None:
    """Every end, everything twice at most, some of it lost."""
    story = teller.story(Job(scenario=scenario, polls=2))
    seen = permuted(tried(Inbox(SECRET), story), Wanted(lost=1, most=ALL))
    assert (seen.case, seen.finding) == (None, None)
    assert seen.tried == seen.total > 10
    twice = permuted(tried(Inbox(SECRET), story), Wanted(copies=2, most=60))
    assert (twice.case, twice.tried) == (None, 60)


def test_a_race_is_found_and_told_with_as_little_disorder_as_shows_it(story: Story) -> None:
    """One webhook overtook the end; all others stand where they belong."""
    seen = permuted(tried(LastWins(SECRET), story), Wanted(most=ALL))
    assert seen.case is not None
    assert seen.finding is not None
    assert [send.event for send in seen.case.sends] == [
        "created",
        "start",
        "poll",
        "completed",
        "poll-2",
        "logs",
    ]
    assert seen.finding.code == "H109"
    assert seen.total == 120


def test_copies_that_do_not_matter_are_left_away(story: Story) -> None:
    """What comes twice in the order that is told is what is wrong."""
    seen = permuted(tried(Forgetful(SECRET), story), Wanted(copies=2))
    assert seen.case is not None
    events = [send.event for send in seen.case.sends]
    assert {name for name in events if events.count(name) > 1} == {"completed"}


def test_an_app_that_drops_what_came_too_early_is_found(story: Story) -> None:
    """Even where it learns the rest by looking: only the lost looks show it."""
    app = Dropping(SECRET)
    trial = trial_of(CalledReceiver(app.take), story, App(app.learn, None, app.jobs.get))
    seen = permuted(trial, Wanted(most=ALL))
    assert seen.case is not None
    assert [send.event for send in seen.case.sends] == ["start", "logs", "completed", "created"]


def test_the_same_seed_tries_the_same_orders(story: Story) -> None:
    """Another one others, until all are tried."""

    def first_wrong(seed: int) -> tuple[int, int]:
        seen = permuted(tried(LastWins(SECRET), story), Wanted(most=10, seed=seed))
        return seen.tried, seen.total

    assert first_wrong(3) == first_wrong(3)


def test_a_wrong_order_is_kept_as_a_case_that_fails_again(teller: Teller, tmp_path: Path) -> None:
    """The file names the job; a good app passes it, the bad one does not."""
    job = Job(scenario="failed", polls=1)
    seen = permuted(tried(LastWins(SECRET), teller.story(job)), Wanted())
    assert seen.case is not None
    path = tmp_path / "order.toml"
    path.write_text(spelled(seen.case, job), encoding="utf-8")
    file = load_cases(path)
    assert file.job == job
    story = teller.story(job)
    assert codes(tried(LastWins(SECRET), story), path) == ["H109"]
    assert codes(tried(Inbox(SECRET), story), path) == []


def codes(trial: Trial, path: Path) -> list[str]:
    """What the cases of a file find."""
    return [found.code for one in trial.examined(load_cases(path).cases) for found in one.findings]
