"""What was said in each case, as HTML: pictures of the predictions' lives, and each exchange."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.evidence import Hook
from mockserver.contract.finding import address
from mockserver.contract.report.markup import chip, code, text
from mockserver.contract.report.report import Case, Report, Said
from mockserver.contract.report.timeline import lives, svg
from mockserver.contract.report.words import cut


MOST_LIVES: Final = 20
"""How many predictions are drawn of one case."""
MOST_EXCHANGES: Final = 100
"""How many exchanges are shown of one case."""
MOST_CHARACTERS: Final = 4000
"""How much is shown of one body."""
_REFUSED: Final = 400
_BROKEN: Final = 500
_MOST_UNPRINTABLE: Final = 0.1


def evidence(report: Report) -> Iterator[str]:
    """Everything that was said; cases that found something are open."""
    yield '<h2 id="evidence">Evidence</h2>'
    for place, case in enumerate(report.cases, 1):
        yield f'<details class="case" id="case-{place}"{" open" if case.findings else ""}>'
        yield f"<summary><b>{text(case.name)}</b> {text(case.title)} "
        yield f"{chip(case.outcome, case.outcome)}</summary>"
        yield from _pictures(case)
        yield from (_exchange(one) for one in case.said[:MOST_EXCHANGES])
        left = len(case.said) - MOST_EXCHANGES
        if left > 0:
            yield f"<p>and {left} more exchanges</p>"
        yield from (_hook(one) for one in case.hooks[:MOST_EXCHANGES])
        if not case.said and not case.hooks:
            yield f"<p>{text(case.reason or 'Nothing was said.')}</p>"
        yield "</details>"


def _pictures(case: Case) -> Iterator[str]:
    drawn = list(lives(case))
    for life in drawn[:MOST_LIVES]:
        yield f"<figure>{svg(life)}<figcaption>{code(life.prediction_id)}</figcaption></figure>"
    if len(drawn) > MOST_LIVES:
        yield f"<p>and {len(drawn) - MOST_LIVES} more predictions</p>"
    if drawn:
        yield '<p class="legend">A bar is a status; below it, a line is an answer that told of '
        yield "the prediction, a triangle a webhook.</p>"


def _exchange(one: Said) -> str:
    asked, answer = one.interaction.request, one.interaction
    told = one.error or str(one.status)
    head = (
        f"{chip(_look(one), cut(told, 60))} {code(f'{asked.method} {address(asked)}')} "
        f'<span class="meant">{text(one.meant)}, {one.took_ms} ms</span>'
    )
    parts = (
        _message("request", asked.headers, asked.body),
        _message(one.error or "answer", answer.response_headers, answer.response_body),
    )
    return f'<details class="said"><summary>{head}</summary>{"".join(parts)}</details>'


def _look(one: Said) -> str:
    """A refusal is no failure: many are what was asked for."""
    if one.error or one.status >= _BROKEN:
        return "found"
    return "passed" if one.status < _REFUSED else "refused"


def _hook(one: Hook) -> str:
    head = f"{chip('skipped', 'webhook')} {code(f'{one.request.method} {one.request.path}')}"
    inside = _message("webhook", one.request.headers, one.request.body)
    return f'<details class="said"><summary>{head}</summary>{inside}</details>'


def _message(title: str, headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in headers)
    told = "\n\n".join(part for part in (lines, _body(body)) if part)
    return f"<h4>{text(title)}</h4><pre>{text(told)}</pre>" if told else ""


def _body(body: bytes) -> str:
    """So much of a body as a page may show; of what is no text, only how long it is."""
    start = body[: 4 * MOST_CHARACTERS].decode(errors="replace")
    unprintable = sum(not (char.isprintable() or char.isspace()) for char in start)
    if "\N{REPLACEMENT CHARACTER}" in start[:-1] or unprintable > _MOST_UNPRINTABLE * len(start):
        return f"({len(body)} bytes that are no text)"
    return cut(start, MOST_CHARACTERS)
