"""A prediction spelled by a table: which members, from which of upstream's, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.library.errors import LibraryError
from mockserver.library.spelling import Spelling, load_spelling
from mockserver.library.strict import Table


UPSTREAMS: Final[dict[str, Any]] = {
    "id": "a",
    "output": None,
    "error": None,
    "status": "aborted",
    "metrics": {"predict_time": 1.2345},
}


def spelling(**keys: Any) -> Spelling:
    """The spelling of a table with these keys."""
    whole = {"documented": True, "source": "a test", **keys}
    return load_spelling(Table(whole, Path("profile.toml"), "prediction"))


@pytest.mark.parametrize(
    ("member", "upstreams", "told"),
    [
        ({}, {"x": 1}, {"x": 1}),
        ({}, {"x": None}, {"x": None}),
        ({}, {}, {}),
        ({"from": "y.z"}, {"y": {"z": 2}}, {"x": 2}),
        ({"from": "y.z"}, {"y": 3}, {}),
        ({"as": "list"}, {"x": "a"}, {"x": ["a"]}),
        ({"as": "list"}, {"x": ["a"]}, {"x": ["a"]}),
        ({"as": "list"}, {}, {"x": []}),
        ({"as": "text"}, {"x": None}, {"x": ""}),
        ({"as": "text", "by_status": {"failed": "why"}}, {"x": None}, {"x": "why"}),
        ({"as": "milliseconds"}, {"x": 1.2345}, {"x": 1234}),
        ({"as": "milliseconds"}, {}, {"x": 0}),
        ({"as": "problem", "code": "C"}, {"x": "why"}, {"x": {"code": "C", "message": "why"}}),
        ({"as": "problem", "code": "C"}, {"x": None}, {"x": None}),
        ({"as": "flags"}, {"x": ["a", "b"]}, {"x": [False, False]}),
        ({"names": {"a": "b"}}, {"x": "a"}, {"x": "b"}),
        ({"names": {"a": "b"}}, {"x": "c"}, {"x": "c"}),
        ({"names": {"a": "b"}, "otherwise": "d"}, {"x": "c"}, {"x": "d"}),
        ({"otherwise": "d"}, {}, {"x": "d"}),
        ({"as": "list", "when": ["succeeded"]}, {"x": "a"}, {"x": []}),
        ({"only_in_webhooks": True}, {"x": 1}, {}),
    ],
)
def test_a_member_is_made_of_upstreams(
    member: dict[str, Any], upstreams: dict[str, Any], told: dict[str, Any]
) -> None:
    """Renamed, respelled, made into another type, or left out."""
    table = spelling(members={"x": member})
    assert table.told({"status": "failed", **upstreams}) == told


def test_members_are_written_in_their_order_and_places() -> None:
    """A name with a dot lies inside another member."""
    members = {"b.c": {"from": "id"}, "a": {"from": "status"}, "b.d": {"from": "id"}}
    told = spelling(members=members).told(UPSTREAMS)
    assert list(told.items()) == [("b", {"c": "a", "d": "a"}), ("a", "aborted")]


def test_a_webhook_can_tell_more() -> None:
    """Some members are told nowhere else."""
    members = {"id": {}, "input": {"from": "status", "only_in_webhooks": True}}
    assert spelling(members=members).told(UPSTREAMS, letter=True) == {
        "id": "a",
        "input": "aborted",
    }


def test_a_relay_can_add_a_member_behind_another() -> None:
    """All else stays as upstream writes it; what is there already is not written twice."""
    table = spelling(added={"source": {"value": "api", "behind": "error"}})
    assert list(table.told(UPSTREAMS))[2:4] == ["error", "source"]
    assert table.told({**UPSTREAMS, "source": "web"})["source"] == "web"
    assert (table.status("failed"), table.writes("version")) == ("failed", True)


def test_what_is_not_listed_is_not_written() -> None:
    """Who reads the answers can ask for that."""
    table = spelling(members={"urls.get": {}, "logs": {"only_in_webhooks": True}})
    assert [table.writes(name) for name in ("urls", "logs", "version")] == [True, False, False]
    assert (table.writes("urls", "get"), table.writes("urls", "cancel")) == (True, False)


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"members": {"x": {"as": "poem"}}}, "members.x.as: expected one of plain, list"),
        ({"members": {"x": {"colour": "red"}}}, "members.x.colour: unknown key"),
        ({"added": {"x": {"value": "a"}}}, "added.x.behind: missing"),
        ({"colour": "red"}, "prediction.colour: unknown key"),
    ],
)
def test_a_wrong_table_is_refused(keys: dict[str, Any], named: str) -> None:
    """The error names the key."""
    with pytest.raises(LibraryError, match=named):
        spelling(**keys)
