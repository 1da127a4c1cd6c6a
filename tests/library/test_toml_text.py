"""Values as TOML writes them."""

from __future__ import annotations

from tomllib import loads

from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.toml_text import toml


PLAIN = (
    st.text()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)


@given(PLAIN | st.lists(PLAIN, max_size=5))
def test_what_is_written_is_read_again(value: object) -> None:
    """By the standard library's reader, every character included."""
    assert loads(f"key = {toml(value)}") == {"key": value}
