"""`mockserver check`: one gateway under exam, with evidence, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli import examining
from mockserver.cli.accepting import Accepting, accepted, accepting, baseline_options, known
from mockserver.cli.examining import Heard, agreed, budget, chosen, needed
from mockserver.cli.output import Failure, data_needed, json_option, say
from mockserver.cli.reports import (
    Wanted,
    deliver,
    one_on_stdout,
    provenance,
    repeating,
    report_option,
)
from mockserver.cli.results import shown
from mockserver.cli.upstream import PORT, behind, bound
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS
from mockserver.core.clock import wall_ms


if TYPE_CHECKING:
    from mockserver.contract.report.report import Report
    from mockserver.contract.run import Result

_SECRETS: Final = ("token", "other_token")
_NOT_REPEATED: Final = (
    *("yes", "as_json", "reports", "evidence"),
    *("new_baseline", "reason", "expires"),
)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    url: str
    gateway: str
    token: str
    other_token: str
    model: str
    data: Path | None
    names: tuple[str, ...]
    max_predictions: int
    max_cost: float | None
    deadline: float
    webhook_url: str
    webhook_port: int
    capabilities: bool
    fault: str
    upstream: bool
    upstream_port: int
    evidence: Path | None
    judge: Path | None
    yes: bool
    as_json: bool
    reports: tuple[Wanted, ...]


@click.command()
@click.argument("url", required=False, default="")
@click.option("--gateway", default="replicate", show_default=True, help="Whose profile it has.")
@click.option("--token", envvar="MOCKSERVER_CHECK_TOKEN", default="a-token", help="The key.")
@click.option(
    "--other-token",
    envvar="MOCKSERVER_CHECK_OTHER_TOKEN",
    default="",
    help="The key of a second account, which may see nothing of the first one's.",
)
@click.option("--model", default=MODEL, show_default=True, help="Which model is asked.")
@click.option("--data", type=_FOLDER, metavar="DIR", help="A folder with gateways and models.")
@click.option("--case", "names", multiple=True, help="Only this case; give it again for more.")
@click.option(
    "--max-predictions", type=click.IntRange(0), default=MOST_PREDICTIONS, show_default=True
)
@click.option("--max-cost", type=float, help="In US dollars, by the prices of the schemas.")
@click.option("--deadline", type=click.FloatRange(0), default=120.0, show_default=True)
@click.option("--webhook-url", default="", help="Public address that leads to --webhook-port.")
@click.option("--webhook-port", type=click.IntRange(0, 65535), default=0)
@click.option("--capabilities", is_flag=True, help="Also what it can do, in a table.")
@click.option("--fault", default="", help="Without URL: what goes wrong in our own fake.")
@click.option("--upstream", is_flag=True, help="Both ends: be the gateway's upstream as well.")
@click.option("--upstream-port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--evidence", type=_FILE, metavar="FILE", help="Keep all that was said.")
@click.option("--judge", type=_FILE, metavar="FILE", help="Ask nobody: judge what was kept.")
@click.option("--yes", is_flag=True, help="Spend without asking.")
@report_option
@baseline_options
@json_option
@click.pass_context
def check(ctx: click.Context, /, **options: Any) -> None:
    """Examine the gateway at URL (its base URL); without one, our own fake of it.

    Exit code 0: nothing found. 1: findings. 2: nothing could be tested. 130: Ctrl-C, which cancels
    what was made; what was found until then is told.
    """
    accept = accepting(options)
    asked = Asked(**options)
    one_on_stdout(asked.reports, as_json=asked.as_json)
    if asked.upstream and not (asked.url or asked.judge):
        raise Failure("--upstream stands behind a gateway: name its URL")
    with data_needed():
        entries = known(accept)
        begun_ms = wall_ms()
        heard = Heard(_judged(asked.judge)) if asked.judge else _examined(asked)
        made = _report(ctx, asked, accept, heard.results, begun_ms)
    report, jobs = accepted(made, accept, entries)
    if asked.evidence:
        keep = partial(_keep, asked.evidence, heard.results, (asked.token, asked.other_token))
        jobs.append((str(asked.evidence), keep))
    told = partial(shown, report, capabilities=asked.capabilities, as_json=asked.as_json)
    deliver(report, asked.reports, told=told, jobs=jobs)
    if heard.interrupted:
        raise click.Abort
    ctx.exit(report.exit_code)


def _examined(asked: Asked) -> Heard:
    """What an exam of the gateway comes to."""
    from mockserver.contract.run import BOTH_ENDS, CASES
    from mockserver.examine import Target, exam_of

    cases = chosen(asked.names, BOTH_ENDS if asked.upstream else CASES)
    target = Target(
        asked.url,
        asked.gateway,
        asked.token,
        asked.model,
        asked.deadline,
        asked.fault,
        asked.other_token,
        data=asked.data,
    )
    most = asked.max_predictions
    if asked.upstream:
        most = bound(click.get_current_context(), most, needed(cases))
    spend = budget(most, asked.max_cost)
    with exam_of(target, spend, asked.webhook_url, asked.webhook_port) as exam:
        if not (target.is_ours or asked.yes):
            agreed(exam, needed(cases), f"predictions of {exam.model.full_name}")
        with behind(exam, asked.upstream_port) if asked.upstream else nullcontext():
            return examining.asked(exam, cases, lambda result: say(result.line))


def _report(
    ctx: click.Context,
    asked: Asked,
    accept: Accepting,
    results: Sequence[Result],
    begun_ms: int,
) -> Report:
    """The report of these results."""
    from mockserver.contract.report.made import report_of

    spent = results[-1].evidence
    is_ours = not (asked.url or asked.judge)
    return report_of(
        results,
        kind="check",
        target=str(asked.judge or asked.url or spent.base_url),
        provenance=provenance(repeating(ctx, _SECRETS, _NOT_REPEATED), begun_ms),
        secrets=(asked.token, asked.other_token),
        seed=0 if is_ours else None,
        clock="manual" if is_ours else "real",
        file=accept.file,
    )


def _judged(path: Path) -> list[Result]:
    """What the kept evidence comes to, judged by the rules of today."""
    from mockserver.contract.keeping import evidence_of
    from mockserver.contract.run import judged
    from mockserver.library.catalogue import Catalogue

    known = Catalogue(data=click.get_current_context().params["data"])
    return [judged(name, one) for name, one in evidence_of(path.read_bytes(), known).items()]


def _keep(path: Path, results: Sequence[Result], tokens: tuple[str, str]) -> None:
    from mockserver.contract.keeping import kept

    # What was broken off says nothing: nobody judged it, and nobody shall.
    told = {one.case.name: one.evidence for one in results if one.outcome.tested}
    if not told:
        asked = any(one.evidence.exchanges for one in results)
        say(f"nothing was {'judged' if asked else 'said'}: {path} is not written")
        return
    secrets = {one.hook_secret for one in told.values()}
    path.write_bytes(kept(told, (*tokens, *secrets)))
