"""Drawn servers: the good client survives them, planted bugs are found and shrunk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from examples.reference_client import ReferenceClient
from mockserver.audit.drawing import failure
from mockserver.audit.inprocess import Trial, audited, met
from mockserver.contract.consumer.behaviours import FAULTY, LEGAL, behaviours
from mockserver.contract.consumer.cases import cases, scripted
from mockserver.contract.consumer.fuzzing import EXAMPLES, smallest
from mockserver.contract.consumer.judge import findings
from mockserver.contract.consumer.rules import promise_of
from mockserver.library.scenarios import Scenario
from tests.audit import planted
from tests.audit.conftest import by


MANY: Final = 1_000


@dataclass(frozen=True)
class Least:
    """The least that shows a planted bug: so many steps of a life, and so many faults."""

    client: type[ReferenceClient]
    promise: str
    sort: str
    steps: int
    faults: int


LEAST: Final = (
    Least(planted.SendsAgain, "K1", FAULTY, 2, 1),
    Least(planted.IgnoresRetryAfter, "K2", FAULTY, 2, 1),
    Least(planted.KnowsNoDates, "K3", FAULTY, 2, 1),
    Least(planted.SleepsForADay, "K4", FAULTY, 2, 1),
    Least(planted.KnowsNotAborted, "K5", LEGAL, 2, 0),
    Least(planted.WaitsForEver, "K6", LEGAL, 1, 0),
    Least(planted.SucceedsAnyway, "K7", LEGAL, 2, 0),
    Least(planted.TakesTheFirstAnswer, "K8", LEGAL, 2, 0),
    Least(planted.ShowsItsToken, "K9", FAULTY, 3, 1),
    Least(planted.Crashes, "K10", FAULTY, 2, 1),
    Least(planted.NeedsEveryMember, "K11", LEGAL, 3, 1),
    Least(planted.TakesAnyId, "K12", FAULTY, 3, 1),
    Least(planted.TakesAPart, "K13", FAULTY, 3, 1),
    Least(planted.TakesAnyFile, "K15", FAULTY, 3, 1),
    Least(planted.LooksOnce, "K16", FAULTY, 2, 1),
    Least(planted.LeavesIt, "K20", LEGAL, 2, 0),
)
"""K17 and some of the others need what goes wrong before anything is created: no scenario can."""


def of(least: Least) -> str:
    """A planted bug, as a test is called."""
    return least.client.__name__


@pytest.mark.slow
def test_the_good_client_survives_a_thousand_legal_servers(trial: Trial) -> None:
    """No false alarm: any life, any length, whatever a reader has to tolerate."""
    found = failure(trial, LEGAL, MANY)
    assert (found and found.text) is None


@pytest.mark.slow
def test_the_good_client_survives_faulty_servers(trial: Trial) -> None:
    """It returns the right output, or raises its own error, in time, having started one job."""
    found = failure(trial, FAULTY, EXAMPLES)
    assert (found and found.text) is None


@pytest.mark.slow
@pytest.mark.parametrize("least", LEAST, ids=of)
def test_a_planted_bug_is_found_and_shrunk(trial: Trial, least: Least) -> None:
    """Within 200 behaviours, to the least number of steps and faults that shows it."""
    tried = replace(trial, client=by(least.client))

    def fails(scenario: Scenario) -> bool:
        found = findings(met(tried, scripted(scenario)))
        return least.promise in {promise_of(one.code) for one in found}

    seen = smallest(behaviours(least.sort), fails)
    assert seen is not None
    assert len(seen.steps) <= least.steps
    assert len(seen.faults) == least.faults


@pytest.mark.slow
def test_what_is_found_is_a_file_that_plays_it_again(trial: Trial, tmp_path: Path) -> None:
    """The saved scenario is a case like any other, and breaks the same promise."""
    tried = replace(trial, client=by(planted.KnowsNotAborted))
    found = failure(tried, LEGAL, EXAMPLES)
    assert found is not None
    file = tmp_path / "found.toml"
    lines = list(found.saved(file))
    assert lines[-1].endswith(f"mockserver audit --case {file} -- CMD")
    (case,) = cases((str(file),))
    assert case.script is not None
    assert case.script.steps == found.scenario.steps
    result = audited(tried, case)
    assert {one.code for one in result.findings} == {one.code for one in found.findings}


def test_what_is_accepted_is_not_searched_for(trial: Trial) -> None:
    """A client whose only fault is known has no other."""
    tried = replace(trial, client=by(planted.KnowsNotAborted))
    assert failure(tried, LEGAL, 30, accepted={"K5"}) is None
