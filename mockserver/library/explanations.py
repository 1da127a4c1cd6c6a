"""What there is to say about the rules of the contract: `schemas/rules.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockserver.library.strict import Table, toml_table


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule matters, what it looks like when it is broken, and what to do then."""

    why: str
    example: str
    remedy: str


def load_explanations(schemas: Path) -> Mapping[str, Explanation]:
    """The explanations by the codes of their rules. Raises `LibraryError`."""
    table = toml_table(schemas / "rules.toml")
    found = {code: _explanation(table.table(code)) for code in table}
    table.done()
    return found


def _explanation(table: Table) -> Explanation:
    told = Explanation(
        why=_said(table, "why"), example=_said(table, "example"), remedy=_said(table, "remedy")
    )
    table.done()
    return told


def _said(table: Table, key: str) -> str:
    text = table.text(key).strip()
    if not text:
        raise table.error(key, "a text that says something", table.text(key))
    return text
