"""`mockserver audit`: a program of the user's own, run once in each case, and judged."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.audit.pace import RATE
from mockserver.cli.accepting import accepted, accepting, baseline_options, known
from mockserver.cli.intercept import intercept_option
from mockserver.cli.output import Failure, data_needed, document, json_option, say
from mockserver.cli.programs import Program
from mockserver.cli.reports import (
    Wanted,
    deliver,
    in_terminal,
    one_on_stdout,
    provenance,
    repeating,
    report_option,
)
from mockserver.cli.results import case_members
from mockserver.core.clock import wall_ms


if TYPE_CHECKING:
    from mockserver.contract.consumer.cases import Case
    from mockserver.contract.consumer.result import Result
    from mockserver.contract.report.report import Report

_NOT_REPEATED: Final = ("as_json", "reports", "new_baseline", "reason", "expires", "command")
_DEADLINE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    command: tuple[str, ...]
    suites: tuple[str, ...]
    names: tuple[str, ...]
    gateway: str
    deadline: float
    seed: int
    jobs: int
    tells_outputs: bool
    intercept: bool
    as_json: bool
    reports: tuple[Wanted, ...]


@click.command(context_settings={"allow_interspersed_args": False})
@click.option(
    "--suite",
    "suites",
    multiple=True,
    help="lives, or a suite, family or kind of faults; again for more. Left out: lives, client.",
)
@click.option("--case", "names", multiple=True, help="Only this case; give it again for more.")
@click.option("--gateway", default="replicate", show_default=True, help="Whose API is played.")
@click.option(
    "--deadline",
    type=click.FloatRange(1),
    default=_DEADLINE_S,
    show_default=True,
    help="Seconds after which a run counts as hanging.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Ids, outputs and chance.")
@click.option("--jobs", type=click.IntRange(1), default=4, show_default=True, help="Runs at once.")
@click.option(
    "--stdout-tells-outputs",
    "tells_outputs",
    is_flag=True,
    help="Each line of the program's stdout is an output: an address, or a file.",
)
@intercept_option
@report_option
@baseline_options
@json_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def audit(ctx: click.Context, /, **options: Any) -> None:
    """Run COMMAND once in each case against a fake of its own, and judge what it did.

    It finds the fake's address in REPLICATE_BASE_URL and MOCKSERVER_URL, a token in
    REPLICATE_API_TOKEN, and in MOCKSERVER_DEADLINE_S after how many seconds it ought to give up.
    With --intercept it needs no address: the hosts of all gateways lead to the fake.
    It makes one prediction, waits for it, and ends with 0 if it got its outputs.

    Exit code 0: nothing found. 1: findings. 2: nothing could be tested.
    """
    accept = accepting(options)
    asked = Asked(**options)
    one_on_stdout(asked.reports, as_json=asked.as_json)
    if shutil.which(asked.command[0]) is None:
        raise Failure(f"{asked.command[0]}: no such program; check its spelling and the PATH")
    with data_needed():
        entries = known(accept)
        begun_ms = wall_ms()
        made = _report(ctx, asked, _audited(asked), begun_ms)
    report, jobs = accepted(made, accept, entries)
    deliver(report, asked.reports, told=partial(_shown, report, as_json=asked.as_json), jobs=jobs)
    ctx.exit(report.exit_code)


def _audited(asked: Asked) -> list[Result]:
    """What each case came to, as many at once as was asked; Ctrl-C ends them all."""
    from mockserver.contract.consumer.cases import cases
    from mockserver.library.catalogue import Catalogue
    from mockserver.web.tls import MissingExtra

    catalogue = Catalogue()
    catalogue.gateway(asked.gateway)
    program = Program(
        asked.command,
        catalogue,
        asked.gateway,
        asked.deadline,
        asked.seed,
        tells_outputs=asked.tells_outputs,
        intercept=asked.intercept,
    )
    chosen = cases(asked.names or asked.suites)
    with ThreadPoolExecutor(asked.jobs) as pool:
        runs = [pool.submit(_one, program, case) for case in chosen]
        try:
            return [run.result() for run in runs]
        except MissingExtra as reason:
            raise Failure(str(reason)) from None
        except KeyboardInterrupt:
            say("interrupted; the programs that run are ended")
            for run in runs:
                run.cancel()
            program.stop()
            raise click.Abort from None


def _one(program: Program, case: Case) -> Result:
    result = program.audited(case)
    codes = ", ".join(dict.fromkeys(one.code for one in result.findings))
    end = result.conduct.end if result.conduct else result.reason
    say(f"{case.name:<50} {end}{f': {codes}' if codes else ''}")
    return result


def _report(ctx: click.Context, asked: Asked, results: Sequence[Result], begun_ms: int) -> Report:
    from mockserver.audit.observing import TOKEN
    from mockserver.contract.consumer.reported import report_of

    program = shlex.join(asked.command)
    found = [result.case.name for result in results if result.findings]
    again = [f"again: mockserver audit --case {shlex.quote(name)} -- {program}" for name in found]
    return report_of(
        results,
        target=program,
        gateway=asked.gateway,
        provenance=provenance(f"{repeating(ctx, (), _NOT_REPEATED)} -- {program}", begun_ms),
        seed=asked.seed,
        clock=f"scaled:{RATE}",
        notes=again,
        secrets=(TOKEN,),
    )


def _shown(report: Report, *, as_json: bool) -> None:
    """The report on stdout, as text or as one JSON document."""
    if not as_json:
        in_terminal(report)
        return
    promises, matrix = report.tables
    document(
        {
            "cases": [case_members(one) for one in report.cases],
            "promises": {row[0]: {"text": row[1], "verdict": row[2]} for row in promises.rows},
            "matrix": {
                row[0]: dict(zip(matrix.heads[1:], row[1:], strict=True)) for row in matrix.rows
            },
        }
    )
