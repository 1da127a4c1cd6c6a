"""A report as JUnit XML, as build servers read it: a test case for each case."""

from __future__ import annotations

from re import compile as pattern
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mockserver.contract.finding import Finding
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Report
from mockserver.contract.report.words import excuse, heading, summary, told
from mockserver.core.timestamps import edge_timestamp


_ILLEGAL: Final = pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold. Source: XML 1.0, 2.2."""


def junit(report: Report) -> str:
    """The report as JUnit XML."""
    counts = report.counts()
    skipped = sum(count for outcome, count in counts.items() if not outcome.tested)
    totals = {
        "tests": str(len(report.cases)),
        "failures": str(counts.get(Outcome.FOUND, 0)),
        "errors": "0",
        "skipped": str(skipped),
        "time": _seconds(report.provenance.ended_ms - report.provenance.started_ms),
    }
    root = Element("testsuites", {"name": report.command_name, **totals})
    about = {
        "name": legal(f"{report.profile} at {report.target}" if report.profile else report.target),
        "timestamp": edge_timestamp(report.provenance.started_ms),
        **totals,
    }
    suite = SubElement(root, "testsuite", about)
    properties = SubElement(suite, "properties")
    for name, value in report.facts():
        SubElement(properties, "property", {"name": name, "value": legal(value)})
    for case in report.cases:
        _case(suite, report, case)
    _text(suite, "system-out", "\n".join((*report.notes, summary(report))))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def legal(text: str) -> str:
    """`text` with a replacement character for everything that XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def _case(suite: Element, report: Report, case: Case) -> None:
    about = {
        "classname": legal(".".join(filter(None, ("mockserver", report.kind, report.profile)))),
        "name": legal(f"{case.name}: {case.title}"),
        "time": _seconds(case.took_ms),
    }
    element = SubElement(suite, "testcase", about)
    if case.findings:
        # One failure, because many readers show the first alone.
        first, count = case.findings[0], len(case.findings)
        more = f" (and {count - 1} more)" if count > 1 else ""
        failure = _text(element, "failure", "\n\n".join(map(_finding, case.findings)))
        failure.set("type", first.code)
        failure.set("message", legal(f"{first.code} {first.title}{more}"))
    elif not case.outcome.tested:
        reason = case.reason or str(case.outcome)
        SubElement(element, "skipped", {"message": legal(f"{case.outcome}: {reason}")})
    if case.excused:
        _text(element, "system-out", "\n".join(f"excused: {excuse(one)}" for one in case.excused))


def _finding(finding: Finding) -> str:
    lines = (f"  {name:<10} {text}" for name, text in told(finding))
    return "\n".join((heading(finding), *lines))


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = legal(text)
    return element


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"
