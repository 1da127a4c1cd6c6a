"""What the test of a receiver came to, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import document, table
from mockserver.cli.results import FINDINGS, NOTHING_TESTED, finding_members
from mockserver.contract.hooks.judging import in_full


if TYPE_CHECKING:
    from mockserver.contract.finding import Finding
    from mockserver.contract.hooks.permuting import Permuted
    from mockserver.contract.hooks.run import Result
    from mockserver.contract.hooks.sent import Sent

_HEAD: Final = ("CASE", "RESULT", "ANSWERED", "MS", "WHAT CAME")


def shown(results: Sequence[Result], permuted: Permuted | None, *, as_json: bool) -> None:
    """Print the results on stdout, as a table or as one JSON document."""
    if as_json:
        orders = {"orders": _orders(permuted)} if permuted else {}
        document({"cases": [_case(one) for one in results], **orders})
        return
    click.echo("\n".join(table(_HEAD, [_row(one) for one in results])))
    for name, finding in _findings(results, permuted):
        click.echo(f"\n{name}: {in_full(finding)}")
    for reason, names in _reasons(results).items():
        click.echo(f"\n{', '.join(names)}: {reason}")
    click.echo(f"\n{_summary(results, permuted)}")


def code(results: Sequence[Result], permuted: Permuted | None) -> int:
    """The exit code: 0 nothing found, 1 findings, 2 nothing was tested."""
    if any(_findings(results, permuted)):
        return FINDINGS
    return 0 if any(one.sent for one in results) else NOTHING_TESTED


def _findings(
    results: Sequence[Result], permuted: Permuted | None
) -> Iterator[tuple[str, Finding]]:
    yield from ((one.case.name, found) for one in results for found in one.findings)
    if permuted and permuted.case and permuted.finding:
        yield "orders", permuted.finding


def _reasons(results: Sequence[Result]) -> dict[str, list[str]]:
    """Why something was not tried, with the cases of which it is true."""
    told: dict[str, list[str]] = {}
    for one in results:
        if one.reason:
            told.setdefault(one.reason, []).append(one.case.name)
    return told


def _summary(results: Sequence[Result], permuted: Permuted | None) -> str:
    found = sum(1 for _ in _findings(results, permuted))
    tried = sum(1 for one in results if one.sent)
    orders = f", {permuted.tried} of {permuted.total} orders tried" if permuted else ""
    return f"{found} found in {tried} of {len(results)} cases{orders}"


def _row(result: Result) -> tuple[str, ...]:
    answers = [one.answer for one in result.sent if one.answer]
    statuses = " ".join("-" if one.status is None else str(one.status) for one in answers)
    slowest = str(max(one.took_ms for one in answers)) if answers else ""
    codes = " ".join(dict.fromkeys(one.code for one in result.findings))
    told = f"{result.outcome} {codes}".rstrip()
    return result.case.name, told, statuses, slowest, result.case.title


def _case(result: Result) -> dict[str, object]:
    return {
        "name": result.case.name,
        "title": result.case.title,
        "outcome": result.outcome,
        "reason": result.reason,
        "sent": [_sent(one) for one in result.sent if one.answer],
        "findings": [finding_members(one) for one in result.findings],
    }


def _sent(one: Sent) -> dict[str, object]:
    answer = one.answer
    return {
        "event": one.send.event,
        "fault": str(one.send.fault or ""),
        "expected": one.send.expect,
        "status": answer.status if answer else None,
        "why": answer.why if answer else "",
        "ms": answer.took_ms if answer else 0,
    }


def _orders(permuted: Permuted) -> dict[str, object]:
    case, finding = permuted.case, permuted.finding
    return {
        "tried": permuted.tried,
        "total": permuted.total,
        "wrong": [send.event for send in case.sends] if case else [],
        "findings": [finding_members(finding)] if finding else [],
    }
