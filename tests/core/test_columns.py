"""Tables as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.columns import columns


words = st.text("ab ", max_size=5)


@given(st.lists(st.tuples(words, words), max_size=5))
def test_each_column_begins_at_one_place(rows: list[tuple[str, str]]) -> None:
    """Two spaces behind the widest cell before it; no line ends with spaces."""
    lines = list(columns(("HEAD", "NEXT"), rows))
    begins = max(map(len, ("HEAD", *(first for first, _ in rows)))) + 2
    assert lines[0].index("NEXT") == begins
    assert [line[begins:] for line in lines[1:]] == [second.rstrip() for _, second in rows]
    assert lines == [line.rstrip() for line in lines]
