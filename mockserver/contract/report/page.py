"""A report as one HTML file that needs nothing else: no network, no script.

The page allows itself nothing but its own style, so what a gateway said cannot act in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from typing import Final

from mockserver.contract.report.page_style import STYLE
from mockserver.contract.report.report import Case, Report, Said, Told
from mockserver.contract.report.timeline import lives, svg
from mockserver.contract.report.words import address, in_cases, printable, summary, told
from mockserver.core.timestamps import edge_timestamp


MOST_FINDINGS: Final = 200
MOST_LIVES: Final = 20
"""How many predictions are drawn of one case."""
_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'"


def page(report: Report) -> str:
    """The report as an HTML document."""
    title = f"{report.title}: {report.profile}"
    parts = (
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style></head><body><main>",
        f"<h1>{_text(title)}</h1>",
        f"<p>{_text(summary(report))}</p>",
        *_cases(report),
        *_findings(report),
        *_rest(report),
        *_evidence(report),
        "</main></body></html>",
    )
    return "\n".join(parts) + "\n"


def _cases(report: Report) -> Iterator[str]:
    yield "<h2>Cases</h2>"
    yield from _table(
        ("case", "outcome", "found", "what it shows, or why not"),
        (
            (
                f'<a href="#case-{number}">{_text(one.name)}</a>',
                f'<span class="v-{one.outcome}">{one.outcome}</span>',
                str(len(one.findings)) if one.outcome.tested else "",
                _text(one.reason or one.title),
            )
            for number, one in enumerate(report.cases)
        ),
    )


def _findings(report: Report) -> Iterator[str]:
    findings = report.findings
    if findings:
        yield "<h2>Findings</h2>"
    for one in findings[:MOST_FINDINGS]:
        yield from _finding(one)
    if len(findings) > MOST_FINDINGS:
        yield f"<p>and {len(findings) - MOST_FINDINGS} more</p>"


def _finding(one: Told) -> Iterator[str]:
    found = one.finding
    yield f'<section class="finding {found.severity}">'
    yield f"<h3>{_text(found.code)} {_text(found.title)} <small>{found.severity}</small></h3><dl>"
    for name, text in (*told(found), ("cases", in_cases(one))):
        kind = "pre" if name == "repeat" else "code"
        yield f"<dt>{name}</dt><dd><{kind}>{_text(text)}</{kind}></dd>"
    yield "</dl></section>"


def _rest(report: Report) -> Iterator[str]:
    if report.excused:
        yield "<h2>Excused</h2>"
        rows = (
            (_text(one.finding.code), _text(one.finding.at), _text(one.by), _text(one.why))
            for one in report.excused
        )
        yield from _table(("finding", "at", "by", "why"), rows)
    if report.notes:
        yield "<h2>Notes</h2><ul>"
        yield from (f"<li>{_text(note)}</li>" for note in report.notes)
        yield "</ul>"
    for table in report.tables:
        yield f"<h2>{_text(table.title)}</h2>"
        cells = (tuple(map(_text, row)) for row in table.rows)
        yield from _table(map(_text, table.heads), cells)
    yield "<h2>About</h2>"
    times = (
        ("started", edge_timestamp(report.started_ms)),
        ("ended", edge_timestamp(report.ended_ms)),
    )
    facts = [(name, value) for name, value in (*report.facts(), *times) if value]
    yield from _table(
        ("fact", "value"), ((name, f"<code>{_text(value)}</code>") for name, value in facts)
    )


def _evidence(report: Report) -> Iterator[str]:
    yield "<h2>Evidence</h2>"
    for number, case in enumerate(report.cases):
        yield f'<details id="case-{number}" open><summary>{_text(case.name)}: '
        yield f"{_text(case.title)}</summary>"
        yield from _pictures(case)
        if case.said:
            heads = ("", "meant", "asked", "answered", "took")
            rows = (_row(place, one) for place, one in enumerate(case.said, 1))
            yield from _table(heads, rows)
        yield "</details>"


def _pictures(case: Case) -> Iterator[str]:
    shown = list(lives(case))
    for life in shown[:MOST_LIVES]:
        yield f"<figure>{svg(life)}<figcaption>{_text(life.prediction_id)}</figcaption></figure>"
    if len(shown) > MOST_LIVES:
        yield f"<p>and {len(shown) - MOST_LIVES} more predictions</p>"


def _row(place: int, one: Said) -> tuple[str, ...]:
    request = one.interaction.request
    asked = f"{request.method} {address(request)}"
    answered = one.error or str(one.status)
    took = f"{one.took_ms} ms"
    return str(place), _text(one.meant), f"<code>{_text(asked)}</code>", _text(answered), took


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table of cells that are HTML already."""
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>'
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div>"


def _text(text: str) -> str:
    """`text` as HTML that shows it."""
    return escape(printable(text))
