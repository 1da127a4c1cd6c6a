"""The control API's writing half: clocks, rules, forced ends, and a clean slate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis, Got

CLOCK = "/__mock__/clock"
RULES = "/__mock__/scenarios"
EPOCH_MS = 1_767_225_600_000


def the_clock(got: Got) -> dict[str, Any]:
    """The clock of the only world that was told of."""
    (found,) = got.json["worlds"]
    return dict(found)


def test_health_asks_for_nothing(api: Api) -> None:
    """No token, and no world is made."""
    got = api.get("/__mock__/health", authorization=None)
    assert (got.status, got.json) == (200, {"status": "ok"})
    assert got.headers["cache-control"] == "no-store"


def test_info_tells_what_is_served(api: Api) -> None:
    """Gateways, models, scenarios, the clock, the seed, and the worlds there are."""
    api.create()
    told = api.get("/__mock__/info", authorization=None).json
    assert set(told["gateways"]) >= {"replicate", "anyapi"}
    assert "black-forest-labs/flux-kontext-pro" in told["models"]
    assert (told["gateway"], told["clock"], told["seed"]) == ("replicate", "manual", 0)
    assert "happy" in told["scenarios"]
    assert [(one["world"], one["predictions"]) for one in told["worlds"]] == [("tester", 1)]


@pytest.mark.parametrize("face", ["", "/v1", "/replicate/v1", "/gateways/anyapi/replicate/v1"])
def test_the_control_api_is_there_at_every_face(api: Api, face: str) -> None:
    """A client that only knows a base URL finds it."""
    assert api.get(f"{face}/__mock__/health").status == 200


@pytest.mark.parametrize(
    ("asked", "passed_ms", "mode"),
    [
        ({"action": "advance", "seconds": 1.5}, 1500, "manual"),
        ({"action": "advance", "seconds": 0}, 0, "manual"),
        ({"action": "jump", "to": "2026-01-01T00:01:00Z"}, 60_000, "manual"),
        ({"action": "jump", "to": "2026-01-01T01:01:00+01:00"}, 60_000, "manual"),
        ({"action": "jump", "to": "2020-01-01T00:00:00Z"}, 0, "manual"),
        ({"action": "freeze"}, 0, "manual"),
    ],
)
def test_a_frozen_clock_is_moved_by_hand(
    api: Api, asked: object, passed_ms: int, mode: str
) -> None:
    """Forwards only."""
    told = the_clock(api.put(CLOCK, asked))
    assert (told["now_ms"] - EPOCH_MS, told["mode"]) == (passed_ms, mode)


@pytest.mark.parametrize(
    ("asked", "mode", "rate"),
    [({"action": "scale", "rate": 10}, "scaled:10", 10), ({"action": "resume"}, "real", 1)],
)
def test_a_clock_can_be_let_run(api: Api, asked: object, mode: str, rate: float) -> None:
    """At any rate, or in real time; worlds to come run so too if no world was named."""
    told = api.put(CLOCK, asked, authorization=None).json
    born = the_clock(api.get(CLOCK))
    assert told["default"] == mode
    assert (born["mode"], born["rate"]) == (mode, rate)


def test_a_named_world_alone_is_moved(api: Api) -> None:
    """By header, by query, or by token."""
    api.put(f"{CLOCK}?world=a", {"action": "advance", "seconds": 1})
    api.put(CLOCK, {"action": "advance", "seconds": 2}, x_mock_world="b")
    api.put(CLOCK, {"action": "advance", "seconds": 3}, authorization="Bearer c")
    told = api.get(CLOCK, authorization=None).json
    passed = {one["world"]: one["now_ms"] - EPOCH_MS for one in told["worlds"]}
    assert (passed, told["default"]) == ({"a": 1000, "b": 2000, "c": 3000}, "manual")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"action": "stop"},
        {"action": ["advance"]},
        {"action": "advance"},
        {"action": "advance", "seconds": -1},
        {"action": "advance", "seconds": "1"},
        {"action": "advance", "seconds": True},
        {"action": "advance", "seconds": 1e12},
        {"action": "jump"},
        {"action": "jump", "to": "soon"},
        {"action": "jump", "to": "2026-01-01T00:00:00"},
        {"action": "jump", "to": "9999-12-31T23:59:59-23:00"},
        {"action": "scale"},
        {"action": "scale", "rate": 1e7},
        {"action": "scale", "rate": None},
        [],
        "freeze",
    ],
)
def test_a_clock_refuses_what_it_does_not_understand(api: Api, asked: object) -> None:
    """400 with the reason, and the clock stands where it stood."""
    got = api.put(CLOCK, asked)
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert the_clock(api.get(CLOCK))["now_ms"] == EPOCH_MS


def test_no_clock_runs_out_of_years(api: Api) -> None:
    """However often it is advanced; the API answers on."""
    moved = [api.advance(100 * 365 * 86_400).status for _ in range(90)]
    assert set(moved) == {200, 400}
    assert api.create()["created_at"].startswith("89")


def test_a_rule_chooses_scenarios(api: Api) -> None:
    """For models and prompts like these, so many times; the newest rule speaks first."""
    api.post(RULES, {"scenario": "failed", "prompt": "cat"})
    made = api.post(RULES, {"scenario": "instant", "model": "*/flux-kontext-*", "times": 1})
    statuses = [api.create(prompt)["status"] for prompt in ("cat", "cat", "dog")]
    assert made.status == 201
    assert made.json == {
        "scenario": "instant",
        "model": "*/flux-kontext-*",
        "prompt": "",
        "times": 1,
    }
    assert statuses == ["succeeded", "starting", "starting"]
    api.advance(9)
    listed = [one["status"] for one in api.get("/v1/predictions").json["results"]]
    assert listed == ["succeeded", "failed", "succeeded"]


def test_rules_reach_worlds_to_come_unless_one_is_named(api: Api) -> None:
    """And deleting forgets them in the same way."""
    api.post(RULES, {"scenario": "instant"}, authorization=None)
    api.post(RULES, {"scenario": "failed"}, authorization="Bearer a")
    assert api.create()["status"] == "succeeded"
    told = api.get(RULES, authorization=None).json
    assert {one["world"]: len(one["rules"]) for one in told["worlds"]} == {"a": 2, "tester": 1}
    assert "happy" in told["scenarios"]
    assert api.ask("DELETE", RULES, authorization="Bearer a").json == {"rules": []}
    assert api.create()["status"] == "succeeded"
    api.ask("DELETE", RULES, authorization=None)
    assert api.create()["status"] == "starting"
    assert api.create(authorization="Bearer z")["status"] == "starting"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"scenario": "nope"},
        {"scenario": 1},
        {"scenario": ["happy"]},
        {"scenario": "happy", "times": 0},
        {"scenario": "happy", "times": True},
        {"scenario": "happy", "model": 1},
        {"scenario": "happy", "prompt": None},
        {"scenario": "happy", "when": "now"},
        [],
    ],
)
def test_a_rule_that_cannot_be_is_refused(api: Api, asked: object) -> None:
    """400, and no rule is made."""
    assert api.post(RULES, asked).status == 400
    assert [one["rules"] for one in api.get(RULES).json["worlds"]] == [[]]


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a":NaN}', b"[[["])
def test_a_body_must_be_json(api: Api, body: bytes) -> None:
    """400; spaces alone are no body."""
    typed = {"content_type": "application/json"}
    assert api.ask("POST", "/__mock__/reset", body=body, **typed).status == 400
    assert api.ask("POST", "/__mock__/reset", body=b" \n", **typed).status == 200


@pytest.mark.parametrize("status", ["processing", "succeeded", "failed", "canceled", "aborted"])
def test_a_status_can_be_forced(api: Api, status: str) -> None:
    """Where it can follow; in between what must be in between."""
    created = api.create()
    target = f"/__mock__/predictions/{created['id']}/status"
    got = api.put(target, {"status": status, "error": "because"})
    found = api.look(created["id"])
    assert (got.status, got.json) == (200, {"id": created["id"], "status": status})
    assert found["status"] == status
    assert found["error"] == ("because" if status == "failed" else None)


@pytest.mark.parametrize("asked", ["aborted", "starting"])
def test_a_status_that_cannot_follow_changes_nothing(api: Api, asked: str) -> None:
    """400, and the prediction lives on as planned."""
    created = api.create()
    api.advance(1)
    got = api.put(f"/__mock__/predictions/{created['id']}/status", {"status": asked})
    assert (got.status, got.json["detail"]) == (400, f"{asked} cannot follow processing")
    api.advance(9)
    assert api.look(created["id"])["status"] == "succeeded"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"status": "done"}, 400),
        ({"status": ["failed"]}, 400),
        ({"status": {}}, 400),
        ({"status": "failed", "error": 1}, 400),
        ([], 400),
    ],
)
def test_a_status_that_is_none_is_refused(api: Api, asked: object, status: int) -> None:
    """Never a fault."""
    created = api.create()
    assert api.put(f"/__mock__/predictions/{created['id']}/status", asked).status == status


def test_what_does_not_exist_cannot_be_forced(api: Api) -> None:
    """404 in our own words, also for a prediction of another world than the one named."""
    created = api.create(authorization="Bearer other")
    target = f"/__mock__/predictions/{created['id']}/status"
    assert api.put("/__mock__/predictions/nope/status", {"status": "failed"}).status == 404
    assert api.put(target, {"status": "failed"}).status == 404
    assert api.put(target, {"status": "failed"}, authorization=None).status == 200


def test_reset_forgets_everything(api: Api) -> None:
    """Predictions, rules, journal, ledger, and the time."""
    api.create()
    api.get("/v1/predictions", authorization=None)
    api.post(RULES, {"scenario": "failed"}, authorization=None)
    assert api.post("/__mock__/reset", authorization=None).json == {"reset": True, "seed": 0}
    assert api.get("/__mock__/journal", authorization=None).json == {"interactions": []}
    assert api.get("/__mock__/info", authorization=None).json["worlds"] == []
    assert api.get("/v1/predictions").json["results"] == []


def test_reset_of_one_world_leaves_the_others(api: Api) -> None:
    """By any of its names, the key in its addresses included."""
    kept, gone = api.create(authorization="Bearer a"), api.create(x_mock_scenario="instant")
    key = gone["output"].split("/")[-2].removesuffix(gone["id"])
    api.post(f"/__mock__/reset?world={key}", authorization=None)
    assert api.get(f"/v1/predictions/{gone['id']}").status == 404
    assert api.get(f"/v1/predictions/{kept['id']}", authorization="Bearer a").status == 200


def test_a_seed_changes_what_is_drawn(api: Api) -> None:
    """And the same seed draws the same again."""
    first = [
        (api.post("/__mock__/reset", {"seed": seed}, authorization=None), api.create()["id"])[1]
        for seed in (1, 2, 1)
    ]
    assert first[0] == first[2] != first[1]


@pytest.mark.parametrize("seed", ["1", 1.5, True, [1]])
def test_a_seed_is_a_whole_number(api: Api, seed: object) -> None:
    """400 otherwise."""
    assert api.post("/__mock__/reset", {"seed": seed}).status == 400


@pytest.mark.parametrize("target", ["/__mock__/nothing", "/__mock__", "/__mock__/clock/x"])
def test_an_unknown_control_path_is_told_in_our_words(apis: Apis, target: str) -> None:
    """RFC 9457 at every gateway, and not journaled."""
    api = apis(gateway="anyapi")
    got = api.get(target)
    assert (got.status, got.json["title"]) == (404, "Not found")
    assert api.get("/__mock__/journal").json["interactions"] == []
