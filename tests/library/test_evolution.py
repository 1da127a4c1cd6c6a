"""How the API was at earlier dates, as data."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.library.errors import LibraryError
from mockserver.library.evolution import api_date, load_evolution
from mockserver.library.rooms import room


FILE: Final = room("schemas") / "evolution.toml"
ROWS: Final = tomllib.loads(FILE.read_text(encoding="utf-8"))
DOCUMENT: Final = json.loads((room("schemas") / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS: Final = {
    f"{method.upper()} {path}": told
    for path, item in DOCUMENT["paths"].items()
    for method, told in item.items()
}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-10", date(2024, 10, 1)),
        ("2024-10-01", date(2024, 10, 1)),
        ("2025-10-22", date(2025, 10, 22)),
    ],
)
def test_a_date_is_a_day_and_a_month_its_first(text: str, day: date) -> None:
    """Both can be told apart from nothing else."""
    assert api_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-1", "2024-13", "2024-02-30", "20241008", "2024-10-08T00:00", "soon"]
)
def test_nothing_else_is_a_date(text: str) -> None:
    """And the error shows what was seen."""
    with pytest.raises(ValueError, match="expected") as raised:
        api_date(text)
    assert repr(text) in str(raised.value)


def test_every_row_has_its_source() -> None:
    """What upstream was is a fact, and facts have a place they come from."""
    rows = [row for section in ROWS.values() for row in section]
    assert len(rows) > 15
    assert all(row["source"] and api_date(row["since"]) for row in rows)


@pytest.mark.parametrize("row", ROWS["operations"], ids=lambda row: row["since"])
def test_what_came_is_an_operation_of_today(row: Any) -> None:
    """Under the name that our document gives it."""
    assert set(row["names"]) <= OPERATIONS.keys()


@pytest.mark.parametrize("row", ROWS["parameters"], ids=lambda row: row["since"])
def test_what_was_ignored_is_a_parameter_of_today(row: Any) -> None:
    """Of the operation that is named."""
    references = [
        one["$ref"].rpartition("/")[2] for one in OPERATIONS[row["operation"]]["parameters"]
    ]
    known = {DOCUMENT["components"]["parameters"][name]["name"] for name in references}
    assert set(row["names"]) <= known


def test_on_its_day_a_change_has_come() -> None:
    """And on the day before it has not."""
    before = load_evolution(FILE, date(2025, 9, 15))
    on = load_evolution(FILE, date(2025, 9, 16))
    assert before.operations - on.operations == {"GET /search"}


def test_today_nothing_is_otherwise() -> None:
    """The file tells of the past only."""
    today = load_evolution(FILE, date(2026, 3, 16))
    told = (today.operations, today.headers, today.members, today.values)
    assert not any(told)
    assert (today.created, dict(today.parameters)) == (None, {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[created]]\nsince = "soon"\nbefore = 200\n', "created[0].since: expected a date"),
        ('[[created]]\nsince = "2024-10"\nbefore = "x"\n', "created[0].before: expected a whole"),
        ('[[created]]\nsince = "2024-10"\nbefore = 200\nx = 1\n', "created[0].x: unknown key"),
    ],
)
def test_a_broken_file_is_told_as_such(tmp_path: Path, text: str, says: str) -> None:
    """With the place, also where its row would not count."""
    path = tmp_path / "evolution.toml"
    path.write_text(text)
    with pytest.raises(LibraryError) as raised:
        load_evolution(path, date(2030, 1, 1))
    assert says in str(raised.value)


def test_of_two_changes_the_next_one_tells_how_it_was(tmp_path: Path) -> None:
    """Each tells what there was until it came."""
    path = tmp_path / "evolution.toml"
    later = '[[created]]\nsince = "2025-01"\nbefore = 201\nsource = "x"\n'
    earlier = '[[created]]\nsince = "2024-01"\nbefore = 200\nsource = "x"\n'
    empty = "operations = []\nparameters = []\nheaders = []\nmembers = []\nvalues = []\n"
    path.write_text(empty + later + earlier)
    found = [load_evolution(path, date(year, 6, 1)).created for year in (2023, 2024, 2025)]
    assert found == [200, 201, None]
