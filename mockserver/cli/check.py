"""`mockserver check`: one gateway under exam, with evidence, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli import examining
from mockserver.cli.examining import agreed, budget, chosen, needed
from mockserver.cli.output import Failure, data_needed, json_option, say
from mockserver.cli.results import code, shown
from mockserver.cli.upstream import PORT, behind, bound
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS


if TYPE_CHECKING:
    from mockserver.contract.run import Result

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    url: str
    gateway: str
    token: str
    other_token: str
    model: str
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
@json_option
@click.pass_context
def check(ctx: click.Context, /, **options: Any) -> None:
    """Examine the gateway at URL (its base URL); without one, our own fake of it.

    Exit code 0: nothing found. 1: findings. 2: nothing could be tested.
    """
    asked = Asked(**options)
    if asked.upstream and not (asked.url or asked.judge):
        raise Failure("--upstream stands behind a gateway: name its URL")
    with data_needed():
        results = _judged(asked.judge) if asked.judge else _examined(asked)
        if asked.evidence:
            _keep(asked.evidence, results, (asked.token, asked.other_token))
    shown(results, capabilities=asked.capabilities, as_json=asked.as_json)
    ctx.exit(code(results))


def _examined(asked: Asked) -> list[Result]:
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


def _judged(path: Path) -> list[Result]:
    """What the kept evidence comes to, judged by the rules of today."""
    from mockserver.contract.keeping import evidence_of
    from mockserver.contract.run import judged
    from mockserver.library.catalogue import Catalogue

    return [judged(name, one) for name, one in evidence_of(path.read_bytes(), Catalogue()).items()]


def _keep(path: Path, results: Sequence[Result], tokens: tuple[str, str]) -> None:
    from mockserver.contract.keeping import kept

    told = {result.case.name: result.evidence for result in results if result.evidence.exchanges}
    secrets = {one.hook_secret for one in told.values()}
    path.write_bytes(kept(told, (*tokens, *secrets)))
