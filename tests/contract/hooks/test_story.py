"""A job as an app hears of it, and the same of another prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.contract.hooks.story import Via, comparable, numbered
from mockserver.core.signature import ID
from mockserver.library.errors import UnknownName


if TYPE_CHECKING:
    from mockserver.contract.hooks.story import Story


def test_a_story_is_told_in_the_order_in_which_it_happened(story: Story) -> None:
    """The answer of the create call first, the end last."""
    assert [(part.name, part.prediction["status"]) for part in story.parts] == [
        ("created", "starting"),
        ("start", "starting"),
        ("logs", "processing"),
        ("poll", "processing"),
        ("logs-2", "processing"),
        ("completed", "succeeded"),
        ("poll-2", "succeeded"),
    ]


def test_an_unknown_event_is_refused_with_the_known_ones(story: Story) -> None:
    """A job tells only what happened in it."""
    assert "output" not in story
    with pytest.raises(UnknownName, match="no event of this job is named 'outptu'"):
        story.part("outptu")


def test_a_renamed_story_is_of_another_prediction(story: Story) -> None:
    """Its id is another everywhere but in the addresses of its files, and so are webhook ids."""
    other = story.renamed("other")
    assert other.prediction_id != story.prediction_id
    for mine, its in zip(story.parts, other.parts, strict=True):
        assert its.prediction["id"] == other.prediction_id
        assert its.prediction["urls"]["get"].endswith(other.prediction_id)  # type: ignore[index]
        assert its.prediction.get("output") == mine.prediction.get("output")
    ids = [part.letter.header(ID) for one in (story, other) for part in one.of(Via.HOOK)]
    assert len(set(ids)) == len(ids)


def test_the_same_purpose_gives_the_same_story(story: Story) -> None:
    """So that a run repeats."""
    assert story.renamed("x") == story.renamed("x") != story.renamed("y")


def test_a_story_can_be_told_of_a_prediction_that_is_named(story: Story) -> None:
    """One that the app has made."""
    told = story.told_of("mine")
    assert {part.prediction["id"] for part in told.parts} == {"mine"}


def test_what_differs_in_every_story_is_left_out_where_they_are_compared(story: Story) -> None:
    """Ids of predictions and webhooks, wherever they stand in what an app believes."""
    one, other = story.renamed("one"), story.renamed("other")

    def believed(it: Story) -> object:
        hook = it.part("completed").letter.header(ID)
        return {
            it.prediction_id: [f"/jobs/{it.prediction_id}", 1, None],
            "seen": {hook},
            "last": (hook, 2.5),
        }

    assert believed(one) != believed(other)
    assert comparable(believed(one), one.names) == comparable(believed(other), other.names)


def test_names_that_come_again_are_numbered() -> None:
    """From the second on."""
    assert list(numbered(("a", "b", "a", "a"))) == ["a", "b", "a-2", "a-3"]
