"""What clients give back, made comparable."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest

from mockserver.audit.outputs import outputs_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        ("https://a/1.png", ("https://a/1.png",)),
        (b"1", (b"1",)),
        (bytearray(b"1"), (b"1",)),
        ([b"1", "2", None], (b"1", "2")),
        ((), ()),
        (BytesIO(b"1"), (b"1",)),
        (StringIO("1"), ("1",)),
        ([BytesIO(b"1"), [b"2"]], (b"1", b"2")),
        (7, None),
        ([b"1", object()], None),
        ({"url": "https://a/1.png"}, None),
    ],
)
def test_outputs_are_bytes_and_addresses(value: object, expected: object) -> None:
    """Whatever form they come in; what nobody can tell is not judged."""
    assert outputs_of(value) == expected


def test_a_path_is_its_file(tmp_path: Path) -> None:
    """A client that stores its outputs gives paths back."""
    file = tmp_path / "1.png"
    file.write_bytes(b"1")
    assert outputs_of([file]) == (b"1",)
