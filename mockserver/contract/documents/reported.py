"""What documents contradict, as a report: a case for each document."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.contract.documents.remark import Remark
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Provenance, Report
from mockserver.library.documents.page import Page


def report_of_documents(
    pages: Sequence[Page], remarks: Sequence[Remark], provenance: Provenance
) -> Report:
    """The report of what was found in these pages; it holds no credential."""
    report = Report(
        kind="schemas lint",
        target=", ".join(page.name for page in pages),
        profile="",
        provenance=provenance,
        cases=tuple(_case(page, remarks) for page in pages),
        file=pages[0].name if pages else "",
    )
    return redacted(report)


def _case(page: Page, remarks: Sequence[Remark]) -> Case:
    found = tuple(one.finding for one in remarks if one.document == page.name)
    title = "what the document says of itself agrees"
    return Case(page.name, title, Outcome.FOUND if found else Outcome.PASSED, findings=found)
