"""What a search tells is true: seen again, shrunk, within its budget, the same for a seed."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import strategies as st

from mockserver.contract.fuzzing import search as room
from mockserver.contract.fuzzing.failure import confirmed, failure
from mockserver.contract.fuzzing.play import Play
from mockserver.contract.fuzzing.profiles import searching
from mockserver.contract.fuzzing.search import Search
from mockserver.contract.fuzzing.steps import Create, Mistake, Step
from mockserver.contract.strategies import Mutation, inputs
from mockserver.fuzzed import Subject
from mockserver.library.models import Model
from tests.contract.fuzzing.conftest import Between, Open


Searched = Callable[[Subject], Search]


def refused(_: httpx.Request) -> httpx.Response:
    """The gateway is out of order."""
    return httpx.Response(503, json={"title": "no", "detail": "no", "status": 503})


def test_nothing_is_found_where_nothing_is_wrong(opened: Open, searched: Searched) -> None:
    """And every sort was looked for."""
    search = searched(opened())
    assert list(search.failures()) == []
    assert (search.unrepeated, search.over) == ([], "")
    assert search.cases >= 30


def test_what_does_not_show_again_is_no_alarm(
    opened: Open, between: Between, searched: Searched
) -> None:
    """Told beside the failures, and counted as none."""
    asked = 0

    def out_of_order_once(request: httpx.Request, behind: httpx.BaseTransport) -> httpx.Response:
        nonlocal asked
        asked += request.method == "POST"
        return refused(request) if asked == 20 else behind.handle_request(request)

    between(out_of_order_once)
    search = searched(opened())
    assert list(search.failures()) == []
    assert [one.confirmed for one in search.unrepeated] == [None]


def test_an_input_that_the_schema_does_not_bear_out_is_no_alarm(opened: Open) -> None:
    """Whatever the provider says of it: the mistake is ours."""
    subject = opened()
    (model,) = subject.models
    play = subject.begin(model)
    found = play.all((Create({"prompt": 7}),))
    assert found
    assert confirmed(failure(play, found), subject.begin) is None


def test_a_wrong_strategy_makes_no_alarm(
    opened: Open, searched: Searched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should it ever draw a right input for a wrong one."""

    def right(model: Model) -> st.SearchStrategy[Mutation]:
        return inputs(model).map(lambda one: Mutation(one, "input.prompt", "prompt", "type"))

    monkeypatch.setattr(room, "invalid_inputs", right)
    search = searched(opened())
    assert list(search.failures()) == []
    assert {one.code for one in search.unrepeated} == {"E106"}


def test_a_mistake_that_is_taken_is_found_as_such(
    opened: Open, between: Between, searched: Searched
) -> None:
    """A gateway that drops what it does not understand, instead of refusing it."""

    def lenient(request: httpx.Request, behind: httpx.BaseTransport) -> httpx.Response:
        told = behind.handle_request(request)
        if told.status_code != 422:
            return told
        body = b'{"input":{"prompt":"a cat"}}'
        headers = {**request.headers, "content-length": str(len(body))}
        again = httpx.Request("POST", request.url, headers=headers, content=body)
        return behind.handle_request(again)

    between(lenient)
    (seen,) = searched(opened()).failures()
    assert (seen.code, len(seen.steps), seen.confirmed) == ("E106", 1, True)
    assert isinstance(seen.steps[0], Mistake)


def test_a_refusal_that_blames_another_field_is_found(
    opened: Open, between: Between, searched: Searched
) -> None:
    """The right place is the one that is wrong."""

    def confused(request: httpx.Request, behind: httpx.BaseTransport) -> httpx.Response:
        told = behind.handle_request(request)
        text = told.read().replace(b"- input.seed:", b"- input.go_fast:")
        kept = {"content-type": told.headers.get("content-type", "")}
        return httpx.Response(told.status_code, headers=kept, content=text)

    between(confused)
    found = {one.code: one for one in searched(opened()).failures()}
    assert [step.field for step in found["E103"].steps if isinstance(step, Mistake)] == [
        "input.seed"
    ]


def test_a_broken_connection_is_found_as_no_answer(
    opened: Open, between: Between, searched: Searched
) -> None:
    """Whatever was asked."""

    def deaf(request: httpx.Request, behind: httpx.BaseTransport) -> httpx.Response:
        if request.url.path.endswith("/cancel"):
            raise httpx.ReadTimeout("nothing came", request=request)
        return behind.handle_request(request)

    between(deaf)
    (seen,) = searched(opened()).failures()
    assert (seen.code, len(seen.steps)) == ("E108", 2)


def test_the_same_seed_draws_the_same(opened: Open) -> None:
    """Another one draws otherwise."""

    def drawn(seed: int) -> list[Step]:
        steps: list[Step] = []
        subject = opened()

        def begin(model: Model) -> Play:
            play = subject.begin(model)
            play.steps = steps
            return play

        Search(begin, searching("dev", 5), seed).lives(subject.scope)
        return steps

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_budget_ends_a_search(opened: Open, searched: Searched) -> None:
    """No more is made than it allows, and why no more was asked is told."""
    subject = opened(most=6)
    search = searched(subject)
    assert subject.exam.budget.asked == 6
    assert "6 of 6 predictions are used up" in search.over


def test_what_is_kept_back_is_for_asking_once_more(
    opened: Open, between: Between, searched: Searched
) -> None:
    """A failure costs what the budget has kept, and no more; without that it is unconfirmed."""

    def unlike(request: httpx.Request, behind: httpx.BaseTransport) -> httpx.Response:
        told = behind.handle_request(request)
        told.status_code = 206 if told.status_code == 201 else told.status_code
        return told

    between(unlike)
    kept, poor = opened(most=12), opened(most=5)
    kept.keep_back()
    assert kept.exam.budget.kept == 5
    for subject, expected in ((kept, True), (poor, None)):
        search = searched(subject)
        assert [one.confirmed for one in search.failures()] == [expected]
        assert subject.exam.budget.asked <= (subject.exam.budget.max_predictions or 0)
