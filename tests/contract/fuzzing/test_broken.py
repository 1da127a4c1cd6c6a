"""Four providers, each broken in one way: the exam catches them, and so does the fuzzer."""

from __future__ import annotations

import pytest

from mockserver import examine
from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.fuzzing.failure import Failure
from mockserver.contract.fuzzing.profiles import searching
from mockserver.contract.fuzzing.search import Search
from mockserver.contract.run import CASES, examined
from mockserver.examine import Target, exam_of
from mockserver.fuzzed import subject_of
from tests.contract.fuzzing.broken import BROKEN, own_fake


MOST_STEPS = 3
TARGET = Target("", "replicate", "a-token", MODEL, 120.0, draws=False)

LIVES = [case for case in CASES if "webhooks" not in case.needs]
"""A store that loses what is watched breaks the fake's own postman, too."""

CAUGHT_BY_THE_EXAM = {
    "lost create": "S116",
    "illegal transition": "L103",
    "stale cache": "L115",
    "double create": "S113",
}
CAUGHT_BY_THE_FUZZER = {**CAUGHT_BY_THE_EXAM, "stale cache": "L114"}
"""Who moves the time itself knows at once what a look must find, and need not lose patience."""


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the four in turn, in the place of our own fake."""
    name: str = request.param
    monkeypatch.setattr(examine, "own_fake", own_fake(BROKEN[name]))
    return name


def failures() -> list[Failure]:
    """What fuzzing finds by the examples of the profile `ci`."""
    with subject_of(TARGET, Budget(None)) as subject:
        search = Search(subject.begin, searching("ci"))
        search.all(subject.scope)
        found = list(search.failures())
        assert search.unrepeated == []
        return found


@pytest.mark.slow
def test_the_exam_catches_it(broken: str) -> None:
    """By the rule that is broken."""
    with exam_of(TARGET, Budget(None)) as exam:
        found = {one.code for result in examined(exam, LIVES) for one in result.findings}
    assert CAUGHT_BY_THE_EXAM[broken] in found


@pytest.mark.slow
def test_the_fuzzer_catches_it_in_three_steps(broken: str) -> None:
    """By a rule that is broken, shrunk, and seen again when it was done once more."""
    seen = failures()
    short = {one.code for one in seen if len(one.steps) <= MOST_STEPS}
    assert all(one.confirmed for one in seen)
    assert CAUGHT_BY_THE_FUZZER[broken] in short
