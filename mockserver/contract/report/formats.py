"""Every form of a report by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockserver.contract.report.github import github
from mockserver.contract.report.har import har
from mockserver.contract.report.junit import junit
from mockserver.contract.report.markdown import markdown
from mockserver.contract.report.ndjson import ndjson
from mockserver.contract.report.page import page
from mockserver.contract.report.report import Report
from mockserver.contract.report.sarif import sarif
from mockserver.contract.report.terminal import terminal
from mockserver.library.errors import unknown_name


Format = Callable[[Report], str]

FORMATS: Final[Mapping[str, Format]] = {
    "terminal": terminal,
    "junit": junit,
    "html": page,
    "markdown": markdown,
    "ndjson": ndjson,
    "har": har,
    "sarif": sarif,
    "github": github,
}
"""What makes the text of each; the report is redacted before."""


def format_called(name: str) -> Format:
    """The form of that name. Raises `UnknownName`."""
    found = FORMATS.get(name)
    if found is None:
        raise unknown_name("report format", name, FORMATS)
    return found
