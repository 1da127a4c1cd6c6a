"""The day on which a page says that it was changed."""

from __future__ import annotations

import pytest

from mockserver.library.documents.modified import modified
from mockserver.library.documents.tree import Place


@pytest.mark.parametrize(
    ("text", "when", "line"),
    [
        ("}修改于 2025-08-07 08:31:16", "2025-08-07T08:31:16", 1),
        ("a\n最后更新:2025-08-01 07:40:39\n", "2025-08-01T07:40:39", 2),
        ("更新时间:2025-08-01 07:40", "2025-08-01T07:40", 1),
        ("Last updated: 2026-06-08", "2026-06-08", 1),
        ("updated on 2026-06-08T01:02:03Z", "2026-06-08T01:02:03", 1),
        ("updated 2026-01-01\n\nlast modified 2026-02-02", "2026-02-02", 3),
    ],
)
def test_the_day_is_read_with_its_line(text: str, when: str, line: int) -> None:
    """In Chinese or English, glued to JSON or not; the last one counts."""
    found = modified(text)
    assert found is not None
    assert (found.value, found.place) == (when, Place(line))


@pytest.mark.parametrize("text", ["", "2025-08-07", "created_at: 2025-08-07", "outdated 2025-1-1"])
def test_another_day_is_none(text: str) -> None:
    """Only what is called so."""
    assert modified(text) is None
