"""`mockserver check`: one gateway under exam, with evidence, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import Failure, data_needed, document, json_option, say, table


if TYPE_CHECKING:
    from mockserver.contract.cases.case import Case
    from mockserver.contract.evidence import Evidence
    from mockserver.contract.exam import Exam
    from mockserver.contract.finding import Finding
    from mockserver.contract.run import Result

MODEL: Final = "black-forest-labs/flux-schnell"
FINDINGS: Final = 1
NOTHING_TESTED: Final = 2


@click.command()
@click.argument("url", required=False, default="")
@click.option("--gateway", default="replicate", show_default=True, help="Whose profile it has.")
@click.option("--token", envvar="MOCKSERVER_CHECK_TOKEN", default="a-token", help="The key.")
@click.option("--model", default=MODEL, show_default=True, help="Which model is asked.")
@click.option("--case", "names", multiple=True, help="Only this case; give it again for more.")
@click.option("--max-predictions", type=click.IntRange(0), default=5, show_default=True)
@click.option("--max-cost", type=float, help="In US dollars, by the prices of the schemas.")
@click.option("--deadline", type=click.FloatRange(0), default=120.0, show_default=True)
@click.option("--webhook-url", default="", help="Public address that leads to --webhook-port.")
@click.option("--webhook-port", type=click.IntRange(0, 65535), default=0)
@click.option("--capabilities", is_flag=True, help="Also what it can do, in a table.")
@click.option("--fault", default="", help="Without URL: what goes wrong in our own fake.")
@click.option("--yes", is_flag=True, help="Spend without asking.")
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    *,
    url: str,
    gateway: str,
    token: str,
    model: str,
    names: tuple[str, ...],
    max_predictions: int,
    max_cost: float | None,
    deadline: float,
    webhook_url: str,
    webhook_port: int,
    capabilities: bool,
    fault: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Examine the gateway at URL (its base URL); without one, our own fake of it.

    Exit code 0: nothing found. 1: findings. 2: nothing could be tested.
    """
    from mockserver.contract.budget import Budget
    from mockserver.examine import Target, exam_of, mail_of

    cases = _cases(names)
    budget = Budget(max_predictions, None if max_cost is None else Decimal(str(max_cost)))
    target = Target(url, gateway, token, model, deadline, fault)
    mail = mail_of(target, webhook_url, webhook_port)
    with data_needed(), exam_of(target, budget) as exam, mail as exam.mail:
        if not target.is_ours:
            _agreed(exam, sum(case.predictions for case in cases), yes=yes)
        exam.mail.now_ms = exam.provider.now_ms
        results = _examined(exam, cases)
        evidence = exam.evidence()
    _shown(results, evidence, capabilities=capabilities, as_json=as_json)
    ctx.exit(_code(results))


def _agreed(exam: Exam, predictions: int, *, yes: bool) -> None:
    """Ask the person before money is spent. Raises `click.Abort`."""
    bound = exam.budget.max_predictions
    count = predictions if bound is None else min(predictions, bound)
    told = f"This makes up to {count} predictions of {exam.model.full_name}"
    told = f"{told} at {exam.base_url}, about {count * exam.usd} USD. Go on?"
    if not yes and not click.confirm(told, err=True):
        raise click.Abort


def _cases(names: Sequence[str]) -> list[Case]:
    from mockserver.contract.run import CASES
    from mockserver.library.errors import unknown_name

    known = {case.name: case for case in CASES}
    for name in names:
        if name not in known:
            raise Failure(str(unknown_name("case", name, known)))
    return [case for case in CASES if not names or case.name in names]


def _examined(exam: Exam, cases: Sequence[Case]) -> list[Result]:
    """The result of each case, told as it comes; Ctrl-C cancels what was made."""
    from mockserver.contract.run import examined

    results = []
    try:
        for result in examined(exam, cases):
            results.append(result)
            reason = f": {result.reason}" if result.reason else ""
            say(f"{result.case.name:<10} {result.outcome}{reason}")
    except KeyboardInterrupt:
        say("interrupted; what was made is canceled")
        exam.abandon()
        raise click.Abort from None
    return results


def _shown(
    results: Sequence[Result], evidence: Evidence, *, capabilities: bool, as_json: bool
) -> None:
    from mockserver.contract.capabilities import capabilities as seen

    rows = list(seen(evidence)) if capabilities else []
    if as_json:
        document(
            {
                "cases": [_case(result) for result in results],
                "capabilities": {row.feature: [row.says, row.seen] for row in rows},
            }
        )
        return
    for line in _lines(results):
        click.echo(line)
    if rows:
        cells = [(row.feature, row.says.value, row.seen) for row in rows]
        click.echo("\n".join(table(("FEATURE", "PROFILE SAYS", "SEEN"), cells)))


def _lines(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        for finding in result.findings:
            yield f"{finding}\n"
        for quirk, finding in result.declared:
            yield f"{finding.code} is declared by the profile: {quirk}"
    found = sum(len(result.findings) for result in results)
    yield f"{found} found in {len(results)} cases"


def _case(result: Result) -> dict[str, object]:
    return {
        "name": result.case.name,
        "outcome": result.outcome,
        "reason": result.reason,
        "findings": [_finding(one) for one in result.findings],
        "declared": [{"quirk": quirk, **_finding(one)} for quirk, one in result.declared],
    }


def _finding(one: Finding) -> dict[str, object]:
    from dataclasses import asdict

    return {
        name: value if isinstance(value, str) else repr(value)
        for name, value in asdict(one).items()
    }


def _code(results: Sequence[Result]) -> int:
    from mockserver.contract.run import Outcome

    if any(result.findings for result in results):
        return FINDINGS
    tested = any(result.outcome is Outcome.PASSED for result in results)
    return 0 if tested else NOTHING_TESTED
