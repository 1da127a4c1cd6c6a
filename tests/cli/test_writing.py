"""Files are written as a whole."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from mockserver.cli.writing import write_all


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    """Folders are made; what is as it should be keeps its time."""
    old, new = tmp_path / "old.txt", tmp_path / "deep" / "new.txt"
    old.write_text("same", encoding="utf-8")
    before = old.stat().st_mtime_ns
    assert write_all({old: "same", new: "ü\n"}) == (new,)
    assert new.read_bytes() == "ü\n".encode()
    assert old.stat().st_mtime_ns == before


def test_another_file_stays_unless_it_is_said(tmp_path: Path) -> None:
    """Then none is written, not even those that are missing."""
    edited, missing = tmp_path / "edited.txt", tmp_path / "missing.txt"
    edited.write_text("mine", encoding="utf-8")
    with pytest.raises(click.UsageError, match=r"edited.txt exists; --force replaces it"):
        write_all({missing: "new", edited: "new"})
    assert (edited.read_text("utf-8"), missing.exists()) == ("mine", False)
    assert write_all({edited: "new"}, force=True) == (edited,)


def test_a_file_that_cannot_be_written_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    """And nothing unfinished behind."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    first = tmp_path / "first.txt"
    with pytest.raises(OSError, match="file"):
        write_all({first: "new", tmp_path / "file" / "second.txt": "new"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
