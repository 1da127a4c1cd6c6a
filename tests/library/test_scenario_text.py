"""A scenario written as a file is read as the same scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from mockserver.contract.consumer.behaviours import faulty, legal
from mockserver.library.catalogue import Catalogue
from mockserver.library.scenario_text import scenario_text
from mockserver.library.scenarios import Scenario, load_scenario


def read_again(scenario: Scenario, folder: Path) -> Scenario:
    """What the file of a scenario is read as."""
    file = folder / f"{scenario.name}.toml"
    file.write_text(scenario_text(scenario, "Of a test,\nin two lines."), encoding="utf-8")
    return load_scenario(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenario=legal() | faulty())
def test_a_drawn_scenario_survives_its_file(scenario: Scenario, tmp_path: Path) -> None:
    """Steps, logs, errors and faults."""
    assert read_again(scenario, tmp_path) == scenario


def test_the_shipped_scenarios_survive_their_files(tmp_path: Path) -> None:
    """Words for lengths, logs and errors included."""
    for scenario in Catalogue().scenarios():
        assert read_again(scenario, tmp_path) == replace(scenario)
