"""What a create call answers: each row of fixtures/sync.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.rooms import room
from mockserver.service.settings import SyncStyle


if TYPE_CHECKING:
    from tests.web.conftest import Apis

PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
TABLE: Final = tomllib.loads((room("fixtures") / "sync.toml").read_text(encoding="utf-8"))

Row = Mapping[str, Any]


def cases() -> Iterator[tuple[SyncStyle, Row]]:
    """Every row in every style that it speaks of."""
    for row in TABLE["row"]:
        styles = tuple(SyncStyle) if row["style"] == "both" else (SyncStyle(row["style"]),)
        yield from ((style, row) for style in styles)


def called(value: object) -> str:
    """What a case is called in the report."""
    if isinstance(value, Mapping):
        return f"{value['life']} {value.get('prefer', '-')} {value.get('cancel_after', '-')}"
    return str(value)


@pytest.mark.parametrize(("style", "row"), tuple(cases()), ids=called)
def test_each_row_holds(apis: Apis, style: SyncStyle, row: Row) -> None:
    """Status code, `Preference-Applied`, the body's status, and whether there is an output."""
    api = apis(sync=style, scenario=row["life"])
    headers = {"prefer": row.get("prefer"), "cancel_after": row.get("cancel_after")}
    got = api.post(PRO, {"input": {"prompt": "x"}}, **headers)
    expected = {"applied": "", **row["answers"]}
    assert {
        "applied": got.headers.get("preference-applied", ""),
        "code": got.status,
        "status": got.json["status"],
        "output": got.json["output"] is not None,
    } == expected


def test_each_row_names_its_source_and_each_source_is_named() -> None:
    """No row without evidence, or without the word `assumed`."""
    assert {row["source"] for row in TABLE["row"]} == TABLE["sources"].keys()


def test_no_two_rows_ask_the_same() -> None:
    """A table that answers one question twice can contradict itself."""
    asked = [
        (style, row["life"], row.get("prefer"), row.get("cancel_after")) for style, row in cases()
    ]
    assert len(set(asked)) == len(asked)
