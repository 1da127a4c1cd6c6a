"""A small provider behind httpx, and searches of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from mockserver import examine
from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.fuzzing.profiles import searching
from mockserver.contract.fuzzing.search import Search
from mockserver.examine import Target
from mockserver.fuzzed import Subject, subject_of
from tests.contract.fuzzing.broken import in_front, own_fake


EXAMPLES = 10
TOKEN = "a-token"

Answer = Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]
"""Answers a request, or lets the fake behind it do so."""
Between = Callable[[Answer], None]
Open = Callable[..., Subject]


class Changing(httpx.BaseTransport):
    """Somebody between a client and the fake."""

    def __init__(self, answer: Answer, behind: httpx.BaseTransport) -> None:
        self._answer = answer
        self._behind = behind

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What they say."""
        return self._answer(request, self._behind)


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens subjects, as `mockserver fuzz` does, each within a budget."""
    with ExitStack() as stack:

        def run(
            url: str = "",
            *,
            gateway: str = "replicate",
            most: int | None = None,
        ) -> Subject:
            target = Target(url, gateway, TOKEN, MODEL, 0.0, draws=False)
            return stack.enter_context(subject_of(target, Budget(most), [MODEL]))

        yield run


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Puts somebody in front of the fake that subjects are opened at."""

    def run(answer: Answer) -> None:
        changed = own_fake(in_front(lambda behind: Changing(answer, behind)))
        monkeypatch.setattr(examine, "own_fake", changed)

    return run


@pytest.fixture
def searched() -> Callable[[Subject], Search]:
    """A search of a subject, by few examples that are the same in every run."""

    def run(subject: Subject) -> Search:
        search = Search(subject.begin, searching("ci", EXAMPLES))
        search.all(subject.scope)
        return search

    return run
