"""`python -m bench [NAME ...] [--quick]`: measure, and print a table of ratios."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import click

from bench import report
from bench.audit import audit
from bench.fuzzing import fuzzing
from bench.held import held
from bench.inprocess import inprocess
from bench.million import million
from bench.mounted import mounted
from bench.report import Measurement
from bench.soak import soak
from bench.startup import startup
from bench.throughput import throughput


MEASUREMENTS: Final[Mapping[str, Measurement]] = MappingProxyType(
    {
        "throughput": throughput,
        "inprocess": inprocess,
        "held": held,
        "startup": startup,
        "million": million,
        "mounted": mounted,
        "fuzzing": fuzzing,
        "soak": soak,
        "audit": audit,
    }
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--quick", is_flag=True, help="Fewer rounds and smaller numbers: a smoke test.")
def main(names: tuple[str, ...], *, quick: bool) -> None:
    """Measure NAMES, or everything, and print a table of ratios."""
    report.printed(row for name in names or MEASUREMENTS for row in MEASUREMENTS[name](quick))


main()
