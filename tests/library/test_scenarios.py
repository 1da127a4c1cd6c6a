"""A scenario is a file; its plan for a model is what the core plays."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from mockserver.core.timeline import NEXT, TERMINAL, Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.models import Model
from mockserver.library.scenarios import Lasts, Scenario, load_scenario, plan


CATALOGUE: Final = Catalogue()
SCENARIOS: Final = CATALOGUE.scenarios()
MODELS: Final = CATALOGUE.models()

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda it: it.name)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda it: it.name)

STARTS: Final = '[[step]]\nstatus = "starting"\nlasts = "boot"\n'
RUNS: Final = '[[step]]\nstatus = "processing"\nlasts = "run"\n'
SUCCEEDS: Final = '[[step]]\nstatus = "succeeded"\n'


def model_named(name: str) -> Model:
    """The model of that name, whoever owns it."""
    return next(model for model in MODELS if model.name == name)


def test_the_scenarios_everybody_needs_are_there() -> None:
    """One for each end, and one for each place to be stuck in."""
    assert {
        "aborted",
        "canceled",
        "failed",
        "happy",
        "instant",
        "nsfw",
        "slow-boot",
        "stuck-processing",
        "stuck-starting",
    } <= {scenario.name for scenario in SCENARIOS}


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_every_end_can_be_played(status: Status) -> None:
    """No final status without a scenario that leads to it."""
    assert any(scenario.steps[-1].status is status for scenario in SCENARIOS)


@each_scenario
@each_model
def test_a_plan_goes_through_the_steps_of_its_scenario(scenario: Scenario, model: Model) -> None:
    """Every scenario can be played by every model, in the order of its file."""
    planned = plan(scenario, model, outputs=2)
    assert [step.status for step in planned.steps] == [step.status for step in scenario.steps]
    assert planned.outputs == 2


@each_scenario
@each_model
def test_time_never_goes_back(scenario: Scenario, model: Model) -> None:
    """Moments follow each other, and what is printed within a step is printed before its end."""
    times = [moment.after_ms for moment in plan(scenario, model, outputs=1).moments]
    assert times == sorted(times)


def test_the_model_gives_times_and_log_lines() -> None:
    """Boot and run are the model's; the logs end up whole; {seed} stays to be filled in."""
    pro = model_named("flux-kontext-pro")
    last = plan(CATALOGUE.scenario("happy"), pro, outputs=1).moments[-1]
    assert last.after_ms == pro.timing.boot_ms + pro.timing.run_ms
    assert last.logs == "".join(line.text for line in pro.log)
    assert last.logs.startswith("Using seed: {seed}\n")


def test_log_lines_speak_of_the_outputs() -> None:
    """A model that makes several pictures says how many."""
    fill = model_named("flux-fill-dev")
    last = plan(CATALOGUE.scenario("happy"), fill, outputs=3).moments[-1]
    assert last.logs.endswith("Total safe images: 3 out of 3\n")


def test_the_model_words_its_own_refusal() -> None:
    """An unsafe result is refused in the words of the model that made it."""
    dev = model_named("flux-kontext-dev")
    failed = plan(CATALOGUE.scenario("nsfw"), dev, outputs=1)
    assert failed.error == dev.nsfw_error
    assert failed.moments[-1].error == dev.nsfw_error


def test_a_scenario_may_word_the_failure() -> None:
    """Upstream's own trouble is the same for every model."""
    failed = plan(CATALOGUE.scenario("failed"), MODELS[0], outputs=1)
    assert failed.error == "Prediction interrupted; please retry (code: PA)"


def test_what_lasts_for_ever_still_prints() -> None:
    """A run that never ends prints its lines as if it were to end."""
    stuck = plan(CATALOGUE.scenario("stuck-processing"), MODELS[0], outputs=1)
    assert not stuck.moments[-1].ended
    assert stuck.steps[-1].lasts_ms is None
    assert stuck.moments[-1].logs.count("\n") == len(MODELS[0].log)


def written(tmp_path: Path, text: str) -> Path:
    """A scenario file with a summary and `text`."""
    path = tmp_path / "mine.toml"
    path.write_text(f'summary = "Mine."\n{text}', encoding="utf-8")
    return path


def test_a_file_of_ones_own_is_a_scenario(tmp_path: Path) -> None:
    """A copy with other numbers is all it takes."""
    lines = 'logs = [{ at = 0.25, text = "quarter\\n" }]\n'
    path = written(tmp_path, STARTS.replace('"boot"', "40") + RUNS + lines + SUCCEEDS)
    mine = load_scenario(path)
    first, second, _ = plan(mine, model_named("flux-kontext-pro"), outputs=1).steps
    assert (mine.name, mine.summary) == ("mine", "Mine.")
    assert (mine.steps[0].lasts, mine.steps[1].lasts) == (40, Lasts.RUN)
    assert (first.lasts_ms, second.beats[0].after_ms) == (40, 1225)


@pytest.mark.parametrize(
    "order",
    [(before, after) for before in NEXT for after in Status if after not in NEXT[before]],
    ids=lambda order: f"{order[0]}-{order[1]}",
)
def test_what_the_transition_table_forbids_is_refused(
    tmp_path: Path, order: tuple[Status, Status]
) -> None:
    """No scenario can leave the table that everything else relies on."""
    texts = {
        Status.STARTING: STARTS,
        Status.PROCESSING: RUNS,
        Status.FAILED: '[[step]]\nstatus = "failed"\nerror = "why"\n',
        **{status: f'[[step]]\nstatus = "{status}"\n' for status in TERMINAL - {Status.FAILED}},
    }
    lead = STARTS * (order[0] is not Status.STARTING)
    lead += RUNS * (order[0] in NEXT[Status.PROCESSING])
    path = written(tmp_path, lead + texts[order[0]] + texts[order[1]])
    with pytest.raises(LibraryError, match=r"step\[\d\].status: expected .* seen"):
        load_scenario(path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "step: missing"),
        ("step = []", r"step\[0\].status: expected starting, seen None"),
        (RUNS + SUCCEEDS, r"step\[0\].status: expected starting"),
        (STARTS, r"step\[0\].lasts: expected forever, or a final status after it"),
        (STARTS.replace('"boot"', "-1") + SUCCEEDS, r"step\[0\].lasts: expected 0 or more"),
        (STARTS.replace('"boot"', "true") + SUCCEEDS, r"step\[0\].lasts: expected 0 or more"),
        (STARTS.replace('"boot"', '"for ever"'), r"step\[0\].lasts: .*one of boot, run, forever"),
        (STARTS.replace('"boot"', '"forever"') + RUNS, r"step\[1\].status: expected no further"),
        (STARTS + '[[step]]\nstatus = "done"', r"step\[1\].status: expected one of starting"),
        (STARTS + '[[step]]\nstatus = "failed"', r"step\[1\].error: missing"),
        (
            STARTS + '[[step]]\nstatus = "failed"\nerror_from = "x"',
            r"step\[1\].error_from: expected one of nsfw",
        ),
        (STARTS + '[[step]]\nstatus = "canceled"\nerror = "x"', r"step\[1\].error: unknown key"),
        (STARTS + RUNS + 'logs = "all"\n' + SUCCEEDS, r"step\[1\].logs: expected a list"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, named: str) -> None:
    """The error names the step, what was expected and what was seen."""
    with pytest.raises(LibraryError, match=named):
        load_scenario(written(tmp_path, text))
