"""What an exam came to, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import document, table


if TYPE_CHECKING:
    from mockserver.contract.capabilities import Capability
    from mockserver.contract.finding import Finding
    from mockserver.contract.run import Result

FINDINGS: Final = 1
NOTHING_TESTED: Final = 2


def shown(results: Sequence[Result], *, capabilities: bool, as_json: bool) -> None:
    """Print the results on stdout, as text or as one JSON document."""
    rows = list(_seen(results)) if capabilities else []
    if as_json:
        cases = [_case(result) for result in results]
        able = {row.feature: [row.says, row.seen] for row in rows}
        document({"cases": cases, "capabilities": able})
        return
    for line in _lines(results):
        click.echo(line)
    if rows:
        cells = [(row.feature, row.says.value, row.seen) for row in rows]
        click.echo("\n".join(table(("FEATURE", "PROFILE SAYS", "SEEN"), cells)))


def code(results: Sequence[Result]) -> int:
    """The exit code: 0 nothing found, 1 findings, 2 nothing was tested."""
    from mockserver.contract.outcome import Outcome

    if any(result.findings for result in results):
        return FINDINGS
    tested = any(result.outcome is Outcome.PASSED for result in results)
    return 0 if tested else NOTHING_TESTED


def _seen(results: Sequence[Result]) -> Iterator[Capability]:
    from mockserver.contract.capabilities import capabilities
    from mockserver.contract.run import whole

    yield from capabilities(whole(results))


def _lines(results: Sequence[Result]) -> Iterator[str]:
    """Each finding once, with all the cases that it was made in."""
    where: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Finding] = {}
    for result in results:
        for finding in result.findings:
            key = finding.code, finding.at
            where.setdefault(key, []).append(result.case.name)
            first.setdefault(key, finding)
    for key, finding in first.items():
        yield f"{finding}\n  {'cases':<10} {', '.join(dict.fromkeys(where[key]))}\n"
    declared = {(quirk, one.code) for result in results for quirk, one in result.declared}
    yield from (
        f"{known} is declared by the profile: {quirk}" for quirk, known in sorted(declared)
    )
    yield f"{len(first)} found in {len(results)} cases"


def _case(result: Result) -> dict[str, object]:
    return {
        "name": result.case.name,
        "outcome": result.outcome,
        "reason": result.reason,
        "findings": [_finding(one) for one in result.findings],
        "declared": [{"quirk": quirk, **_finding(one)} for quirk, one in result.declared],
    }


def _finding(one: Finding) -> dict[str, object]:
    told = asdict(one)
    return {name: value if isinstance(value, str) else repr(value) for name, value in told.items()}
