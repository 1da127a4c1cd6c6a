"""HTML that shows what it is given, whoever said it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from mockserver.contract.report.words import printable


def text(told: str) -> str:
    """`told` as HTML that shows it."""
    return escape(printable(told))


def code(told: str) -> str:
    """`told` as HTML that shows it as code; nothing of nothing."""
    return f"<code>{text(told)}</code>" if told else ""


def chip(kind: str, told: str) -> str:
    """A short word with the look of its kind."""
    return f'<span class="chip {kind}">{text(told)}</span>'


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = ""
) -> Iterator[str]:
    """A table of cells that are HTML already, the first of each row its head."""
    columns = "".join(f'<th scope="col">{text(head)}</th>' for head in heads)
    named = f' class="{kind}"' if kind else ""
    yield f'<div class="wide" role="region" aria-label="{text(caption)}" tabindex="0">'
    yield f"<table{named}><caption>{text(caption)}</caption><thead><tr>{columns}</tr></thead>"
    yield "<tbody>"
    for first, *others in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def terms(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names, and what there is to say of each, which is HTML already."""
    yield "<dl>"
    yield from (f"<dt>{text(name)}</dt><dd>{told}</dd>" for name, told in pairs)
    yield "</dl>"
