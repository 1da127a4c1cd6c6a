"""A report as one HTML file that needs nothing else: no network, no script.

The page allows itself nothing but its own style, so what a gateway said cannot act in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Final

from mockserver.contract.finding import Severity
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.evidence_page import evidence
from mockserver.contract.report.markup import chip, code, table, terms, text
from mockserver.contract.report.page_style import STYLE
from mockserver.contract.report.report import NOTHING_TESTED, Report, Told
from mockserver.contract.report.words import in_cases, summary, told
from mockserver.core.timestamps import edge_timestamp


MOST_FINDINGS: Final = 200
_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
)


def page(report: Report) -> str:
    """The report as an HTML document."""
    parts = (
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{text(report.title)}: {text(_verdict(report)[1])}</title>",
        f"<style>{STYLE}</style></head><body>",
        *_head(report),
        "<main>",
        *_findings(report),
        *_cases(report),
        *_rest(report),
        *evidence(report),
        *_about(report),
        "</main></body></html>",
    )
    return "\n".join(parts) + "\n"


def _verdict(report: Report) -> tuple[str, str]:
    """The kind of what it came to, and that in a word."""
    count = len(report.findings)
    if count:
        return "found", f"{count} finding{'s' if count > 1 else ''}"
    if report.exit_code == NOTHING_TESTED:
        return "skipped", "nothing was tested"
    return "passed", "nothing found"


def _head(report: Report) -> Iterator[str]:
    kind, verdict = _verdict(report)
    held = f", held against <b>{text(report.profile)}</b>" if report.profile else ""
    yield f'<header class="{kind}"><p class="over">{text(report.command_name)}</p>'
    yield f"<h1>{text(verdict[0].upper() + verdict[1:])}</h1>"
    yield f"<p>{code(report.target)}{held}</p>"
    yield '<ul class="tiles">'
    for number, name in _numbers(report):
        yield f"<li><b>{text(number)}</b> {text(name)}</li>"
    yield "</ul></header>"


def _numbers(report: Report) -> Iterator[tuple[str, str]]:
    severities = [one.finding.severity for one in report.findings]
    for severity in Severity:
        yield str(severities.count(severity)), str(severity)
    if report.excused:
        yield str(len(report.excused)), "excused"
    for outcome, count in report.counts().items():
        told = "with findings" if outcome is Outcome.FOUND else str(outcome)
        yield str(count), f"{'case' if count == 1 else 'cases'} {told}"
    if report.created:
        yield str(len(report.created)), f"predictions, about {report.usd} USD"


def _findings(report: Report) -> Iterator[str]:
    findings = report.findings
    if findings:
        yield '<h2 id="findings">Findings</h2>'
    for place, one in enumerate(findings[:MOST_FINDINGS], 1):
        yield from _finding(report, one, place)
    if len(findings) > MOST_FINDINGS:
        yield f"<p>and {len(findings) - MOST_FINDINGS} more</p>"


def _finding(report: Report, one: Told, place: int) -> Iterator[str]:
    found = one.finding
    severity = chip(found.severity, found.severity)
    yield f'<article class="finding {found.severity}" id="finding-{place}">'
    yield f"<h3>{code(found.code)} {text(found.title)} {severity}</h3>"
    said = report.provenance.explained.get(found.code)
    if said:
        yield f"<p>{text(said.why)}</p>"
    lines = [
        (name, f"<pre>{text(line)}</pre>" if name == "repeat" else code(line))
        for name, line in told(found)
    ]
    yield from terms((*lines, ("cases", text(in_cases(one)))))
    if said:
        yield f'<p class="remedy"><b>What to do:</b> {text(said.remedy)}</p>'
    yield "</article>"


def _cases(report: Report) -> Iterator[str]:
    yield '<h2 id="cases">Cases</h2>'
    heads = ("case", "outcome", "found", "what it shows, or why it was not asked")
    rows = (
        (
            f'<a href="#case-{place}">{text(one.name)}</a>',
            chip(one.outcome, one.outcome),
            str(len(one.findings)) if one.outcome.tested else "",
            text(one.reason or one.title),
        )
        for place, one in enumerate(report.cases, 1)
    )
    yield from table("What each case came to", heads, rows)


def _rest(report: Report) -> Iterator[str]:
    if report.excused:
        yield "<h2>Excused</h2>"
        rows = (
            (code(one.finding.code), code(one.finding.at), text(one.by), text(one.why))
            for one in report.excused
        )
        yield from table("Findings that do not count", ("finding", "at", "by", "why"), rows)
    if report.notes:
        yield "<h2>Notes</h2><ul>"
        yield from (f"<li>{text(note)}</li>" for note in report.notes)
        yield "</ul>"
    for one in report.tables:
        yield f"<h2>{text(one.title)}</h2>"
        yield from table(one.title, one.heads, (tuple(map(text, row)) for row in one.rows))


def _about(report: Report) -> Iterator[str]:
    yield "<h2>About</h2>"
    times = (
        ("started", edge_timestamp(report.provenance.started_ms)),
        ("ended", edge_timestamp(report.provenance.ended_ms)),
        ("summary", summary(report)),
    )
    yield from terms((name, code(value)) for name, value in (*report.facts(), *times) if value)
