"""Who is fuzzed: accounts, budgets, and what is left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.contract.budget import MODEL, Budget, Spent
from mockserver.contract.evidence import Intent
from mockserver.contract.fuzzing.profiles import searching
from mockserver.contract.fuzzing.search import Search
from mockserver.contract.fuzzing.steps import Advance, Cancel, Create, ListAll, Look
from mockserver.examine import Target
from mockserver.fuzzed import played, subject_of
from mockserver.library.errors import LibraryError
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


NOBODY = "http://127.0.0.1:1/v1"
CAT = {"prompt": "a cat"}


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A fake on a socket, which takes some tokens only."""
    tokens = frozenset({"one", "two", "three", "poor"})
    with serve(Settings(clock="scaled:50", tokens=tokens)) as running:
        yield running


def at(url: str = "", token: str = "one", fault: str = "") -> Target:  # noqa: S107 - opens a fake
    """A target."""
    return Target(url, "replicate", token, MODEL, 0.0, fault, draws=False)


def test_at_our_own_fake_each_case_has_an_account() -> None:
    """It knows nothing of the cases before, and its time is its own."""
    with subject_of(at(), Budget(None)) as subject:
        first, second = (subject.begin(subject.models[0]) for _ in range(2))
        first.all((Create(CAT), Advance(3_600_000)))
        assert second.all((ListAll(),)) == []
        tokens = {one.exam.provider.token for one in (first, second)}
        assert len(tokens) == 2
        assert first.exam.provider.now_ms() - second.exam.provider.now_ms() == 3_600_000


def test_at_an_address_all_cases_share_an_account(server: LiveServer) -> None:
    """What was there before is asked first, and is nobody's twin."""
    with subject_of(at(server.base_url), Budget(None)) as subject:
        for _ in range(2):
            play = subject.begin(subject.models[0])
            assert play.all((Create(CAT), ListAll())) == []
            assert play.exam.exchanges[0].intent is Intent.LIST_BEFORE


def test_what_was_made_at_an_address_is_canceled_in_the_end(server: LiveServer) -> None:
    """It would go on costing; what has ended is left alone."""
    world = server.world("two", clock="manual", scenario="stuck-starting")
    with subject_of(at(server.base_url, "two"), Budget(None)) as subject:
        play = subject.begin(subject.models[0])
        play.all((Create(CAT), Create(CAT), Cancel(0), Look(0)))
    assert [one.status for one in world.predictions()] == ["canceled", "canceled"]
    asked = [one.interaction.request.path for one in world.journal]
    assert sum(path.endswith("/cancel") for path in asked) == 2


def test_a_whole_search_at_an_address_finds_nothing(server: LiveServer) -> None:
    """Real time, one account, a budget; no create call is sent twice."""
    world = server.world("three", clock="scaled:50")
    budget = Budget(12)
    with subject_of(at(server.base_url, "three"), budget) as subject:
        subject.keep_back()
        search = Search(subject.begin, searching("ci", 3))
        search.all(subject.scope)
        assert list(search.failures()) == []
    assert search.unrepeated == []
    assert len(world.predictions()) == len(budget.created) == budget.asked <= 10


def test_a_provider_that_asks_for_a_pause_gets_one(server: LiveServer) -> None:
    """429 or 402 to a create call ends the search: nobody insists."""
    server.world("poor", fault="http.retry_after;on=create")
    with subject_of(at(server.base_url, "poor"), Budget(None)) as subject:
        play = subject.begin(subject.models[0])
        with pytest.raises(Spent, match="answers 429"):
            play.all((Create(CAT),))


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (at(NOBODY), "no answer from http://127.0.0.1:1/v1: ConnectError"),
        (at("ftp://127.0.0.1/"), "expected a base URL"),
    ],
)
def test_who_cannot_be_asked_is_told(target: Target, says: str) -> None:
    """Before anything is drawn."""
    with pytest.raises(LibraryError, match=says), subject_of(target, Budget(None)):
        pytest.fail("there was nobody")


def test_a_key_that_is_not_taken_is_told(server: LiveServer) -> None:
    """Else all that is found would be that."""
    with (
        pytest.raises(LibraryError, match=r"the key is not taken \(401\)"),
        subject_of(at(server.base_url, "nobody's"), Budget(None)),
    ):
        pytest.fail("it was taken")


def test_a_model_that_nobody_has_is_told() -> None:
    """With the way to those there are."""
    with (
        pytest.raises(LibraryError, match="no model is called a/b; see `mockserver schemas list`"),
        subject_of(at(), Budget(None), ["a/b"]),
    ):
        pytest.fail("somebody has it")


def test_a_case_is_played_once_more_by_its_steps() -> None:
    """What the generated tests call."""
    assert played("replicate", MODEL, (Create(CAT), Look(0))) == []
    found = played("replicate", MODEL, (Create(CAT),), fault="gw.create_200")
    assert [one.code for one in found] == ["S101"]
