"""Data files are read strictly, and an error says where and what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.library.errors import LibraryError
from mockserver.library.strict import Table, json_table, toml_table


FILE = Path("some.toml")


def test_a_key_nobody_asked_for_is_an_error() -> None:
    """An unknown key is refused, with its place and the keys that are known there."""
    table = Table({"step": {"lasts": 1, "lastz": 2}}, FILE).table("step")
    table.integer("lasts")
    with pytest.raises(LibraryError, match=r"some.toml: step.lastz: unknown key .*lasts"):
        table.done()


def test_a_missing_key_is_an_error() -> None:
    """What is missing is named together with what is there."""
    with pytest.raises(LibraryError, match=r"some.toml: auth.header: missing .*scheme"):
        Table({"auth": {"scheme": "Bearer"}}, FILE).table("auth").text("header")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda table: table.text("key"), 1, "text"),
        (lambda table: table.integer("key"), "1", "a whole number"),
        (lambda table: table.integer("key"), True, "a whole number"),
        (lambda table: table.flag("key"), 1, "true or false"),
        (lambda table: table.number("key"), "1", "a number"),
        (lambda table: table.texts("key"), ["a", 1], "a list of texts"),
        (lambda table: table.one_of("key", ("a", "b")), "c", "one of a, b"),
        (lambda table: table.raw("key"), [], "a table"),
        (lambda table: table.table("key"), [], "a table"),
        (lambda table: table.tables("key"), {}, "a list of tables"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error(
    read: Callable[[Table], object], value: object, expected: str
) -> None:
    """The error names file, key, what was expected and what was seen."""
    with pytest.raises(LibraryError) as caught:
        read(Table({"key": value}, FILE))
    assert str(caught.value) == f"some.toml: key: expected {expected}, seen {value!r}"


def test_a_long_value_is_shown_in_part() -> None:
    """An error stays readable whatever the file holds."""
    with pytest.raises(LibraryError) as caught:
        Table({"key": "x" * 10_000}, FILE).integer("key")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"{", "expected JSON"), (b"\xff", "expected UTF-8"), (b"[]", "expected a table")],
)
def test_a_broken_json_file_is_not_a_missing_one(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    """Broken says what is wrong in the file."""
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(LibraryError, match=expected):
        json_table(tmp_path / "x.json")


def test_a_broken_toml_file_says_where(tmp_path: Path) -> None:
    """The line of a TOML error reaches the reader."""
    (tmp_path / "x.toml").write_text("a = 1\nb = \n", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"x.toml: expected TOML: .*line 2"):
        toml_table(tmp_path / "x.toml")


@pytest.mark.parametrize("read", [json_table, toml_table])
def test_a_missing_file_is_called_missing(read: Callable[[Path], Table], tmp_path: Path) -> None:
    """Missing is not broken."""
    with pytest.raises(LibraryError, match="there is no such file"):
        read(tmp_path / "nowhere")
