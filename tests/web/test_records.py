"""The control API's reading half: what was asked, what it would have cost, what is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

JOURNAL = "/__mock__/journal"
TOKEN = "r8_c4n4ryC4N4RYc4n4ryC4N4RYc4n4ryC4N4RY1"


def test_the_journal_tells_every_exchange(api: Api) -> None:
    """Request and response, numbered, in the time of the world."""
    created = api.create("a hat")
    api.advance(1)
    api.look(created["id"])
    first, second = api.get(JOURNAL).json["interactions"]
    assert (first["number"], first["world"], first["at"]) == (1, "tester", "2026-01-01T00:00:00Z")
    assert first["request"]["method"] == "POST"
    assert first["request"]["path"].endswith("/flux-kontext-pro/predictions")
    assert first["request"]["body"] == '{"input": {"prompt": "a hat"}}'
    assert (first["response"]["status"], first["unmatched"]) == (201, False)
    assert created["id"] in first["response"]["body"]
    assert (second["number"], second["at"]) == (2, "2026-01-01T00:00:01Z")
    assert (first["operation"], first["prediction_id"]) == ("create", "")
    assert (second["operation"], second["prediction_id"]) == ("get", created["id"])


def test_control_requests_are_not_journaled(api: Api) -> None:
    """Looking at the journal does not fill it."""
    api.get(JOURNAL)
    api.get("/__mock__/info")
    assert api.get(JOURNAL).json["interactions"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": TOKEN},
        {"authorization": f"{TOKEN} x"},
        {"authorization": f"Basic {TOKEN}"},
        {"cookie": f"a={TOKEN}; b=1"},
        {"cookie": f"a=1; b={TOKEN}"},
        {"x_api_key": TOKEN},
        {"proxy_authorization": f"Basic {TOKEN}"},
        {"x_mock_world": TOKEN},
    ],
)
def test_no_secret_stands_in_any_control_answer(api: Api, headers: dict[str, str]) -> None:
    """A fingerprint stands for it, and a few letters name its world."""
    api.post("/v1/models/black-forest-labs/flux-kontext-pro/predictions", {}, **headers)
    api.create(**headers)
    told = b"".join(
        api.get(target, authorization=None).body
        for target in (JOURNAL, "/__mock__/info", "/__mock__/clock", "/__mock__/scenarios")
    )
    assert b"sha256:" in told
    assert TOKEN.encode() not in told


def test_what_no_route_wanted_is_marked(api: Api) -> None:
    """`?unmatched` shows only that: a misspelled base URL is found quickly."""
    api.create()
    api.get("/v2/predictions")
    api.ask("DELETE", "/v1/predictions")
    api.get("/v1/predictions/unknown")
    found = api.get(f"{JOURNAL}?unmatched").json["interactions"]
    assert [one["request"]["path"] for one in found] == ["/v2/predictions"]
    assert api.get(f"{JOURNAL}?unmatched=1").json["interactions"] == found


def test_the_journal_is_filtered_by_path(api: Api) -> None:
    """`?path=` is a part of the path."""
    api.create()
    api.get("/v1/predictions")
    found = api.get(f"{JOURNAL}?path=kontext").json["interactions"]
    assert len(found) == 1
    assert api.get(f"{JOURNAL}?path=nothing").json["interactions"] == []


def test_who_cannot_be_told_is_in_the_lobby(api: Api) -> None:
    """Listed for all worlds together only."""
    api.get("/v1/predictions", authorization=None)
    api.get("/v1/predictions", authorization="Bearer null")
    api.create()
    everything = api.get(JOURNAL, authorization=None).json["interactions"]
    assert [one["world"] for one in everything] == ["(nobody)", "(nobody)", "tester"]
    assert [one["world"] for one in api.get(JOURNAL).json["interactions"]] == ["tester"]


def test_what_an_address_names_is_journaled_in_its_world(api: Api) -> None:
    """Downloads, streams and pages carry no token, but the key of their world."""
    created = api.create(x_mock_scenario="instant")
    api.get(created["output"], authorization=None)
    api.get(created["urls"]["stream"], authorization=None)
    api.get(created["urls"]["web"], authorization=None)
    assert len(api.get(JOURNAL).json["interactions"]) == 4


def test_an_input_that_lies_elsewhere_is_noted_as_not_fetched(api: Api) -> None:
    """The fake dials nobody, and says so where it matters."""
    sent = {"prompt": "x", "input_image": "https://a.example/b.png"}
    api.post("/v1/models/black-forest-labs/flux-kontext-dev/predictions", {"input": sent})
    api.create()
    with_note, without = api.get(JOURNAL).json["interactions"]
    assert len(with_note["notes"]) == 1
    assert with_note["notes"][0].startswith("input_image not fetched")
    assert without["notes"] == []


def test_the_ledger_adds_up(api: Api) -> None:
    """Predictions, outputs and US dollars, for each model and in all."""
    _ = [api.create() for _ in range(3)]
    api.create(authorization="Bearer other")
    mine, everyone = (
        api.get("/__mock__/ledger", authorization=who).json for who in ("Bearer tester", None)
    )
    pro = "black-forest-labs/flux-kontext-pro"
    assert mine["models"] == {pro: {"predictions": 3, "outputs": 3, "usd": 0.12}}
    assert (mine["usd"], everyone["usd"]) == (0.12, 0.16)
    assert everyone["models"][pro]["predictions"] == 4
    line = mine["predictions"][0]
    assert (line["model"], line["usd"], line["created_at"]) == (pro, 0.04, "2026-01-01T00:00:00Z")


def test_an_empty_ledger_costs_nothing(api: Api) -> None:
    """Zero, not null."""
    told = api.get("/__mock__/ledger").json
    assert (told["usd"], told["models"], told["predictions"]) == (0.0, {}, [])
    assert (set(told["totals"].values()), told["requests"]) == ({0}, [])


def test_the_ledger_shows_what_was_sent_twice(api: Api) -> None:
    """Whatever the order of its keys: one request, two predictions, and one paid for nothing."""
    path, minute = "/v1/models/black-forest-labs/flux-kontext-pro/predictions", 60
    first = api.post(path, body=b'{"input": {"prompt": "a hat", "seed": 7}}').json
    api.advance(minute)
    again = api.post(path, body=b'{"input":{"seed":7,"prompt":"a hat"}}').json
    other = api.create("a coat")
    told = api.get("/__mock__/ledger").json
    assert told["totals"] == {
        "submissions": 3,
        "requests": 2,
        "duplicates": 1,
        "jobs": 3,
        "usd": 0.12,
        "usd_wasted": 0.04,
    }
    twice, once = told["requests"]
    assert once["predictions"] == [other["id"]]
    assert twice == {
        "key": twice["key"],
        "model": "black-forest-labs/flux-kontext-pro",
        "first_at": "2026-01-01T00:00:00Z",
        "submitted": 2,
        "submissions": [
            {"at": "2026-01-01T00:00:00Z", "prediction": first["id"]},
            {"at": "2026-01-01T00:01:00Z", "prediction": again["id"]},
        ],
        "predictions": [first["id"], again["id"]],
        "jobs": 2,
        "usd": 0.08,
        "usd_wasted": 0.04,
    }


def test_only_what_was_sent_more_than_once_can_be_asked_for(api: Api) -> None:
    """`?duplicates` leaves out the other requests, and nothing else."""
    _ = [api.create(prompt) for prompt in ("a hat", "a coat", "a hat")]
    everything, twice = (api.get(f"/__mock__/ledger{query}").json for query in ("", "?duplicates"))
    assert [one["submitted"] for one in everything["requests"]] == [2, 1]
    assert [one["submitted"] for one in twice["requests"]] == [2]
    assert twice | {"requests": everything["requests"]} == everything


def test_the_same_from_two_accounts_is_not_sent_twice(api: Api) -> None:
    """A request is an account's own."""
    api.create("a hat")
    api.create("a hat", authorization="Bearer other")
    told = api.get("/__mock__/ledger", authorization=None).json
    assert (told["totals"]["requests"], told["totals"]["duplicates"]) == (2, 0)


def test_a_timeline_tells_past_and_future(api: Api) -> None:
    """Every moment, and which of them can be seen by now."""
    created = api.create()
    api.advance(1)
    told = api.get(f"/__mock__/predictions/{created['id']}/timeline", authorization=None).json
    moments = told["moments"]
    assert (told["id"], told["now"]) == (created["id"], "2026-01-01T00:00:01Z")
    assert (moments[0]["status"], moments[-1]["status"]) == ("starting", "succeeded")
    assert [one["seen"] for one in moments] == [one["after_ms"] <= 1000 for one in moments]
    assert moments[-1]["outputs"] == 1
    assert "{seed}" not in moments[-1]["logs"]
    assert api.look(created["id"])["status"] == "processing"


def test_a_timeline_of_nothing_is_not_found(api: Api) -> None:
    """404."""
    assert api.get("/__mock__/predictions/nope/timeline").status == 404


def test_looking_at_a_timeline_does_not_move_a_poll_clock(apis: Apis) -> None:
    """Only the API's own looks do."""
    api = apis(clock="poll")
    created = api.create()
    target = f"/__mock__/predictions/{created['id']}/timeline"
    assert api.get(target).json == api.get(target).json
