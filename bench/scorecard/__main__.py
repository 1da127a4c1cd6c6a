"""`python -m bench.scorecard`: published clients meet a suite of faults; prints what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import click

from bench.scorecard.clients import CLIENTS
from bench.scorecard.meeting import meet
from mockserver.library.faults.catalogue import members
from mockserver.live import serve


@click.command()
@click.option("--suite", default="smoke", show_default=True, help="A suite, family or fault.")
@click.option("--client", "names", multiple=True, type=click.Choice(list(CLIENTS)))
@click.option("--jobs", default=2, show_default=True, help="Programs that run at once.")
def main(*, suite: str, names: tuple[str, ...], jobs: int) -> None:
    """Print a table: what each client makes of each fault of SUITE."""
    clients = {name: CLIENTS[name] for name in names or CLIENTS}
    for name in [name for name, client in clients.items() if client.missing]:
        click.echo(f"{clients.pop(name).title} is not installed: make test-clients", err=True)
    if not clients:
        raise click.ClickException("no client is installed: make test-clients")
    faults = ("", *((suite,) if ";" in suite else map(str, members(suite))))
    click.echo(_line(("fault", *(client.title for client in clients.values()))))
    click.echo(_line("---" for _ in (suite, *clients)))
    with serve() as server, ThreadPoolExecutor(jobs) as pool:
        for fault in faults:
            met = [pool.submit(meet, server, it, name, fault) for name, it in clients.items()]
            click.echo(
                _line((f"`{fault}`" if fault else "none", *(str(it.result()) for it in met)))
            )
    click.echo(f"\nOne row again: python -m bench.scorecard --suite '{faults[-1]}'", err=True)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_escaped(cells))} |"


def _escaped(cells: Iterable[str]) -> Iterator[str]:
    return (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)


main()
