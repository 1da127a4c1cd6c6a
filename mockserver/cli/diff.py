"""`mockserver diff`: the same exam of two providers, and what they do differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli import examining
from mockserver.cli.examining import agreed, budget, chosen, needed
from mockserver.cli.output import Failure, cell, data_needed, document, json_option, say, table
from mockserver.contract.budget import MODEL, MOST_PREDICTIONS


if TYPE_CHECKING:
    from mockserver.contract.comparing import Difference
    from mockserver.contract.run import Result
    from mockserver.examine import Target

DIFFERENT: Final = 1
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    a: str
    b: str
    gateway_a: str
    gateway_b: str
    token_a: str
    token_b: str
    model: str
    names: tuple[str, ...]
    max_predictions: int
    max_cost: float | None
    deadline: float
    yes: bool
    as_json: bool


@click.command(short_help="Compare two providers.")
@click.argument("a", required=False, default="")
@click.argument("b", required=False, default="")
@click.option("--gateway-a", default="replicate", show_default=True, help="Whose profile A has.")
@click.option("--gateway-b", default="replicate", show_default=True, help="Whose profile B has.")
@click.option("--token-a", envvar="MOCKSERVER_DIFF_TOKEN_A", default="a-token", help="A's key.")
@click.option("--token-b", envvar="MOCKSERVER_DIFF_TOKEN_B", default="a-token", help="B's key.")
@click.option("--model", default=MODEL, show_default=True, help="Which model is asked.")
@click.option("--case", "names", multiple=True, help="Only this case; give it again for more.")
@click.option(
    "--max-predictions", type=click.IntRange(0), default=MOST_PREDICTIONS, show_default=True
)
@click.option("--max-cost", type=float, help="In US dollars, of each; by the schemas' prices.")
@click.option("--deadline", type=click.FloatRange(0), default=120.0, show_default=True)
@click.option("--yes", is_flag=True, help="Spend without asking.")
@json_option
@click.pass_context
def diff(ctx: click.Context, /, **options: Any) -> None:
    """Hold the provider at A against the one at B (their base URLs), phase by phase.

    Who has no URL is our own fake of its gateway; `-` for A leaves only A without one.
    Exit code 0: the same. 1: they differ. 2: they could not be compared.
    """
    asked = Asked(**options)
    with data_needed():
        found = _compared(asked)
    if asked.as_json:
        document({"differences": [asdict(one) for one in found]})
    elif found:
        click.echo("\n".join(_table(asked, found)))
    else:
        say("no difference")
    ctx.exit(DIFFERENT if found else 0)


def _compared(asked: Asked) -> list[Difference]:
    from mockserver.contract.comparing import differences, was_compared
    from mockserver.examine import Target

    a, b = (
        Target("" if url == "-" else url, gateway, token, asked.model, asked.deadline)
        for url, gateway, token in (
            (asked.a, asked.gateway_a, asked.token_a),
            (asked.b, asked.gateway_b, asked.token_b),
        )
    )
    results_a, results_b = _results(asked, a), _results(asked, b)
    if not was_compared(results_a, results_b):
        raise Failure("one of them answered nothing at all: there is nothing to compare")
    return list(differences(results_a, results_b))


def _results(asked: Asked, target: Target) -> Sequence[Result]:
    """What an exam of one of them comes to."""
    from mockserver.contract.run import CASES
    from mockserver.examine import exam_of

    cases = chosen(asked.names, CASES)
    spend = budget(asked.max_predictions, asked.max_cost)
    with exam_of(target, spend) as exam:
        if not (target.is_ours or asked.yes):
            agreed(exam, needed(cases))
        heard = examining.asked(exam, cases)
    if heard.interrupted:
        raise click.Abort
    return heard.results


def _table(asked: Asked, found: Sequence[Difference]) -> list[str]:
    heads = (
        "PHASE",
        "AT",
        f"A: {asked.a or asked.gateway_a}",
        f"B: {asked.b or asked.gateway_b}",
    )
    rows = [(one.phase, one.at, cell(one.a, _WIDEST), cell(one.b, _WIDEST)) for one in found]
    return list(table(heads, rows))
