"""The day on which a page says that it was changed."""

from __future__ import annotations

from re import IGNORECASE
from re import compile as pattern
from typing import Final

from mockserver.library.documents.page import Fact
from mockserver.library.documents.tree import Lines, Place


_CHANGED: Final = pattern(
    r"(?:修改于|最后更新|更新于|更新时间|修改时间|\b(?:last\s+)?(?:updated|modified)(?:\s+(?:on|at))?)"
    r"\s{0,3}[::]?\s{0,3}(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?",
    IGNORECASE,
)


def modified(text: str) -> Fact | None:
    """The last such day in the text, with the time if one is told; None without one."""
    found = [*_CHANGED.finditer(text)][-1:]
    for match in found:
        when = "T".join(part for part in match.groups() if part)
        return Fact("modified", when, Place(Lines(text).of(match.start())))
    return None
