"""The page that tells what was found, each finding with the command that shows it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Final

from bench.scorecard.clients import Client
from mockserver.contract.consumer.result import TESTED, Kept, Result, against, matrix
from mockserver.contract.finding import Finding
from mockserver.library.faults.promises import PROMISES


Results = Mapping[str, Sequence[Result]]

_HEAD: Final = """\
# Scorecard

What an [audit](audit.md) found in published clients on {day}, each used as its own documents show.
This page is written by `make scorecard`; measure again rather than change it.

A client's *no* says that some case broke the promise, and tells the rules; `mockserver explain C101` tells why one matters.
*not met*: no fault struck this client where it would have shown, for instance because it leaves downloads to its caller over plain HTTP.
A run that had not ended after {deadline_s:g} seconds of real time, {world_s:g} seconds of the API's, counts as hanging; no client was told of a deadline of its own.
"""  # noqa: E501


def page(
    clients: Mapping[str, Client], found: Results, *, day: str, deadline_s: float, rate: int
) -> str:
    """What was found, as Markdown."""
    head = _HEAD.format(day=day, deadline_s=deadline_s, world_s=deadline_s * rate)
    return "\n".join((head, *_table(clients, found), "", *_clients(clients, found)))


def _table(clients: Mapping[str, Client], found: Results) -> Iterator[str]:
    titles = [clients[name].title for name in found]
    yield _row(("", "a good client", *titles))
    yield _row("---" for _ in ("", "", *titles))
    said = {name: matrix(results) for name, results in found.items()}
    for promise in TESTED:
        cells = (_cell(promise, found[name], said[name][promise]) for name in found)
        yield _row((promise, PROMISES[promise], *cells))


def _cell(promise: str, results: Sequence[Result], said: Mapping[str, Kept]) -> str:
    codes = dict.fromkeys(one.code for _, one in against(promise, results))
    if codes:
        return f"no: {' '.join(f'`{code}`' for code in codes)}"
    return "yes" if Kept.KEPT in said.values() else "not met"


def _clients(clients: Mapping[str, Client], found: Results) -> Iterator[str]:
    for name, results in found.items():
        yield f"## {clients[name].title}\n"
        yield _row(("code", "what", "seen", "in", "again"))
        yield _row("---" for _ in range(5))
        for finding, cases in _grouped(results):
            again = f'make scorecard ARGS="--client {name} --case {quote(cases[0])}"'
            more = f" and {len(cases) - 1} more" if len(cases) > 1 else ""
            seen = str(finding.seen)[:_SHOWN]
            yield _row(
                (f"`{finding.code}`", finding.title, seen, f"{cases[0]}{more}", f"`{again}`")
            )
        yield ""


_SHOWN: Final = 100


def _grouped(results: Sequence[Result]) -> Iterator[tuple[Finding, list[str]]]:
    """Each code's first finding, and all the cases that have one."""
    first: dict[str, Finding] = {}
    cases: dict[str, list[str]] = {}
    for result in results:
        for one in result.findings:
            first.setdefault(one.code, one)
            cases.setdefault(one.code, []).append(result.case.name)
    for code in sorted(first):
        yield first[code], cases[code]


def _row(cells: Iterator[str] | Sequence[str]) -> str:
    told = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(told)} |"
