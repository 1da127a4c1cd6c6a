"""What can be asked of an app over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from examples.receiver import Inbox, create_app
from mockserver.contract.hooks.app import App, app_at
from mockserver.core.letter import Letter
from mockserver.library.errors import LibraryError
from tests.contract.hooks.receivers import SECRET, wsgi_served


if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.hooks.story import Story


@pytest.fixture
def url() -> Iterator[str]:
    """Where the good app is served."""
    with wsgi_served(create_app(inbox=Inbox(SECRET))) as url:
        yield url


def test_an_app_is_told_and_asked_at_its_addresses(url: str, story: Story) -> None:
    """JSON in, JSON out; nothing is known of what nobody told."""
    app = app_at(created=f"{url}/jobs", state=url + "/jobs/{id}")
    assert app.state is not None
    assert app.state(story.prediction_id) == {}
    app.tell(story.part("created"))
    app.tell(story.part("poll"))
    assert app.state(story.prediction_id) == {"status": "starting", "output": None, "paid": 0}


def test_what_is_no_json_is_compared_as_text(url: str) -> None:
    """A page, or the text of a 404: it may be all that an app believes."""
    state = app_at(state=url + "/elsewhere/{id}").state
    assert state is not None
    assert "Not Found" in str(state("x"))


def test_an_app_that_cannot_be_asked_ends_the_test(url: str, story: Story) -> None:
    """With what was asked; a wrong address would otherwise make all apps equal."""
    nameless = replace(story.part("created"), letter=Letter((), b"{}"))
    with pytest.raises(LibraryError, match=r"POST .*/jobs was answered 500"):
        app_at(created=f"{url}/jobs").tell(nameless)
    with pytest.raises(LibraryError, match=r"GET http://127\.0\.0\.1:1/x: no answer"):
        (app_at(state="http://127.0.0.1:1/{id}").state or str)("x")


def test_a_state_needs_the_place_of_the_id() -> None:
    """It is that of one prediction."""
    with pytest.raises(LibraryError, match=r"says where the id goes, \{id\}: http://app/jobs"):
        app_at(state="http://app/jobs")


def test_what_cannot_be_told_is_not_heard() -> None:
    """A webhook always is."""
    app = App(created=lambda _: None)
    assert [app.hears(name) for name in ("created", "poll", "poll-2", "start")] == [
        True,
        False,
        False,
        True,
    ]
