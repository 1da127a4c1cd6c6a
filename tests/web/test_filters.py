"""`GET /predictions` asked for some: by when they were created, or by where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, urlsplit

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

LIST: Final = "/v1/predictions"
WEB_MADE: Final = {
    "id": "made-on-the-web",
    "model": "acme/hats",
    "version": "a" * 64,
    "status": "succeeded",
    "created_at": "2025-12-30T00:00:00Z",
    "completed_at": "2025-12-30T00:00:01Z",
    "input": {},
    "output": "https://example.com/hat.png",
    "source": "web",
}


def listed(api: Api, query: str) -> list[str]:
    """The instants of creation on the page, without what they have in common."""
    found = api.get(f"{LIST}?{query}").json["results"]
    return [
        one["created_at"].removeprefix("2026-01-01T00:0").removesuffix(".000000Z") for one in found
    ]


def three(api: Api) -> None:
    """Predictions at 0:00, 1:00 and 2:00."""
    for _ in range(3):
        api.create()
        api.advance(60)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["2:00", "1:00", "0:00"]),
        ("colour=red", ["2:00", "1:00", "0:00"]),
        ("created_after=2026-01-01T00:01:00Z", ["2:00", "1:00"]),
        ("created_before=2026-01-01T00:01:00Z", ["0:00"]),
        ("created_after=2026-01-01T00:00:01Z&created_before=2026-01-01T00:02:00Z", ["1:00"]),
        ("created_after=2026-01-01T01:01:00%2B01:00", ["2:00", "1:00"]),
        ("created_after=2027-01-01T00:00:00Z", []),
        ("created_after=2026-01-01T00:02:00Z&created_before=2026-01-01T00:01:00Z", []),
        ("source=web", []),
    ],
)
def test_a_list_can_be_asked_for_some(api: Api, query: str, found: list[str]) -> None:
    """From one instant on, and before another; the newest first."""
    three(api)
    assert listed(api, query) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("created_after=yesterday", "created_after"),
        ("created_after=", "created_after"),
        ("created_before=2026-01-01", "created_before"),
        ("created_before=2026-01-01T00:00:00", "created_before"),
        ("created_before=2016-12-31T23:59:60Z", "created_before"),
        ("source=api", "source"),
    ],
)
def test_what_cannot_be_read_is_refused(api: Api, query: str, field: str) -> None:
    """As an input is; how upstream does it is not known."""
    got = api.get(f"{LIST}?{query}")
    assert (got.status, [one["field"] for one in got.json["invalid_fields"]]) == (422, [field])


def test_the_way_on_keeps_what_was_asked_for(api: Api) -> None:
    """`next` leads to the older ones of those, and `previous` back; other parameters are lost."""
    for _ in range(101):
        api.create()
    api.advance(1)
    api.create()
    asked = f"created_before={quote('2026-01-01T00:00:00.5Z')}&colour=red"
    first = api.get(f"{LIST}?{asked}").json
    second = api.get(first["next"]).json
    assert (len(first["results"]), len(second["results"])) == (100, 1)
    assert (first["previous"], second["next"]) == (None, None)
    assert api.get(second["previous"]).json == first
    kept = parse_qs(urlsplit(first["next"]).query)
    assert kept.keys() == {"created_before", "cursor"}
    assert kept["created_before"] == ["2026-01-01T00:00:00.5Z"]


def test_what_was_made_on_the_web_can_be_given(api: Api) -> None:
    """Everything else came through the API."""
    given = [WEB_MADE, {**WEB_MADE, "id": "other", "source": "api"}]
    assert api.post("/__mock__/data", {"predictions": given}).status == 201
    three(api)
    found = api.get(f"{LIST}?source=web").json["results"]
    assert [one["id"] for one in found] == [WEB_MADE["id"]]
    assert len(listed(api, "created_before=2026-01-01T00:00:00Z")) == 2
    assert len(listed(api, "")) == 5
