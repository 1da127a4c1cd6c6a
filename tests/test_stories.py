"""Jobs told by the fake: what an app would hear of them, and nothing that is written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from mockserver.contract.hooks.story import Job, Via
from mockserver.core.clock import EPOCH_MS
from mockserver.core.ids import created_ms
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.stories import PROMPT, telling


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.stories import Teller

TEXT: Final = "meta/meta-llama-3-8b-instruct"


@pytest.fixture(scope="module")
def teller() -> Iterator[Teller]:
    """Who tells."""
    with telling() as teller:
        yield teller


@pytest.mark.parametrize(
    ("scenario", "status"),
    [("happy", "succeeded"), ("failed", "failed"), ("canceled", "canceled"), ("nsfw", "failed")],
)
def test_a_job_is_told_to_its_end(teller: Teller, scenario: str, status: str) -> None:
    """Whatever that is."""
    story = teller.story(Job(scenario=scenario))
    assert story.parts[-1].name == "completed"
    assert story.parts[-1].prediction["status"] == status


def test_only_the_events_that_are_asked_for_are_told(teller: Teller) -> None:
    """What is new at the end is told by `output` where nobody wants `completed`."""
    story = teller.story(Job(events=("output",)))
    assert [part.name for part in story.of(Via.HOOK)] == ["output"]
    assert story.part("output").prediction["status"] == "succeeded"


def test_a_model_that_streams_tells_outputs_as_they_come(teller: Teller) -> None:
    """Each with a number from the second on."""
    names = [part.name for part in teller.story(Job(TEXT)).of(Via.HOOK)]
    assert {"start", "output", "output-2", "completed"} <= set(names)


@pytest.mark.parametrize("model", [one.full_name for one in Catalogue().models()])
def test_every_model_has_a_job_to_tell(teller: Teller, model: str) -> None:
    """Whatever its input demands."""
    story = teller.story(Job(model))
    assert story.parts[-1].prediction["model"] == model
    assert story.parts[-1].prediction["status"] == "succeeded"


def test_a_life_without_end_is_told_for_an_hour(teller: Teller) -> None:
    """There is no end to be told, and it can be looked at."""
    story = teller.story(Job(scenario="stuck-processing", polls=2))
    assert "completed" not in story
    assert story.part("poll-2").prediction["status"] == "processing"


def test_a_job_begins_when_it_is_said_to(teller: Teller) -> None:
    """By default where frozen clocks begin, so that it repeats."""
    begins_ms = EPOCH_MS + 86_400_000
    assert created_ms(teller.story(Job(begins_ms=begins_ms)).prediction_id) == begins_ms
    assert created_ms(teller.story(Job()).prediction_id) == EPOCH_MS


def test_the_same_seed_tells_the_same_job(teller: Teller) -> None:
    """Another one another."""
    ids = [teller.story(Job(seed=seed)).prediction_id for seed in (1, 1, 2)]
    assert ids[1] != ids[2]


def test_its_files_can_be_fetched_and_its_prompt_has_other_letters(teller: Teller) -> None:
    """Also of the same job of another prediction; what is renamed stays where it is."""
    completed = teller.story(Job()).renamed("other").part("completed").prediction
    assert completed["input"]["prompt"] == PROMPT  # type: ignore[index]
    output: Any = completed["output"]
    assert httpx.get(output[0]).status_code == 200


def test_what_there_is_not_is_told_by_name(teller: Teller) -> None:
    """Models and scenarios."""
    with pytest.raises(LibraryError, match="no model is called no/body"):
        teller.story(Job("no/body"))
    with pytest.raises(LibraryError, match="no scenario is named 'luck'"):
        teller.story(Job(scenario="luck"))
