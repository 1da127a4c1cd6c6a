"""`mockserver fuzz`: a gateway under random inputs, mistakes and lives, within a budget."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.examining import agreed, budget
from mockserver.cli.fuzz_results import Outcome, Progress, code, saved, shown
from mockserver.cli.output import data_needed, json_option, say
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS


if TYPE_CHECKING:
    from mockserver.contract.fuzzing.case_file import Case
    from mockserver.fuzzed import Subject

_KEPT: Final = Path(".hypothesis", "mockserver")
"""Where failing examples are remembered, beside those of Hypothesis itself."""
_SEEDS: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    url: str
    gateway: str
    token: str
    models: tuple[str, ...]
    profile: str
    examples: int | None
    seed: int | None
    play: Path | None
    save: Path | None
    max_predictions: int | None
    max_cost: float | None
    fault: str
    yes: bool
    as_json: bool


@click.command()
@click.argument("url", required=False, default="")
@click.option("--gateway", default="replicate", show_default=True, help="Whose profile it has.")
@click.option(
    "--token",
    envvar=["MOCKSERVER_FUZZ_TOKEN", "MOCKSERVER_CHECK_TOKEN"],
    default="a-token",
    help="The key.",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    help=f"Only this model; again for more. Default: all; with URL, {MODEL}.",
)
@click.option(
    "--profile",
    type=click.Choice(["dev", "ci", "deep"]),
    default="dev",
    show_default=True,
    help="How hard to look: 50, 100 or 10,000 examples of each sort; ci draws the same ones.",
)
@click.option("--examples", type=click.IntRange(1), help="So many examples of each sort instead.")
@click.option("--seed", type=click.IntRange(0), help="Draw the same as another run with it.")
@click.option(
    "--play",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw nothing: play the case of a scenario file that fuzzing wrote.",
)
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each failure there: a test, lines for the shell, a scenario file.",
)
@click.option(
    "--max-predictions",
    type=click.IntRange(0),
    help=f"Default: {MOST_PREDICTIONS}; on this machine, no bound.",
)
@click.option("--max-cost", type=float, help="In US dollars, by the prices of the schemas.")
@click.option("--fault", default="", help="Without URL: what goes wrong in our own fake.")
@click.option("--yes", is_flag=True, help="Spend without asking.")
@json_option
@click.pass_context
def fuzz(ctx: click.Context, /, **options: Any) -> None:
    """Draw inputs, mistakes and lives for the gateway at URL; without one, for our own fake.

    What breaks a rule is shrunk, asked once more, and told as code that repeats it.
    Exit code 0: nothing found. 1: findings. 2: nothing could be tested.
    """
    asked = Asked(**options)
    with data_needed():
        outcome = _played(asked) if asked.play else _searched(asked)
        if asked.save:
            saved(outcome, asked.save)
    shown(outcome, as_json=asked.as_json)
    if outcome.interrupted:
        raise click.Abort
    ctx.exit(code(outcome))


def _searched(asked: Asked) -> Outcome:
    """What a search comes to."""
    from mockserver.contract.fuzzing.profiles import searching
    from mockserver.contract.fuzzing.search import Search

    kept = _KEPT / asked.gateway
    settings = searching(asked.profile, asked.examples, kept)
    seed = _seed(asked)
    progress = Progress()
    with _subject(asked, asked.gateway, asked.models) as subject:
        subject.keep_back()
        search = Search(subject.begin, settings, seed, progress.heard)
        interrupted = False
        try:
            search.all(subject.scope)
        except KeyboardInterrupt:
            interrupted = True
            say("interrupted; what was made is canceled")
        progress.ended(search)
        failures = () if interrupted else tuple(search.failures())
        return Outcome(
            subject.who,
            search.cases,
            search.asked,
            subject.shown(failures or search.seen),
            subject.shown(search.unrepeated),
            search.over,
            _repeat(asked, seed),
            interrupted,
        )


def _played(asked: Asked) -> Outcome:
    """What the case of a file comes to."""
    from mockserver.contract.budget import Spent
    from mockserver.contract.fuzzing.case_file import load_case
    from mockserver.contract.fuzzing.failure import failure

    case: Case = load_case(asked.play or Path())
    with _subject(asked, case.gateway, (case.model,)) as subject:
        play, over = subject.begin(subject.models[0]), ""
        try:
            found = play.all(case.steps)
        except Spent as reason:
            found, over = play.findings(), str(reason)
        failures = subject.shown([failure(play, found)] if found else [])
        count = len(play.exam.exchanges)
        return Outcome(subject.who, 1, count, failures, over=over)


@contextmanager
def _subject(asked: Asked, gateway: str, models: Sequence[str]) -> Iterator[Subject]:
    """Who is fuzzed, within the budget that the person agreed to."""
    from mockserver.examine import Target
    from mockserver.fuzzed import subject_of

    model = models[0] if models else MODEL
    target = Target(asked.url, gateway, asked.token, model, 0.0, asked.fault, draws=False)
    most = asked.max_predictions
    if most is None and not target.is_ours:
        most = MOST_PREDICTIONS
    with subject_of(target, budget(most, asked.max_cost), models) as subject:
        if not (target.is_ours or asked.yes):
            named = ", ".join(one.full_name for one in subject.models)
            agreed(subject.exam, most or 0, f"predictions of {named}", subject.dearest_usd)
        yield subject


def _seed(asked: Asked) -> int:
    """What is drawn from: the same in every run by the profile `ci`."""
    if asked.seed is not None:
        return asked.seed
    return 0 if asked.profile == "ci" else secrets.randbelow(_SEEDS)


def _repeat(asked: Asked, seed: int) -> str:
    """The line that draws the same once more; the key is left to the environment."""
    options = {
        "--gateway": [asked.gateway],
        "--model": asked.models,
        "--profile": [asked.profile],
        "--examples": [asked.examples] if asked.examples else [],
        "--seed": [seed],
        "--max-predictions": [] if asked.max_predictions is None else [asked.max_predictions],
        "--max-cost": [] if asked.max_cost is None else [asked.max_cost],
        "--fault": [asked.fault] if asked.fault else [],
    }
    words = [
        word for name, values in options.items() for value in values for word in (name, value)
    ]
    url = [asked.url] if asked.url else []
    return shlex.join(["mockserver", "fuzz", *url, *map(str, words)])
