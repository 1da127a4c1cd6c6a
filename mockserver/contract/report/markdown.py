"""A report as Markdown, as GitHub shows it for a step.

Source: docs.github.com, "Adding a job summary": at most 1 MiB for a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from re import compile as pattern
from typing import Final

from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Report, Told
from mockserver.contract.report.words import excuse, in_cases, printable, summary, told


MOST_FINDINGS: Final = 20
MOST_BYTES: Final = 1024 * 1024
_LEAST_FENCE: Final = 3
_TICKS: Final = pattern("`+")
_SPECIAL: Final = pattern(r"([\\`*_{}\[\]()#+.!|~@>-])")
_MARKS: Final = {
    Outcome.PASSED: "✅",
    Outcome.FOUND: "❌",
    Outcome.UNSUPPORTED: "⚪",
    Outcome.SKIPPED: "⏭",
}


def markdown(report: Report) -> str:
    """The report as Markdown, the first findings in full and of the others how many there are."""
    findings = report.findings
    head = [f"## {escaped(report.title)}", "", escaped(summary(report)), ""]
    head += [*_cases(report), ""]
    tail = [*_rest(report)]
    room = MOST_BYTES - sum(_size(line) for line in (*head, *tail)) - 1000
    shown: list[str] = []
    count = 0
    for one in findings[:MOST_FINDINGS]:
        lines = list(_finding(one))
        room -= sum(map(_size, lines))
        if room < 0:
            break
        shown += lines
        count += 1
    more = [f"and {len(findings) - count} more", ""] if count < len(findings) else []
    text = "\n".join((*head, *shown, *more, *tail)).rstrip("\n") + "\n"
    return _cut(text)


def escaped(text: str) -> str:
    """`text` in one line that means nothing in Markdown or HTML but itself."""
    line = " ".join(printable(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", line)


def _cases(report: Report) -> Iterator[str]:
    yield from _rows(
        ("case", "outcome", "found", "why"),
        (
            (
                one.name,
                f"{_MARKS[one.outcome]} {one.outcome}",
                str(len(one.findings)) if one.outcome.tested else "",
                one.reason,
            )
            for one in report.cases
        ),
    )


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(escaped, heads))} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(map(escaped, row))} |" for row in rows)


def _finding(one: Told) -> Iterator[str]:
    found = one.finding
    yield f"### {found.code}: {escaped(found.title)} ({found.severity})"
    yield ""
    lines = [(name, text) for name, text in told(found) if name != "repeat"]
    for name, text in (*lines, ("cases", in_cases(one))):
        yield f"- {name}: {_code(text)}"
    if found.curl:
        yield ""
        yield from _block(printable(found.curl))
    yield ""


def _rest(report: Report) -> Iterator[str]:
    yield from _list("Excused", (escaped(excuse(one)) for one in report.excused))
    yield from _list("Notes", map(escaped, report.notes))
    for table in report.tables:
        yield f"### {escaped(table.title)}"
        yield ""
        yield from _rows(table.heads, table.rows)
        yield ""
    facts = (f"{name}: {_code(value)}" for name, value in report.facts() if value)
    yield from _list("About", facts)


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from (f"### {title}", "", *lines, "")


def _code(text: str) -> str:
    """`text` in a code span that nothing in it can end."""
    line = " ".join(text.split()) or " "
    ticks = "`" * (_longest(line) + 1)
    return f"{ticks} {line} {ticks}" if "`" in line else f"`{line}`"


def _block(text: str) -> Iterator[str]:
    fence = "`" * max(_LEAST_FENCE, _longest(text) + 1)
    yield from (f"{fence}sh", text, fence)


def _longest(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _size(line: str) -> int:
    return len(line.encode(errors="replace")) + 1


def _cut(text: str) -> str:
    """So much of `text` as GitHub takes; whole lines only."""
    data = text.encode(errors="replace")
    if len(data) <= MOST_BYTES:
        return text
    return data[:MOST_BYTES].decode(errors="ignore").rpartition("\n")[0] + "\n"
