"""`python -m bench.scorecard`: published clients are audited; writes docs/scorecard.md."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from bench.scorecard.clients import CLIENTS, Client
from bench.scorecard.page import page
from mockserver.audit.pace import RATE
from mockserver.cli.programs import Program
from mockserver.contract.consumer.cases import cases
from mockserver.contract.consumer.result import Result
from mockserver.core.clock import wall_ms
from mockserver.library.catalogue import Catalogue


PAGE: Final = Path(__file__).parents[2] / "docs" / "scorecard.md"
DEADLINE_S: Final = 15.0
"""Who has not ended by then hangs: without a fault, each is done in under three."""


@click.command()
@click.option("--client", "names", multiple=True, type=click.Choice(list(CLIENTS)))
@click.option("--case", "chosen", multiple=True, help="Only this case; writes no page.")
@click.option("--jobs", default=4, show_default=True, help="Programs that run at once.")
def main(*, names: tuple[str, ...], chosen: tuple[str, ...], jobs: int) -> None:
    """Audit published clients, and write what was found; a case or a client alone is only told."""
    clients = {name: CLIENTS[name] for name in names or CLIENTS}
    for name in [name for name, client in clients.items() if client.missing]:
        click.echo(f"{clients.pop(name).title} is not installed: make test-clients", err=True)
    if not clients:
        raise click.ClickException("no client is installed: make test-clients")
    found = {name: list(_audited(client, chosen, jobs)) for name, client in clients.items()}
    if chosen:
        for finding in (
            one for results in found.values() for it in results for one in it.findings
        ):
            click.echo(f"{finding}\n")
        return
    day = datetime.fromtimestamp(wall_ms() / 1000, UTC).date().isoformat()
    text = page(clients, found, day=day, deadline_s=DEADLINE_S, rate=RATE)
    if names:
        click.echo(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        click.echo(f"{PAGE} is written")


def _audited(client: Client, chosen: tuple[str, ...], jobs: int) -> Iterator[Result]:
    """What each case came to for a client, told as it comes."""
    program = Program(
        client.command(), Catalogue(), "replicate", DEADLINE_S, 0, folder=client.folder
    )
    with ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(program.audited, cases(chosen)):
            codes = " ".join(one.code for one in result.findings)
            end = result.conduct.end if result.conduct else result.reason
            click.echo(f"{client.title:<20} {result.case.name:<50} {end} {codes}", err=True)
            yield result


main()
