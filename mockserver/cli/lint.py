"""`mockserver schemas lint`: what the documents of a gateway contradict."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import cell, data_needed, document, json_option, say, table
from mockserver.cli.pages import documents_argument, opened
from mockserver.cli.reports import (
    Wanted,
    deliver,
    one_on_stdout,
    provenance,
    repeating,
    report_option,
)
from mockserver.core.clock import wall_ms


if TYPE_CHECKING:
    from mockserver.contract.documents.remark import Remark
    from mockserver.contract.report.report import Report
    from mockserver.library.documents.page import Page


_SHOWN_CHARACTERS: Final = 48
_HEAD: Final = ("WHERE", "CODE", "SEVERITY", "WHAT SHOULD BE", "EXPECTED", "SEEN")


@click.command()
@documents_argument
@report_option
@json_option
@click.pass_context
def lint(
    ctx: click.Context,
    /,
    *,
    documents: tuple[str, ...],
    reports: tuple[Wanted, ...],
    as_json: bool,
) -> None:
    """Execute the examples of each DOC against what it says itself.

    DOC is a page as text or Markdown, or an OpenAPI document in YAML or JSON, also one with a page
    around it; - is what stands on stdin. Exit 0: nothing found, 1: contradictions, 2: unreadable.
    """
    one_on_stdout(reports, as_json=as_json)
    begun_ms = wall_ms()
    with data_needed():
        from mockserver.contract.documents.lint import lint as judged
        from mockserver.library.catalogue import Catalogue
        from mockserver.library.documents.reading import read_page

        pages = [read_page(*opened(name)) for name in dict.fromkeys(documents)]
        found = judged(pages, Catalogue())
        report = _report(ctx, pages, found, begun_ms)
    deliver(report, reports, told=partial(_told, found, as_json=as_json))
    say(_summary(found, len(pages)))
    ctx.exit(report.exit_code)


def _told(found: tuple[Remark, ...], *, as_json: bool) -> None:
    if as_json:
        document([one.wire() for one in found])
    elif found:
        click.echo("\n".join(table(_HEAD, [_row(one) for one in found])))


def _report(
    ctx: click.Context, pages: list[Page], found: tuple[Remark, ...], begun_ms: int
) -> Report:
    from mockserver.contract.documents.reported import report_of_documents

    return report_of_documents(
        pages,
        found,
        provenance(repeating(ctx, (), ("reports", "as_json")), begun_ms),
    )


def _row(one: Remark) -> tuple[str, ...]:
    found = one.finding
    told = (f"{one.document}:{one.place.line}", found.code, str(found.severity), found.title)
    return (*told, _shown(found.expected), _shown(found.seen))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cell(text, _SHOWN_CHARACTERS)


def _summary(found: tuple[Remark, ...], pages: int) -> str:
    read = f"{pages} document{'s' if pages > 1 else ''}"
    if not found:
        return f"Nothing found in {read}."
    codes = len({one.finding.code for one in found})
    return f"{len(found)} found in {read}, of {codes} kinds; --json tells each in full."
