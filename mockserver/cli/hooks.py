"""`mockserver hooks test`: somebody's receiver of webhooks under test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.accepting import Accepting, accepted, accepting, baseline_options, known
from mockserver.cli.examining import chosen
from mockserver.cli.hook_results import shown
from mockserver.cli.output import Failure, data_needed, json_option, say, table
from mockserver.cli.reports import (
    Wanted,
    deliver,
    one_on_stdout,
    provenance,
    repeating,
    report_option,
)
from mockserver.contract.budget import MODEL
from mockserver.core.clock import wall_ms


if TYPE_CHECKING:
    from mockserver.contract.hooks.cases import Case
    from mockserver.contract.hooks.permuting import Permuted
    from mockserver.contract.hooks.run import Result, Trial
    from mockserver.contract.hooks.story import Job
    from mockserver.contract.report.report import Report

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_NOT_REPEATED: Final = ("as_json", "reports", "save", "new_baseline", "reason", "expires")
_SAVED: Final = click.Path(dir_okay=False, path_type=Path)

SECRET_VARIABLE: Final = "MOCKSERVER_WEBHOOK_SECRET"  # noqa: S105 - a name


@click.group()
def hooks() -> None:
    """Put a receiver of webhooks to the test."""


@hooks.command("cases")
@json_option
def cases(*, as_json: bool) -> None:
    """List what a receiver is sent, and how it should answer."""
    from mockserver.cli.output import document
    from mockserver.contract.hooks.cases import shipped

    with data_needed():
        found = shipped()
    if as_json:
        document([{"name": one.name, "title": one.title, "rule": one.rule.code} for one in found])
        return
    rows = [(one.name, _expected(one), one.rule.code, one.title) for one in found]
    click.echo("\n".join(table(("CASE", "EXPECTED", "RULE", "WHAT COMES"), rows)))


def _expected(case: Case) -> str:
    return ", ".join(
        dict.fromkeys(str(send.expect) for send in case.sends if send.expect != "any")
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    url: str
    secret: str
    names: tuple[str, ...]
    files: tuple[Path, ...]
    state: str
    created: str
    polled: str
    orders: int
    save: Path | None
    model: str
    seed: int
    timeout: float
    as_json: bool
    reports: tuple[Wanted, ...]


@hooks.command("test")
@click.argument("url")
@click.option(
    "--secret",
    envvar=SECRET_VARIABLE,
    required=True,
    metavar="whsec_…",
    help=f"What the receiver verifies with; better in the environment: {SECRET_VARIABLE}.",
)
@click.option("--case", "names", multiple=True, help="Only this case; give it again for more.")
@click.option(
    "--cases", "files", multiple=True, type=_FILE, metavar="FILE", help="The cases of this file."
)
@click.option(
    "--state",
    default="",
    metavar="URL",
    help="Where the app tells what it believes of a prediction, {id} in its place.",
)
@click.option("--created", default="", metavar="URL", help="Where it takes a create answer.")
@click.option("--polled", default="", metavar="URL", help="Where it takes what a look finds.")
@click.option(
    "--orders",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Tell a job in up to N orders as well; needs --state.",
)
@click.option("--save", type=_SAVED, metavar="FILE", help="Keep a wrong order, for --cases.")
@click.option("--model", default=MODEL, show_default=True, help="Whose job is told.")
@click.option(
    "--seed", default=0, show_default=True, help="What ids and forgeries are drawn from."
)
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1))
@report_option
@baseline_options
@json_option
@click.pass_context
def tested(ctx: click.Context, /, **options: Any) -> None:
    """Send the receiver at URL what is right, forged, old, twice, in any order and senseless.

    Exit code 0: nothing found. 1: findings. 2: nothing could be tested.
    """
    accept = accepting(options)
    asked = Asked(**options)
    one_on_stdout(asked.reports, as_json=asked.as_json)
    if asked.orders and not asked.state:
        raise Failure(
            "--orders compares what the app believes: say with --state where it tells it"
        )
    with data_needed():
        entries = known(accept)
        begun_ms = wall_ms()
        meant, job = _meant(asked)
        results, permuted = _results(asked, meant, job)
        made = _report(ctx, asked, accept, (results, permuted), begun_ms)
    report, jobs = accepted(made, accept, entries)
    deliver(report, asked.reports, told=partial(shown, report, as_json=asked.as_json), jobs=jobs)
    ctx.exit(report.exit_code)


def _meant(asked: Asked) -> tuple[list[Case], Job]:
    """The cases that are meant, and the job they are about. Raises `LibraryError`."""
    from mockserver.contract.hooks.cases import load_cases, shipped
    from mockserver.contract.hooks.story import Job

    files = [load_cases(path) for path in asked.files]
    every = [case for file in files for case in file.cases] if files else shipped()
    jobs = [file.job for file in files if file.job]
    if len(set(jobs)) > 1:
        raise Failure("the files are about different jobs: test them one by one")
    own = Job(asked.model, seed=asked.seed, polls=2 if asked.polled else 0)
    # The app lives on: the next run has to be about other predictions.
    about = replace(jobs[0] if jobs else own, webhook=asked.url, begins_ms=wall_ms())
    return chosen(asked.names, every), about


def _results(asked: Asked, meant: list[Case], job: Job) -> tuple[list[Result], Permuted | None]:
    from mockserver.contract.hooks.app import app_at
    from mockserver.contract.hooks.letters import seal_of
    from mockserver.contract.hooks.reaching import HttpReceiver
    from mockserver.contract.hooks.run import Trial
    from mockserver.stories import telling

    receiver = HttpReceiver(asked.url, asked.timeout)
    app = app_at(asked.created, asked.polled, asked.state)
    with telling() as teller:
        seal = seal_of(asked.secret, asked.seed)
        trial = Trial(receiver, seal, teller.story(job), app, asked.seed)
        answer = trial.control.answer
        if answer and not answer.reached:
            raise Failure(
                f"nobody answers at {asked.url} ({answer.why}): start the receiver first"
            )
        return list(trial.examined(meant)), _permuted(asked, trial, job)


def _report(
    ctx: click.Context,
    asked: Asked,
    accept: Accepting,
    came: tuple[list[Result], Permuted | None],
    begun_ms: int,
) -> Report:
    """The report of what came of it."""
    from mockserver.contract.hooks.reporting import report_of

    return report_of(
        *came,
        url=asked.url,
        secret=asked.secret,
        provenance=provenance(repeating(ctx, ("secret",), _NOT_REPEATED), begun_ms),
        seed=asked.seed,
        file=accept.file,
    )


def _permuted(asked: Asked, trial: Trial, job: Job) -> Permuted | None:
    """What the orders come to, if any are to be tried; a wrong one is kept."""
    if not asked.orders or not trial.control.taken:
        return None
    from mockserver.contract.hooks.permuting import Wanted, permuted, spelled

    seen = permuted(trial, Wanted(most=asked.orders, seed=asked.seed))
    if seen.case and asked.save:
        asked.save.write_text(spelled(seen.case, job), encoding="utf-8")
        say(f"the order is kept in {asked.save}; --cases {asked.save} tells it again")
    return seen
